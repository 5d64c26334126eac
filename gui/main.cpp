// evenkeel-gui [FILE]: a scenario or a result file. With --screenshot VIEW -o FILE.png it draws one
// view of a result and ends: for documents and tests.
#include <QApplication>
#include <QCommandLineParser>

#include "gui/views/main_window.h"
#include "gui/views/screenshot.h"

int main(int argc, char** argv) {
  using namespace evenkeel::gui;
  // A picture needs no screen; QApplication would end the program for want of one.
  for (int i = 1; i < argc; ++i)
    if (QByteArray(argv[i]).startsWith("--screenshot") &&
        qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
      qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QApplication::setApplicationName("evenkeel-gui");
  QApplication::setOrganizationName("evenkeel");
  QApplication::setApplicationVersion(EVENKEEL_VERSION);
  QCommandLineParser parser;
  parser.setApplicationDescription("Opens a scenario or a result file of evenkeel.");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument("file", "a scenario (.yaml) or a result file");
  const QCommandLineOption screenshot(
      "screenshot",
      "Draw a view (scenario, run, compare, explore, trace, steps) of "
      "the file into a picture, and end.",
      "view");
  const QCommandLineOption out("o", "the picture of --screenshot", "file.png");
  const QCommandLineOption theme("theme", "light or dark", "theme");
  const QCommandLineOption size("size", "of the picture: 1400x900", "size", "1400x900");
  parser.addOptions({screenshot, out, theme, size});
  parser.process(application);

  prepareApplication();
  const QStringList files = parser.positionalArguments();
  if (parser.isSet(screenshot))
    return takeScreenshot({.view = parser.value(screenshot),
                           .file = files.value(0),
                           .out = parser.value(out),
                           .theme = parser.value(theme),
                           .size = parser.value(size)});
  MainWindow window;
  window.restore();
  if (parser.isSet(theme)) window.setDark(parser.value(theme) == "dark");
  window.show();
  files.isEmpty() ? window.restoreWork() : window.openFile(files.front());
  return QApplication::exec();
}

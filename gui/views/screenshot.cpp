#include "gui/views/screenshot.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPixmap>
#include <cstdio>

#include "gui/views/main_window.h"
#include "gui/views/trace_view.h"

namespace evenkeel::gui {
namespace {

int refuse(const QString& what) {
  std::fprintf(stderr, "%s\n", qPrintable(what));
  return 2;
}

/// Until everything asked for is on the screen, twice over: a view may ask for more.
bool settle(const MainWindow& window) {
  QElapsedTimer clock;
  clock.start();
  constexpr int patienceMs = 120'000;
  for (int calm = 0; calm < 5; ++calm) {
    QApplication::processEvents(QEventLoop::AllEvents, 20);
    if (!window.isIdle()) calm = 0;
    if (clock.elapsed() > patienceMs) return false;
  }
  return true;
}

}  // namespace

int takeScreenshot(const Screenshot& wanted) {
  const QStringList views{"scenario", "run", "compare", "explore", "trace", "steps"};
  const auto view = views.indexOf(wanted.view);
  if (view < 0)
    return refuse("--screenshot: no view '" + wanted.view + "'; there are " + views.join(", "));
  if (wanted.out.isEmpty()) return refuse("--screenshot: say -o FILE.png");
  const QStringList size = wanted.size.split('x');
  const int width = size.value(0).toInt(), height = size.value(1).toInt();
  if (width < 100 || height < 100 || width > 8000 || height > 8000)
    return refuse("--size: as 1400x900, from 100 to 8000");
  MainWindow window;
  window.setDark(wanted.theme == "dark");
  window.resize(width, height);
  window.show();
  window.openFile(wanted.file);
  settle(window);
  if (!window.hasContent()) return refuse(window.message());
  const bool ofSteps = wanted.view == "steps";
  window.showView(ofSteps ? MainWindow::traceTab : static_cast<int>(view));
  window.trace()->showSteps(ofSteps);
  if (!settle(window)) return refuse(wanted.file + ": could not be drawn in two minutes");
  if (!window.grab().save(wanted.out)) return refuse(wanted.out + ": cannot be written");
  return 0;
}

}  // namespace evenkeel::gui

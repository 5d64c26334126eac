// Without a screen unless the caller names a platform; settings go into a folder of the tests' own.
#include <gmock/gmock.h>

#include <QApplication>
#include <QStandardPaths>

#include "gui/views/main_window.h"

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  qputenv("EVENKEEL_PROGRAM", EVENKEEL_BINARY_DIR "/evenkeel");
  ::testing::InitGoogleMock(&argc, argv);
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  QApplication::setApplicationName("evenkeel-gui-tests");
  QApplication::setOrganizationName("evenkeel");
  evenkeel::gui::prepareApplication();
  return RUN_ALL_TESTS();
}

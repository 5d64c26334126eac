// One view as a picture, without anybody at the window: for documents and tests.
#pragma once

#include <QString>

namespace evenkeel::gui {

struct Screenshot {
  QString view = {};
  QString file = {};
  QString out = {};
  QString theme = {};
  QString size = "1400x900";
};

/// The exit code: 2 for wrong options or a file that cannot be shown; what is wrong goes to
/// standard error.
int takeScreenshot(const Screenshot& wanted);

}  // namespace evenkeel::gui

// The colours of the window and its plots: of Okabe and Ito (2008), told apart with any colour
// vision, the same as in `evenkeel report`. Past the eighth series they repeat with other dashes.
#pragma once

#include <QColor>
#include <QPalette>
#include <QPen>

namespace evenkeel::gui {

class Theme {
 public:
  static Theme light() { return Theme(false); }
  static Theme dark() { return Theme(true); }

  bool isDark() const { return isDark_; }
  QColor ground() const;  // behind a plot
  QColor window() const;
  QColor text() const;
  QColor muted() const;
  QColor grid() const;
  QColor accent() const;
  QColor good() const;
  QColor bad() const;
  QColor ink(std::size_t series) const;
  QPen pen(std::size_t series, double width = 2) const;
  QPalette palette() const;

  /// Viridis, the same in both themes; 0 to 1. NaN has the muted colour.
  QColor heat(double value) const;
  /// The same in 256 steps, for as many pixels as a picture has.
  QRgb heatRgb(double value) const;

  bool operator==(const Theme&) const = default;

 private:
  explicit Theme(bool isDark) : isDark_(isDark) {}
  bool isDark_;
};

}  // namespace evenkeel::gui

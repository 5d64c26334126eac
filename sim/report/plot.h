// Two frames that most charts are drawn in: a plane with two axes, and rows (one a variant, site or
// node) along one axis. Both make room for their legend and labels themselves.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/report/scale.h"
#include "sim/report/svg.h"

namespace evenkeel::report {

struct LegendEntry {
  std::string text;
  Ink ink;
};

struct Axis {
  Scale scale;
  std::string label;
  std::function<std::string(double)> format;
};

/// Curves or marks over two axes.
class Plane {
 public:
  Plane(const std::string& title, const std::vector<LegendEntry>& legend, const Axis& x,
        const Axis& y, Key key = Key::line, double height = 300);

  /// Points in values of the axes. A NaN interrupts the curve.
  void curve(const Points& values, const Ink& ink, const std::string& tip);
  struct Mark {
    double x = 0;
    double y = 0;
    Ink ink = {};
    std::string label = {};
    std::string tip = {};
    bool stands_out = false;
  };
  /// Each with its label beside it, where it covers as little as may be of marks, other labels, and
  /// curves that go straight up or across.
  void marks(const std::vector<Mark>& all);
  /// A vertical line with a word beside it, for the end of the warm-up.
  void mark(double x, const std::string& text);
  std::string finish() && { return std::move(svg_).finish(); }

 private:
  double top_;
  double height_;
  Scale x_;
  Scale y_;
  Points drawn_ = {};  // corners of the last curve
  Svg svg_;
};

/// Rows along one horizontal axis.
class Rows {
 public:
  Rows(const std::string& title, const std::vector<LegendEntry>& legend, Key key,
       const std::vector<std::string>& names, const Axis& x, double row_height = 26);

  void bar(std::size_t row, double from, double to, const std::string& colour,
           const std::string& tip);
  void dot(std::size_t row, double value, const Ink& ink, const std::string& tip,
           double radius = 4.5);
  void span(std::size_t row, double from, double to);
  /// Beside the end of a bar; left of it where there is no room.
  void note(std::size_t row, double value, const std::string& text);
  /// A cell without gap to its neighbours.
  void cell(std::size_t row, double from, double to, const std::string& colour,
            const std::string& tip);
  std::string finish() && { return std::move(svg_).finish(); }

 private:
  double middle(std::size_t row) const {
    return top_ + (static_cast<double>(row) + 0.5) * row_height_;
  }

  double row_height_;
  double top_;
  Scale x_;
  Svg svg_;
};

}  // namespace evenkeel::report

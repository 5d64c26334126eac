// A curve made ready to be drawn at any zoom in as little time as its picture is wide: extremes of
// blocks of points, gathered once, off the GUI's thread where there are many.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>

#include "gui/data/plot_spec.h"

namespace evenkeel::gui {

/// From the least to the greatest of what was added; NaN and infinities are not.
struct Extent {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;

  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::fmin(low, value);
    high = std::fmax(high, value);
  }
  bool isEmpty() const { return !(high >= low); }
};

/// What a log axis cannot show counts as unknown, and how much that was is said.
class CurveSummary {
 public:
  /// The points must outlive it. Where they do not rise in x they are shown one by one.
  CurveSummary(const Points& points, bool logX, bool logY);

  const Extent& x() const { return x_; }
  const Extent& y() const { return y_; }
  std::size_t dropped() const { return dropped_; }
  /// The points within, and one beyond on either side, so that lines reach the edges: all, or of
  /// each of so many columns the first, the least, the greatest and the last. An unknown value is
  /// NaN, at most one a column.
  Points sample(double from, double to, std::size_t columns) const;

 private:
  struct Block {
    std::uint32_t least = 0, greatest = 0;  // positions
    bool isWhole = true;                    // without unknown values
  };
  struct Column {
    std::size_t least = 0, greatest = 0;
    bool any = false, isWhole = true;
  };

  bool isKnown(std::size_t i) const;
  void addPoint(std::size_t i, Column& column) const;
  Column gather(std::size_t from, std::size_t to) const;
  std::size_t firstAt(double x) const;
  void appendColumn(std::size_t from, std::size_t to, Points& result) const;

  const Points* points_;
  bool logX_, logY_;
  bool rises_ = true;
  Extent x_, y_;
  std::size_t dropped_ = 0;
  std::vector<Block> blocks_;
};

/// All curves of a plot. Keeps the plot alive.
struct PlotSummary {
  explicit PlotSummary(std::shared_ptr<const PlotSpec> of);

  std::shared_ptr<const PlotSpec> spec;
  std::vector<CurveSummary> curves = {};
  std::size_t dropped = 0;
};

std::size_t pointsOf(const PlotSpec& spec);

}  // namespace evenkeel::gui

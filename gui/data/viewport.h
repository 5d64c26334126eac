// Which part of a plot is on the screen, in places of its axes (logarithms on a log axis): zoomed
// about a point, moved, framed, and never beyond what there is.
#pragma once

#include "gui/data/curve_summary.h"

namespace evenkeel::gui {

struct Range {
  double low = 0;
  double high = 1;

  double width() const { return high - low; }
  double at(double part) const { return low + part * width(); }
  double partOf(double place) const { return (place - low) / width(); }
  bool operator==(const Range&) const = default;
};

struct PlotWindow {
  Range x = {};
  Range y = {};
  bool operator==(const PlotWindow&) const = default;
};

/// Where a value stands on an axis, and back.
double onAxis(const PlotAxis& axis, double value);
double fromAxis(const PlotAxis& axis, double place);

/// All of a plot, up to round values.
PlotWindow wholeOf(const PlotSummary& summary);
/// Gives a plot the axes of another one with the same units that holds more.
void reachAsFarAs(const PlotSpec& other, PlotSpec& spec);

/// Values to mark on an axis of which this is seen, at most about so many.
std::vector<double> ticksWithin(const PlotAxis& axis, const Range& seen, int most);

class Viewport {
 public:
  enum class Axes { both, x, y };

  /// Keeps what is seen where `keeps` says so and it still lies within.
  void setWhole(const PlotWindow& whole, bool keeps = false);
  const PlotWindow& whole() const { return whole_; }
  const PlotWindow& seen() const { return seen_; }
  bool isWhole() const { return seen_ == whole_; }

  /// Parts of the picture's width and height, from the low ends. A factor of 2 shows half.
  void zoom(double factor, double partX, double partY, Axes axes = Axes::both);
  /// The content moves by these parts.
  void pan(double partX, double partY);
  void frame(const Range& partsX, const Range& partsY);
  void reset() { seen_ = whole_; }

 private:
  PlotWindow whole_;
  PlotWindow seen_;
};

}  // namespace evenkeel::gui

// What stands under the pointer, in exact values: a tooltip's text and what a click means.
#pragma once

#include <optional>

#include "gui/data/viewport.h"

namespace evenkeel::gui {

struct Pointed {
  double x = 0, y = 0;                  // places on the axes
  double perPixelX = 1, perPixelY = 1;  // of places
};

struct PlotReading {
  std::string name = {};  // of the curve, box or row
  std::string text = {};
  double x = no_value, y = no_value;  // values
};

/// The nearest point within a few pixels; the bar, box, cell or span; an event; or nothing.
std::optional<PlotReading> readingAt(const PlotSpec& spec, const Pointed& pointer);

/// Six significant digits.
std::string exact(double value);

}  // namespace evenkeel::gui

// How long a plot takes from an event of the wheel or the mouse to the pixels.
#pragma once

#include <vector>

namespace evenkeel::gui {
class PlotWidget;
}

namespace evenkeel::gui::bench {

struct Frames {
  std::vector<double> ms = {};

  double median() const;
  double worst() const;
};

/// Zooms in by the wheel about a point, drags to and fro, and zooms out again; each event until the
/// plot is painted.
Frames zoomAndPan(PlotWidget& plot);

}  // namespace evenkeel::gui::bench

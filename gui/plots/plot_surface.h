// A widget that draws a plot, as gestures and the widget around it see it.
#pragma once

#include <QRectF>
#include <QWidget>

#include "gui/data/viewport.h"

namespace evenkeel::gui {

class PlotSurface {
 public:
  virtual ~PlotSurface() = default;
  /// Gets the events of the pointer; what stands over the plot is drawn on it.
  virtual QWidget* area() = 0;
  /// Of curves, bars or cells, in the area's coordinates.
  virtual QRectF plotArea() const = 0;
  virtual void showWindow(const PlotWindow& window) = 0;
};

/// The first row is on top.
inline bool isDownward(const PlotSpec& spec) {
  return spec.isPainted() || !spec.y.categories.empty();
}

}  // namespace evenkeel::gui

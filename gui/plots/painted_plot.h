// Heat maps and waterfalls, which Qt Charts has not: painted by hand, the cells as one image.
#pragma once

#include <QPainter>

#include "gui/data/viewport.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

/// Where things came to stand, for pointer and tests.
struct PaintedLayout {
  QRectF plot = {};  // of the cells or bars
  PlotWindow window = {};
  std::size_t rows = 0;

  int rowAt(const QPointF& at) const;  // -1: none
  double valueAt(const QPointF& at) const;
  double xOf(double value) const;
  double yOf(double row) const;
};

PaintedLayout paintPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter,
                        const QRectF& where, const PlotWindow& window);

/// The cells as they are seen, a pixel each; of those that share a pixel the greatest counts, so
/// that no hot one hides among its neighbours.
QImage cellsImage(const PlotCells& cells, const PlotWindow& window, const QSize& pixels,
                  const Theme& theme);

}  // namespace evenkeel::gui

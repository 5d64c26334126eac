// Heat maps and waterfalls, which Qt Charts has not: painted by hand, the cells as one image.
#pragma once

#include <QPainter>

#include "gui/data/plot_spec.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

/// Where things came to stand, for pointer and tests.
struct PaintedLayout {
  QRectF plot = {};  // of the cells or bars
  std::size_t rows = 0;
  double low = 0, high = 1;  // of the axis along x

  int rowAt(const QPointF& at) const;  // -1: none
  double valueAt(const QPointF& at) const;
  double xOf(double value) const;
};

PaintedLayout paintPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter,
                        const QRectF& where);

}  // namespace evenkeel::gui

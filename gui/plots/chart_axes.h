// The axes of a chart: their ranges, ticks and labels.
#pragma once

#include <QChart>

#include "gui/data/plot_spec.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

struct Range {
  double low = 0;
  double high = 1;
};

/// From the least to the greatest value, and to what the axis asks for; on a log axis only of
/// positive values.
Range rangeOf(const PlotAxis& axis, const std::vector<double>& values);

/// Where a value stands on the chart's axis, and back. Log axes are drawn by Qt as linear ones of
/// logarithms: its own have labels at powers of ten only, and drop a whole series for one zero.
double onAxis(const PlotAxis& axis, double value);
double fromAxis(const PlotAxis& axis, double place);

/// A new axis in the theme's colours, which its chart will own.
QAbstractAxis* makeAxis(const PlotAxis& axis, const Range& range, const Theme& theme,
                        bool isUpright);

}  // namespace evenkeel::gui

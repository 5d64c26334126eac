// The axes of a chart: their ticks and labels for the part that is seen. Log axes are drawn by Qt
// as linear ones of logarithms: its own have labels at powers of ten only, and drop a whole series
// for one zero.
#pragma once

#include <QChart>

#include "gui/data/viewport.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

/// A new axis in the theme's colours, which its chart will own.
QAbstractAxis* makeAxis(const PlotAxis& axis, const Theme& theme, bool isUpright);

/// `made` by makeAxis() of the same axis; at most about so many ticks.
void showRange(QAbstractAxis* made, const PlotAxis& axis, const Range& seen, int most);

}  // namespace evenkeel::gui

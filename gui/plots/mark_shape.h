// The shapes of marks, told apart without colour.
#pragma once

#include <QPainter>

#include "gui/data/plot_spec.h"

namespace evenkeel::gui {

inline constexpr double markRadius = 5;

/// Series have different shapes as they have different inks, unless the plot says which.
MarkShape shapeOf(MarkShape wanted, std::size_t ink);

/// With the painter's pen and brush.
void paintShape(QPainter& painter, MarkShape shape, const QPointF& at, double radius);

}  // namespace evenkeel::gui

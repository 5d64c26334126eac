#include "gui/plots/mark_shape.h"

#include <array>
#include <cmath>
#include <numbers>

namespace evenkeel::gui {
namespace {

QPolygonF star(const QPointF& at, double radius, int corners, double inner) {
  QPolygonF polygon;
  for (int i = 0; i < 2 * corners; ++i) {
    const double angle = std::numbers::pi * (static_cast<double>(i) / corners - 0.5);
    const double away = radius * (i % 2 == 0 ? 1 : inner);
    polygon << at + away * QPointF(std::cos(angle), std::sin(angle));
  }
  return polygon;
}

QPolygonF regular(const QPointF& at, double radius, int corners, double turn) {
  QPolygonF polygon;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * std::numbers::pi * (i + turn) / corners - std::numbers::pi / 2;
    polygon << at + radius * QPointF(std::cos(angle), std::sin(angle));
  }
  return polygon;
}

}  // namespace

MarkShape shapeOf(MarkShape wanted, std::size_t ink) {
  constexpr std::array shapes = {MarkShape::circle,  MarkShape::square,   MarkShape::triangle,
                                 MarkShape::diamond, MarkShape::pentagon, MarkShape::star};
  return wanted == MarkShape::ofInk ? shapes[ink % shapes.size()] : wanted;
}

void paintShape(QPainter& painter, MarkShape shape, const QPointF& at, double radius) {
  switch (shape) {
    case MarkShape::square:
      painter.drawPolygon(regular(at, radius * 1.2, 4, 0.5));
      break;
    case MarkShape::triangle:
      painter.drawPolygon(regular(at, radius * 1.3, 3, 0));
      break;
    case MarkShape::diamond:
      painter.drawPolygon(regular(at, radius * 1.3, 4, 0));
      break;
    case MarkShape::pentagon:
      painter.drawPolygon(regular(at, radius * 1.15, 5, 0));
      break;
    case MarkShape::star:
      painter.drawPolygon(star(at, radius * 1.35, 5, 0.45));
      break;
    case MarkShape::cross: {
      QPen pen = painter.pen();
      pen.setWidthF(3);
      painter.save();
      painter.setPen(pen);
      const double arm = radius * 0.85;
      painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm));
      painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm));
      painter.restore();
      break;
    }
    default:
      painter.drawEllipse(at, radius, radius);
  }
}

}  // namespace evenkeel::gui

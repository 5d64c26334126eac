#include "gui/plots/curve_layer.h"

#include <QPainter>

#include "gui/plots/mark_shape.h"
#include "gui/plots/plot_surface.h"

namespace evenkeel::gui {
namespace {

constexpr std::size_t mostShapes = 300;  // beyond, points are dots

}  // namespace

CurveLayer::CurveLayer(QChart* chart, std::shared_ptr<const PlotSummary> summary,
                       const Theme& theme)
    : QGraphicsItem(chart), chart_(chart), summary_(std::move(summary)), theme_(theme) {
  constexpr double aboveSeries = 100;
  setZValue(aboveSeries);
  setAcceptedMouseButtons(Qt::NoButton);
}

void CurveLayer::show(const PlotWindow& window) {
  window_ = window;
  update();
}

QRectF CurveLayer::boundingRect() const { return chart_->boundingRect(); }

QPointF CurveLayer::placed(double x, double y) const {
  const PlotSpec& spec = *summary_->spec;
  const double partX = window_.x.partOf(onAxis(spec.x, x));
  const double partY = window_.y.partOf(onAxis(spec.y, y));
  const double down = isDownward(spec) ? partY : 1 - partY;
  constexpr double far = 1e5;  // further than any picture; Qt counts pixels with int
  return {std::clamp(area_.left() + partX * area_.width(), -far, far),
          std::clamp(area_.top() + down * area_.height(), -far, far)};
}

bool CurveLayer::isOutside(const QPointF& at) const {
  return !area_.adjusted(-1, -1, 1, 1).contains(at);
}

QPen CurveLayer::penOf(const PlotCurve& curve) const {
  return curve.muted ? QPen(theme_.muted(), 1.5, Qt::DashLine) : theme_.pen(curve.ink);
}

Points CurveLayer::seenOf(std::size_t curve) const {
  const PlotAxis& x = summary_->spec->x;
  const auto columns = static_cast<std::size_t>(std::max(1.0, area_.width()));
  return summary_->curves[curve].sample(fromAxis(x, window_.x.low), fromAxis(x, window_.x.high),
                                        columns);
}

void CurveLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  area_ = chart_->plotArea();
  if (area_.isEmpty()) return;
  const PlotSpec& spec = *summary_->spec;
  painter->setFont(QFont());
  painter->save();
  painter->setClipRect(area_.adjusted(-1, -1, 1, 1));
  paintGround(*painter);
  std::vector<Points> seen;
  for (std::size_t c = 0; c < spec.curves.size(); ++c) {
    seen.push_back(seenOf(c));
    paintAcross(*painter, spec.curves[c]);
    if (!spec.curves[c].intervals.empty()) {
      const bool isBand = spec.curves[c].mark == Mark::linePoints && spec.x.categories.empty();
      isBand ? paintBand(*painter, spec.curves[c]) : paintWhiskers(*painter, spec.curves[c]);
    }
  }
  for (std::size_t c = 0; c < spec.curves.size(); ++c)
    if (spec.curves[c].mark != Mark::points) paintLine(*painter, spec.curves[c], seen[c]);
  paintEvents(*painter);
  painter->restore();
  painter->save();
  for (std::size_t c = 0; c < spec.curves.size(); ++c)
    if (spec.curves[c].mark != Mark::line && !spec.curves[c].isTip)
      paintMarks(*painter, spec.curves[c], seen[c]);
  paintLabels(*painter);
  painter->restore();
}

/// Shaded ranges, and lines with a meaning of their own.
void CurveLayer::paintGround(QPainter& painter) const {
  const PlotSpec& spec = *summary_->spec;
  QColor shade = theme_.accent();
  shade.setAlphaF(0.14f);
  for (const auto& [from, to] : spec.shades)
    painter.fillRect(QRectF(QPointF(placed(from, 1).x(), area_.top()),
                            QPointF(placed(to, 1).x(), area_.bottom())),
                     shade);
  painter.setPen(QPen(theme_.muted(), 1, Qt::DashLine));
  for (const auto& [at, text] : spec.marks) {
    const double x = placed(at, 1).x();
    painter.drawLine(QPointF(x, area_.top()), QPointF(x, area_.bottom()));
  }
}

void CurveLayer::paintBand(QPainter& painter, const PlotCurve& curve) const {
  const PlotAxis& y = summary_->spec->y;
  QPolygonF upper, lower;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    auto [low, high] = curve.intervals[i];
    if (std::isnan(low) || (y.logarithmic && high <= 0)) continue;
    if (y.logarithmic && low <= 0) low = fromAxis(y, window_.y.low);
    upper << placed(curve.points[i].first, high);
    lower << placed(curve.points[i].first, low);
  }
  if (upper.size() < 2) return paintWhiskers(painter, curve);
  std::reverse(lower.begin(), lower.end());
  QColor colour = theme_.ink(curve.ink);
  colour.setAlphaF(0.18f);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawPolygon(upper + lower);
}

/// A line from the low to the high end of each interval.
void CurveLayer::paintWhiskers(QPainter& painter, const PlotCurve& curve) const {
  const PlotSpec& spec = *summary_->spec;
  const bool across = !spec.y.categories.empty();
  const PlotAxis& axis = across ? spec.x : spec.y;
  painter.setPen(QPen(theme_.ink(curve.ink), across ? 3 : 2, Qt::SolidLine, Qt::FlatCap));
  for (std::size_t i = 0; i < curve.intervals.size(); ++i) {
    auto [low, high] = curve.intervals[i];
    if (std::isnan(low) || std::isnan(high) || (axis.logarithmic && high <= 0)) continue;
    if (axis.logarithmic && low <= 0) low = fromAxis(axis, (across ? window_.x : window_.y).low);
    const auto [x, y] = curve.points[i];
    across ? painter.drawLine(placed(low, y), placed(high, y))
           : painter.drawLine(placed(x, low), placed(x, high));
    if (curve.isTip) paintCaps(painter, placed(low, y), placed(high, y));
  }
}

/// Over a bar in the same ink an interval needs an outline of its own.
void CurveLayer::paintCaps(QPainter& painter, const QPointF& low, const QPointF& high) const {
  painter.save();
  painter.setPen(QPen(theme_.text(), 1.5));
  painter.drawLine(low, high);
  for (const QPointF& end : {low, high}) painter.drawLine(end - QPointF(0, 5), end + QPointF(0, 5));
  painter.restore();
}

void CurveLayer::paintAcross(QPainter& painter, const PlotCurve& curve) const {
  painter.setPen(QPen(theme_.ink(curve.ink), 2, Qt::SolidLine, Qt::FlatCap));
  for (std::size_t i = 0; i < curve.across.size(); ++i) {
    const auto [low, high] = curve.across[i];
    if (std::isnan(low) || (summary_->spec->x.logarithmic && low <= 0)) continue;
    painter.drawLine(placed(low, curve.points[i].second), placed(high, curve.points[i].second));
  }
}

/// Where a value is unknown a line is interrupted; a value alone becomes a dot.
void CurveLayer::paintLine(QPainter& painter, const PlotCurve& curve, const Points& seen) const {
  const bool isDense = seen.size() > 2 * static_cast<std::size_t>(area_.width());
  QPen pen = penOf(curve);
  if (isDense) pen = QPen(pen.color(), 0);  // a wider one costs more than a frame
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, !isDense);
  QPolygonF piece;
  const auto finish = [&] {
    if (piece.size() == 1) {
      painter.setBrush(pen.color());
      painter.drawEllipse(piece.front(), 1.5, 1.5);
      painter.setBrush(Qt::NoBrush);
    }
    if (piece.size() > 1) painter.drawPolyline(piece);
    piece.clear();
  };
  for (const auto& point : seen)
    if (std::isnan(point.second))
      finish();
    else
      piece << placed(point);
  finish();
  painter.restore();
}

void CurveLayer::paintMarks(QPainter& painter, const PlotCurve& curve, const Points& seen) const {
  const QColor ink = curve.muted ? theme_.muted() : theme_.ink(curve.ink);
  const MarkShape shape = shapeOf(curve.shape, curve.ink);
  painter.setPen(QPen(ink, curve.hollow ? 2 : 1));
  painter.setBrush(curve.hollow ? theme_.ground() : ink);
  for (const auto& point : seen) {
    if (std::isnan(point.second)) continue;
    const QPointF at = placed(point);
    if (isOutside(at)) continue;
    if (seen.size() > mostShapes)
      painter.fillRect(QRectF(at.x() - 1, at.y() - 1, 2, 2), ink);
    else
      paintShape(painter, shape, at, markRadius);
  }
}

void CurveLayer::paintEvents(QPainter& painter) const {
  for (const PlotEvent& event : summary_->spec->events) {
    const double x = placed(event.at, 1).x();
    if (x < area_.left() || x > area_.right()) continue;
    QColor colour = theme_.bad();
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(QPolygonF{QPointF(x - 4, area_.top()), QPointF(x + 4, area_.top()),
                                  QPointF(x, area_.top() + 8)});
    colour.setAlphaF(0.35f);
    painter.setPen(QPen(colour, 1));
    painter.drawLine(QPointF(x, area_.top() + 8), QPointF(x, area_.bottom()));
  }
}

}  // namespace evenkeel::gui

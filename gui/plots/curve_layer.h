// Curves, bands, intervals, marks and events, painted over the plane of a Qt Chart. A line series
// of Qt Charts is stroked anew for every change of an axis, and each of its scattered points is an
// item of its own: 10,000 points take longer than a frame may.
#pragma once

#include <QChart>
#include <QGraphicsItem>

#include "gui/data/viewport.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

class CurveLayer : public QGraphicsItem {
 public:
  CurveLayer(QChart* chart, std::shared_ptr<const PlotSummary> summary, const Theme& theme);

  void show(const PlotWindow& window);

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  QPointF placed(double x, double y) const;  // values, on the screen
  QPointF placed(const std::pair<double, double>& point) const {
    return placed(point.first, point.second);
  }
  bool isOutside(const QPointF& at) const;
  QPen penOf(const PlotCurve& curve) const;
  void paintGround(QPainter& painter) const;
  void paintBand(QPainter& painter, const PlotCurve& curve) const;
  void paintWhiskers(QPainter& painter, const PlotCurve& curve) const;
  void paintCaps(QPainter& painter, const QPointF& low, const QPointF& high) const;
  void paintAcross(QPainter& painter, const PlotCurve& curve) const;
  void paintLine(QPainter& painter, const PlotCurve& curve, const Points& seen) const;
  void paintMarks(QPainter& painter, const PlotCurve& curve, const Points& seen) const;
  void paintLabels(QPainter& painter) const;
  void paintEvents(QPainter& painter) const;
  Points seenOf(std::size_t curve) const;

  QChart* chart_;
  std::shared_ptr<const PlotSummary> summary_;
  Theme theme_;
  PlotWindow window_;
  mutable QRectF area_;  // of the plane, while painting
};

}  // namespace evenkeel::gui

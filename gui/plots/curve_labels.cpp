// The names beside marks.
#include <QPainter>

#include "gui/plots/curve_layer.h"
#include "gui/plots/mark_shape.h"

namespace evenkeel::gui {

/// Beside its mark, where it covers neither another label nor a mark; else it is left to the
/// tooltip and the table.
void CurveLayer::paintLabels(QPainter& painter) const {
  constexpr std::size_t mostLabels = 40;
  std::size_t wanted = 0;
  for (const PlotCurve& curve : summary_->spec->curves) wanted += curve.labels.size();
  if (wanted > mostLabels) return;
  QFont bold = painter.font();
  bold.setBold(true);
  const QFont plain = painter.font();
  std::vector<QRectF> taken;
  for (const PlotCurve& curve : summary_->spec->curves)
    if (!curve.labels.empty())
      for (const auto& point : curve.points)
        taken.emplace_back(placed(point) - QPointF(markRadius, markRadius),
                           QSizeF(2 * markRadius, 2 * markRadius));
  painter.setPen(theme_.text());
  for (const PlotCurve& curve : summary_->spec->curves)
    for (std::size_t i = 0; i < curve.labels.size(); ++i) {
      const QPointF at = placed(curve.points[i]);
      if (isOutside(at)) continue;
      painter.setFont(i < curve.isBold.size() && curve.isBold[i] ? bold : plain);
      const QFontMetricsF metrics(painter.font());
      const QString text = QString::fromStdString(curve.labels[i]);
      const QSizeF size(metrics.horizontalAdvance(text) + 2, metrics.height());
      const double gap = markRadius + 4, w = size.width(), h = size.height();
      for (const QPointF& corner :
           {QPointF(gap, -h / 2), QPointF(-gap - w, -h / 2), QPointF(-w / 2, -gap - h),
            QPointF(-w / 2, gap), QPointF(gap, -gap - h), QPointF(-gap - w, gap), QPointF(gap, gap),
            QPointF(-gap - w, -gap - h)}) {
        const QRectF box(at + corner, size);
        const auto covers = [&](const QRectF& other) { return box.intersects(other); };
        if (!area_.contains(box) || std::ranges::any_of(taken, covers)) continue;
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
        taken.push_back(box);
        break;
      }
    }
}

}  // namespace evenkeel::gui

#include "gui/plots/plot_overlay.h"

#include <QEvent>
#include <QPainter>

namespace evenkeel::gui {

PlotOverlay::PlotOverlay(QWidget* area) : QWidget(area) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setObjectName("overlay");
  resize(area->size());
  area->installEventFilter(this);
}

bool PlotOverlay::eventFilter(QObject* area, QEvent* event) {
  if (event->type() == QEvent::Resize) resize(static_cast<QWidget*>(area)->size());
  return false;
}

void PlotOverlay::showCursor(double x, const QRectF& plot) {
  const bool isShown = x >= plot.left() && x <= plot.right();  // NaN is neither
  const QLineF line = isShown ? QLineF(x, plot.top(), x, plot.bottom()) : QLineF();
  if (line == cursor_) return;
  for (const QLineF& one : {cursor_, line})
    if (!one.isNull()) update(QRectF(one.p1(), one.p2()).adjusted(-2, -2, 2, 2).toAlignedRect());
  cursor_ = line;
}

void PlotOverlay::showFrame(const QRectF& frame) {
  frame_ = frame;
  update();
}

void PlotOverlay::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (!cursor_.isNull()) {
    painter.setPen(QPen(QColor("#ff3b30"), 1.5));
    painter.drawLine(cursor_);
  }
  if (frame_.isEmpty()) return;
  QColor colour = palette().color(QPalette::Highlight);
  painter.setPen(colour);
  colour.setAlphaF(0.2f);
  painter.setBrush(colour);
  painter.drawRect(frame_);
}

}  // namespace evenkeel::gui

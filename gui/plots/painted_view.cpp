#include "gui/plots/painted_view.h"

#include <QMouseEvent>
#include <QToolTip>
#include <cmath>

#include "sim/report/format.h"

namespace evenkeel::gui {

PaintedView::PaintedView(QWidget* parent) : QWidget(parent) { setMouseTracking(true); }

void PaintedView::show(const PlotSpec* spec, const Theme& theme) {
  spec_ = spec;
  theme_ = theme;
  picture_ = {};
  update();
}

void PaintedView::setCursorAt(double value) {
  cursor_ = value;
  update();
}

void PaintedView::paintEvent(QPaintEvent*) {
  if (spec_ == nullptr || spec_->isEmpty() || width() < 80 || height() < 60) return;
  if (picture_.isNull()) {
    picture_ = QPixmap(size() * devicePixelRatioF());
    picture_.setDevicePixelRatio(devicePixelRatioF());
    picture_.fill(theme_.ground());
    QPainter painter(&picture_);
    painter.setRenderHint(QPainter::Antialiasing, false);
    layout_ = paintPlot(*spec_, theme_, painter, QRectF(rect()));
  }
  QPainter painter(this);
  painter.drawPixmap(0, 0, picture_);
  if (std::isnan(cursor_)) return;
  const double x = layout_.xOf(cursor_);
  if (x < layout_.plot.left() || x > layout_.plot.right()) return;
  painter.setPen(QPen(QColor("#ff3b30"), 1.5));
  painter.drawLine(QPointF(x, layout_.plot.top()), QPointF(x, layout_.plot.bottom()));
}

void PaintedView::resizeEvent(QResizeEvent*) { picture_ = {}; }

void PaintedView::mouseMoveEvent(QMouseEvent* event) {
  const int row = layout_.rowAt(event->position());
  if (row < 0 || spec_ == nullptr) return QToolTip::hideText();
  const double x = layout_.valueAt(event->position());
  QString text;
  if (!spec_->cells.rows.empty()) {
    const auto& values = spec_->cells.values[static_cast<std::size_t>(row)];
    const auto column = static_cast<std::size_t>(x / spec_->cells.cellWidth);
    const double value = column < values.size() ? values[column] : no_value;
    text = QString("%1, %2 s: %3 %4")
               .arg(QString::fromStdString(spec_->cells.rows[static_cast<std::size_t>(row)]))
               .arg(x, 0, 'f', 1)
               .arg(QString::fromStdString(report::plain(value)),
                    QString::fromStdString(spec_->cells.unit));
  } else if (static_cast<std::size_t>(row) < spec_->spans.size()) {
    const auto place = static_cast<std::size_t>(row);
    text = QString::fromStdString(spec_->y.categories[place] + " " + spec_->spans[place].text);
  }
  QToolTip::showText(event->globalPosition().toPoint(), text, this);
  emit pointed(x, row);
}

void PaintedView::mousePressEvent(QMouseEvent* event) {
  const int row = layout_.rowAt(event->position());
  if (row >= 0) emit clicked(layout_.valueAt(event->position()), row);
}

}  // namespace evenkeel::gui

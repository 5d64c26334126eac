#include "gui/plots/painted_view.h"

namespace evenkeel::gui {

PaintedView::PaintedView(QWidget* parent) : QWidget(parent) { setMouseTracking(true); }

void PaintedView::show(std::shared_ptr<const PlotSpec> spec, const Theme& theme) {
  spec_ = std::move(spec);
  theme_ = theme;
  picture_ = {};
  update();
}

void PaintedView::showWindow(const PlotWindow& window) {
  window_ = window;
  picture_ = {};
  update();
}

void PaintedView::paintEvent(QPaintEvent*) {
  if (!spec_ || spec_->isEmpty() || width() < 80 || height() < 60) return;
  if (picture_.isNull()) {
    picture_ = QPixmap(size() * devicePixelRatioF());
    picture_.setDevicePixelRatio(devicePixelRatioF());
    picture_.fill(theme_.ground());
    QPainter painter(&picture_);
    painter.setRenderHint(QPainter::Antialiasing, false);
    layout_ = paintPlot(*spec_, theme_, painter, QRectF(rect()), window_);
  }
  QPainter(this).drawPixmap(0, 0, picture_);
}

void PaintedView::resizeEvent(QResizeEvent*) { picture_ = {}; }

}  // namespace evenkeel::gui

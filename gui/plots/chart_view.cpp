#include "gui/plots/chart_view.h"

namespace evenkeel::gui {

ChartView::ChartView(QWidget* parent) : QChartView(parent) {
  setFrameShape(QFrame::NoFrame);
  setRenderHint(QPainter::Antialiasing);
  setFocusPolicy(Qt::NoFocus);  // keys are the plot widget's
  viewport()->setMouseTracking(true);
}

void ChartView::show(std::shared_ptr<const PlotSummary> summary, const Theme& theme) {
  QChart* const old = chart();
  plot_.emplace(std::move(summary), theme);
  setChart(plot_->chart());
  delete old;
  setBackgroundBrush(theme.ground());
}

QRectF ChartView::plotArea() const {
  if (!plot_) return {};
  const QRectF onScene = plot_->chart()->mapRectToScene(plot_->chart()->plotArea());
  return QRectF(mapFromScene(onScene.topLeft()), mapFromScene(onScene.bottomRight()));
}

void ChartView::showWindow(const PlotWindow& window) {
  window_ = window;
  if (plot_) plot_->show(window);
}

/// A larger picture has room for more ticks.
void ChartView::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  if (plot_) plot_->show(window_);
}

}  // namespace evenkeel::gui

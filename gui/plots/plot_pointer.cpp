// What a pointer does on a plot: it zooms and moves, reads values, clicks, and leads the cursor
// that linked plots share.
#include <QStackedWidget>
#include <QToolTip>

#include "gui/plots/chart_view.h"
#include "gui/plots/painted_view.h"
#include "gui/plots/plot_gestures.h"
#include "gui/plots/plot_widget.h"

namespace evenkeel::gui {

PlotGestures* PlotWidget::addSurface(PlotSurface* surface, QWidget* page) {
  stack_->addWidget(page);
  auto* gestures = new PlotGestures(surface, this);
  const auto down = [this](double part) { return isDownward(*spec_) ? part : 1 - part; };
  connect(gestures, &PlotGestures::zoomed, this,
          [this, down](double factor, const QPointF& about, Viewport::Axes axes) {
            if (spec_->isOverTime && axes == Viewport::Axes::both) axes = Viewport::Axes::x;
            viewport_.zoom(factor, about.x(), down(about.y()), axes);
            showWindow();
          });
  connect(gestures, &PlotGestures::panned, this, [this](const QPointF& by) {
    viewport_.pan(by.x(), isDownward(*spec_) ? by.y() : -by.y());
    showWindow();
  });
  connect(gestures, &PlotGestures::framed, this, [this, down](const QPointF& a, const QPointF& b) {
    const double low = std::min(down(a.y()), down(b.y()));
    viewport_.frame({a.x(), b.x()}, {low, std::max(down(a.y()), down(b.y()))});
    showWindow();
  });
  connect(gestures, &PlotGestures::ranged, this, [this](double from, double to) {
    emit rangeChosen(viewport_.seen().x.at(from), viewport_.seen().x.at(to));
  });
  connect(gestures, &PlotGestures::wholeWanted, this, &PlotWidget::showWhole);
  connect(gestures, &PlotGestures::pointed, this, &PlotWidget::point);
  connect(gestures, &PlotGestures::clicked, this, &PlotWidget::click);
  connect(gestures, &PlotGestures::left, this, [this] {
    QToolTip::hideText();
    emit pointerLeft();
  });
  return gestures;
}

void PlotWidget::setCursorAt(double value) {
  cursorAt_ = value;
  placeCursor();
}

void PlotWidget::placeCursor() {
  const QRectF plot = surface()->plotArea();
  const double part = viewport_.seen().x.partOf(onAxis(spec_->x, cursorAt_));
  (spec_->isPainted() ? onPainted_ : onChart_)
      ->overlay()
      ->showCursor(plot.left() + part * plot.width(), plot);
}

Pointed PlotWidget::pointedAt(const QPointF& part) const {
  const PlotWindow& seen = viewport_.seen();
  const QRectF plot = surface()->plotArea();
  return {.x = seen.x.at(part.x()),
          .y = seen.y.at(isDownward(*spec_) ? part.y() : 1 - part.y()),
          .perPixelX = seen.x.width() / std::max(plot.width(), 1.0),
          .perPixelY = seen.y.width() / std::max(plot.height(), 1.0)};
}

void PlotWidget::point(const QPointF& part, const QPoint& onScreen) {
  const Pointed pointer = pointedAt(part);
  const auto reading = readingAt(*spec_, pointer);
  QToolTip::showText(onScreen, reading ? QString::fromStdString(reading->text) : QString(), this);
  emit pointed(fromAxis(spec_->x, pointer.x), fromAxis(spec_->y, pointer.y));
}

void PlotWidget::click(const QPointF& part) {
  const Pointed pointer = pointedAt(part);
  const auto reading = readingAt(*spec_, pointer);
  const QString name = reading ? QString::fromStdString(reading->name) : QString();
  if (spec_->isPainted() && !name.isEmpty()) return emit rowClicked(name, pointer.x);
  const double x = reading && !std::isnan(reading->x) ? reading->x : fromAxis(spec_->x, pointer.x);
  emit clicked(x, fromAxis(spec_->y, pointer.y), name);
}

void PlotWidget::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  placeCursor();
}

}  // namespace evenkeel::gui

#include "gui/plots/plot_gestures.h"

#include <QApplication>
#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

namespace evenkeel::gui {

PlotGestures::PlotGestures(PlotSurface* surface, QWidget* focus)
    : QObject(focus), surface_(surface), focus_(focus), overlay_(new PlotOverlay(surface->area())) {
  surface_->area()->installEventFilter(this);
}

QPointF PlotGestures::partOf(const QPointF& at) const {
  const QRectF plot = surface_->plotArea();
  return {(at.x() - plot.left()) / std::max(plot.width(), 1.0),
          (at.y() - plot.top()) / std::max(plot.height(), 1.0)};
}

bool PlotGestures::eventFilter(QObject*, QEvent* event) {
  switch (event->type()) {
    case QEvent::MouseButtonPress:
      return press(static_cast<QMouseEvent*>(event));
    case QEvent::MouseMove:
      return move(static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonRelease:
      return release(static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonDblClick:
      drag_ = Drag::none;
      emit wholeWanted();
      return true;
    case QEvent::Wheel:
      return wheel(static_cast<QWheelEvent*>(event));
    case QEvent::Leave:
      emit left();
      return false;
    default:
      return false;
  }
}

bool PlotGestures::press(QMouseEvent* event) {
  const bool isLeft = event->button() == Qt::LeftButton;
  if (!isLeft && event->button() != Qt::RightButton) return false;
  if (focus_->focusPolicy() & Qt::ClickFocus) focus_->setFocus(Qt::MouseFocusReason);
  if (!surface_->plotArea().contains(event->position())) return true;
  drag_ = Drag::undecided;
  const bool isFraming = !isLeft || event->modifiers() & Qt::ShiftModifier;
  const bool isRanging = mayRange_ && event->modifiers() & Qt::ControlModifier;
  wanted_ = isRanging ? Drag::range : isFraming ? Drag::frame : Drag::pan;
  start_ = last_ = event->position();
  return true;
}

/// Within the plot; a range has its full height.
QRectF PlotGestures::frameTo(const QPointF& at) const {
  const QRectF plot = surface_->plotArea();
  QRectF frame = QRectF(start_, at).normalized() & plot;
  if (drag_ == Drag::range) {
    frame.setTop(plot.top());
    frame.setBottom(plot.bottom());
  }
  return frame;
}

bool PlotGestures::move(QMouseEvent* event) {
  const QPointF at = event->position();
  if (drag_ == Drag::undecided &&
      (at - start_).manhattanLength() >= QApplication::startDragDistance() / 2)
    drag_ = wanted_;
  if (drag_ == Drag::pan) {
    const QRectF plot = surface_->plotArea();
    emit panned({(at.x() - last_.x()) / plot.width(), (at.y() - last_.y()) / plot.height()});
    last_ = at;
  } else if (drag_ == Drag::frame || drag_ == Drag::range) {
    overlay_->showFrame(frameTo(at));
  } else if (surface_->plotArea().contains(at)) {
    emit pointed(partOf(at), event->globalPosition().toPoint());
  } else {
    emit left();
  }
  return true;
}

bool PlotGestures::release(QMouseEvent* event) {
  const Drag drag = drag_;
  const QRectF frame = frameTo(event->position());
  overlay_->showFrame({});
  drag_ = Drag::none;
  constexpr double least = 4;  // pixels; a smaller frame was a slip of the hand
  if (drag == Drag::undecided && event->button() == Qt::LeftButton) emit clicked(partOf(start_));
  if (drag == Drag::frame && frame.width() > least && frame.height() > least)
    emit framed(partOf(frame.topLeft()), partOf(frame.bottomRight()));
  if (drag == Drag::range && frame.width() > least)
    emit ranged(partOf(frame.topLeft()).x(), partOf(frame.bottomRight()).x());
  return true;
}

bool PlotGestures::wheel(QWheelEvent* event) {
  const bool wants = focus_->hasFocus() || event->modifiers() & Qt::ControlModifier;
  if (!wants || !surface_->plotArea().contains(event->position())) {
    event->ignore();
    return true;
  }
  // With Alt the platform turns the wheel sideways.
  const int turned = event->angleDelta().y() + event->angleDelta().x();
  constexpr double oneNotch = 120, perNotch = 1.25;
  const auto axes = event->modifiers() & Qt::ShiftModifier ? Viewport::Axes::x
                    : event->modifiers() & Qt::AltModifier ? Viewport::Axes::y
                                                           : Viewport::Axes::both;
  emit zoomed(std::pow(perNotch, turned / oneNotch), partOf(event->position()), axes);
  event->accept();
  return true;
}

}  // namespace evenkeel::gui

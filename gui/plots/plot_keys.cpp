// What keys do on a plot.
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QPainter>

#include "gui/plots/plot_widget.h"

namespace evenkeel::gui {

/// False: the plot shows all there is in that direction, and the page may move instead.
bool PlotWidget::moveByKey(int key) {
  const PlotWindow before = viewport_.seen();
  constexpr double step = 0.15, closer = 1.5, middle = 0.5;
  const double upwards = isDownward(*spec_) ? step : -step;
  const auto axes = spec_->isOverTime ? Viewport::Axes::x : Viewport::Axes::both;
  switch (key) {
    case Qt::Key_Left:
      viewport_.pan(step, 0);
      break;
    case Qt::Key_Right:
      viewport_.pan(-step, 0);
      break;
    case Qt::Key_Up:
      viewport_.pan(0, upwards);
      break;
    case Qt::Key_Down:
      viewport_.pan(0, -upwards);
      break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      viewport_.zoom(closer, middle, middle, axes);
      break;
    case Qt::Key_Minus:
      viewport_.zoom(1 / closer, middle, middle, axes);
      break;
    default:
      return false;
  }
  if (viewport_.seen() == before) return false;
  showWindow();
  return true;
}

bool PlotWidget::swallowsKey(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    QApplication::clipboard()->setText(QString::fromStdString(toCsv(spec_->table)));
    return true;
  }
  if (event->key() == Qt::Key_E && event->modifiers() == Qt::ControlModifier) {
    exportPicture();
    return true;
  }
  if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) return false;
  switch (event->key()) {
    case Qt::Key_T:
      toggleTable();
      return true;
    case Qt::Key_L:
      toggleLog(event->modifiers() & Qt::ShiftModifier);
      return true;
    case Qt::Key_0:
      showWhole();
      return true;
    case Qt::Key_B:
      if (!spec_->isOverTime) return false;
      emit rangeChosen(viewport_.seen().x.low, viewport_.seen().x.high);
      return true;
    default:
      return !showsTable() && moveByKey(event->key());
  }
}

void PlotWidget::keyPressEvent(QKeyEvent* event) {
  if (!swallowsKey(event)) QFrame::keyPressEvent(event);
}

/// Who works with keys must see where they go.
void PlotWidget::paintEvent(QPaintEvent* event) {
  QFrame::paintEvent(event);
  if (!hasFocus()) return;
  QPainter painter(this);
  painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
  painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

void PlotWidget::focusInEvent(QFocusEvent* event) {
  QFrame::focusInEvent(event);
  update();
}

void PlotWidget::focusOutEvent(QFocusEvent* event) {
  QFrame::focusOutEvent(event);
  update();
}

}  // namespace evenkeel::gui

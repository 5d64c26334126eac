// What a pointer may do on a plot. The wheel zooms about it (with Shift only along x, with Alt only
// along y) once the plot has the focus, or with Ctrl: else the page scrolls. A drag moves, with
// Shift it frames, with Ctrl it chooses a range of time where there is one. A double click shows
// all.
#pragma once

#include <QObject>
#include <QPointer>

#include "gui/plots/plot_overlay.h"
#include "gui/plots/plot_surface.h"

class QMouseEvent;
class QWheelEvent;

namespace evenkeel::gui {

/// Places are parts of the plot's width and height, from the left and the top.
class PlotGestures : public QObject {
  Q_OBJECT

 public:
  PlotGestures(PlotSurface* surface, QWidget* focus);

  void setMayRange(bool mayRange) { mayRange_ = mayRange; }
  PlotOverlay* overlay() const { return overlay_; }

 signals:
  void zoomed(double factor, const QPointF& about, Viewport::Axes axes);
  void panned(const QPointF& by);
  void framed(const QPointF& from, const QPointF& to);
  void ranged(double from, double to);
  void wholeWanted();
  void pointed(const QPointF& at, const QPoint& onScreen);
  void left();
  void clicked(const QPointF& at);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  enum class Drag { none, undecided, pan, frame, range };

  QPointF partOf(const QPointF& at) const;
  bool press(QMouseEvent* event);
  bool move(QMouseEvent* event);
  bool release(QMouseEvent* event);
  bool wheel(QWheelEvent* event);
  QRectF frameTo(const QPointF& at) const;

  PlotSurface* surface_;
  QWidget* focus_;
  PlotOverlay* overlay_;
  bool mayRange_ = false;
  Drag drag_ = Drag::none;
  Drag wanted_ = Drag::pan;
  QPointF start_, last_;
};

}  // namespace evenkeel::gui

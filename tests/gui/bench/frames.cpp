#include "tests/gui/bench/frames.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>

#include "gui/plots/plot_surface.h"
#include "gui/plots/plot_widget.h"

namespace evenkeel::gui::bench {
namespace {

/// Counts what is painted on a widget.
class PaintCount : public QObject {
 public:
  explicit PaintCount(QWidget* of) : of_(of) { of->installEventFilter(this); }
  ~PaintCount() override { of_->removeEventFilter(this); }
  int count = 0;

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() == QEvent::Paint) ++count;
    return false;
  }

 private:
  QWidget* of_;
};

class Hand {
 public:
  explicit Hand(PlotWidget& plot) : area_(plot.surface()->area()), paints_(area_) {
    place_ = plot.surface()->plotArea().center();
  }

  void wheel(int notches) {
    QWheelEvent event(place_, area_->mapToGlobal(place_), {}, QPoint(0, 120 * notches),
                      Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
    timed([&] { QApplication::sendEvent(area_, &event); });
  }

  void press() { mouse(QEvent::MouseButtonPress, Qt::LeftButton); }
  void release() { mouse(QEvent::MouseButtonRelease, Qt::NoButton); }
  void drag(double by) {
    place_ += QPointF(by, 0);
    timed([this] { mouse(QEvent::MouseMove, Qt::LeftButton); });
  }

  Frames frames;

 private:
  void mouse(QEvent::Type type, Qt::MouseButtons held) {
    QMouseEvent event(type, place_, area_->mapToGlobal(place_),
                      type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, held, {});
    QApplication::sendEvent(area_, &event);
  }
  void timed(const std::function<void()>& act) {
    QApplication::processEvents();
    const int before = paints_.count;
    QElapsedTimer clock;
    clock.start();
    act();
    constexpr int patienceMs = 2000;
    while (paints_.count == before && clock.elapsed() < patienceMs)
      QApplication::processEvents(QEventLoop::AllEvents, 5);
    frames.ms.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
  }

  QWidget* area_;
  PaintCount paints_;
  QPointF place_;
};

}  // namespace

double Frames::median() const {
  std::vector<double> sorted = ms;
  std::ranges::sort(sorted);
  return sorted.empty() ? 0 : sorted[sorted.size() / 2];
}

double Frames::worst() const { return ms.empty() ? 0 : *std::ranges::max_element(ms); }

Frames zoomAndPan(PlotWidget& plot) {
  plot.setFocus();
  Hand hand(plot);
  constexpr int notches = 12, moves = 10;
  for (int i = 0; i < notches; ++i) {
    hand.wheel(1);
    if (i % 4 != 3) continue;
    hand.press();
    for (int k = 0; k < 2 * moves; ++k) hand.drag(k < moves ? 7 : -7);
    hand.release();
  }
  for (int i = 0; i < notches; ++i) hand.wheel(-1);
  return hand.frames;
}

}  // namespace evenkeel::gui::bench

// What stands over a plot and moves with the pointer: the cursor that plots share, and the frame or
// range that is being drawn. Beneath it the picture stays.
#pragma once

#include <QWidget>

#include "gui/data/plot_spec.h"

namespace evenkeel::gui {

class PlotOverlay : public QWidget {
  Q_OBJECT

 public:
  explicit PlotOverlay(QWidget* area);

  /// A thin line from the top to the bottom of `plot`; none where x is outside or NaN.
  void showCursor(double x, const QRectF& plot);
  /// Empty: none.
  void showFrame(const QRectF& frame);

 protected:
  bool eventFilter(QObject* area, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  QLineF cursor_;
  QRectF frame_;
};

}  // namespace evenkeel::gui

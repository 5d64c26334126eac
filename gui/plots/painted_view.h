// The widget around a painted plot: its picture is kept until the data or the size changes.
#pragma once

#include <QWidget>

#include "gui/plots/painted_plot.h"

namespace evenkeel::gui {

class PaintedView : public QWidget {
  Q_OBJECT

 public:
  explicit PaintedView(QWidget* parent = nullptr);

  void show(const PlotSpec* spec, const Theme& theme);  // the spec must outlive the view
  void setCursorAt(double value);
  const PaintedLayout& layoutOfPlot() const { return layout_; }

 signals:
  void pointed(double x, int row);
  void clicked(double x, int row);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  const PlotSpec* spec_ = nullptr;
  Theme theme_ = Theme::light();
  QPixmap picture_;
  PaintedLayout layout_;
  double cursor_ = no_value;
};

}  // namespace evenkeel::gui

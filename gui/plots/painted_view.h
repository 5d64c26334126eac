// The widget around a painted plot: its picture is kept until the data, the size or what is seen
// changes.
#pragma once

#include <QWidget>

#include "gui/plots/painted_plot.h"
#include "gui/plots/plot_surface.h"

namespace evenkeel::gui {

class PaintedView : public QWidget, public PlotSurface {
  Q_OBJECT

 public:
  explicit PaintedView(QWidget* parent = nullptr);

  void show(std::shared_ptr<const PlotSpec> spec, const Theme& theme);
  const PaintedLayout& layoutOfPlot() const { return layout_; }

  QWidget* area() override { return this; }
  QRectF plotArea() const override { return layout_.plot; }
  void showWindow(const PlotWindow& window) override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  std::shared_ptr<const PlotSpec> spec_;
  Theme theme_ = Theme::light();
  PlotWindow window_;
  QPixmap picture_;
  PaintedLayout layout_;
};

}  // namespace evenkeel::gui

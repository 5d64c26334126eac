// The widget around a chart.
#pragma once

#include <QChartView>
#include <optional>

#include "gui/plots/chart_plot.h"
#include "gui/plots/plot_surface.h"

namespace evenkeel::gui {

class ChartView : public QChartView, public PlotSurface {
  Q_OBJECT

 public:
  explicit ChartView(QWidget* parent = nullptr);

  void show(std::shared_ptr<const PlotSummary> summary, const Theme& theme);

  QWidget* area() override { return viewport(); }
  QRectF plotArea() const override;
  void showWindow(const PlotWindow& window) override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  std::optional<ChartPlot> plot_;
  PlotWindow window_;
};

}  // namespace evenkeel::gui

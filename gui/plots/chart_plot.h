// Curves, bars and boxes as a Qt Chart: it draws axes, legend, bars and boxes; all curves are of
// CurveLayer. What the reader sees of it may change at any time.
#pragma once

#include <QChart>
#include <memory>

#include "gui/data/viewport.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

class CurveLayer;

class ChartPlot {
 public:
  ChartPlot(std::shared_ptr<const PlotSummary> summary, const Theme& theme);

  /// Belongs to whoever puts it on a scene.
  QChart* chart() const { return chart_; }
  CurveLayer* layer() const { return layer_; }
  void show(const PlotWindow& window);

 private:
  void style();
  void placeLegend();
  void setMargins(bool hasLegendOnTop);
  void addLegend(const PlotCurve& curve);
  void addLayers();
  void addBoxes();
  void put(QAbstractSeries* series);

  std::shared_ptr<const PlotSummary> summary_;
  const PlotSpec& spec_;
  Theme theme_;
  PlotAxis xAxis_;  // with the boxes' names
  QChart* chart_;
  QAbstractAxis* x_;
  QAbstractAxis* y_;
  CurveLayer* layer_;
};

/// What has to be said beneath a plot of this.
std::vector<std::string> notesOf(const PlotSummary& summary);

}  // namespace evenkeel::gui

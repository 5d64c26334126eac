// One run: which node was busy when, what happened, and how evenly the load lay.
#pragma once

#include <QWidget>
#include <memory>

#include "gui/data/run_plots.h"
#include "gui/data/study_data.h"
#include "gui/plots/theme.h"
#include "gui/views/selection.h"

class QComboBox;
class QGridLayout;
class QLabel;

namespace evenkeel::gui {

class LoadMap;
class PlotWidget;

class ExploreView : public QWidget {
  Q_OBJECT

 public:
  explicit ExploreView(Selection* selection, QWidget* parent = nullptr);

  void show(std::shared_ptr<const StudyData> study);
  void show(std::shared_ptr<const RunResult> run);
  void setTheme(const Theme& theme);
  bool isBusy() const { return asked_ > 0; }
  LoadMap* map() const { return map_; }
  PlotWidget* heatMapPlot() const { return heat_; }

 signals:
  void requestsWanted(const QString& node);

 private:
  void choose();
  void follow();
  void refresh();
  void refreshHeatMap();
  void refreshNode();
  double queueScale() const;
  void askForTopology();

  Selection* selection_;
  std::shared_ptr<const StudyData> data_;
  std::shared_ptr<const RunResult> run_;
  Theme theme_ = Theme::light();
  QComboBox* variant_;
  QComboBox* seed_;
  QComboBox* measure_;
  QComboBox* order_;
  int asked_ = 0;  // that the program has not answered yet
  QLabel* summary_;
  PlotWidget* heat_;
  PlotWidget* node_;
  LoadMap* map_;
  std::vector<PlotWidget*> overTime_;
  QGridLayout* grid_;
};

}  // namespace evenkeel::gui

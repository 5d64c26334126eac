// One run: which node was busy when, what happened, and how evenly the load lay. Its plots share a
// cursor and a range of time: `rates` shows all of the run with the range shaded, the others only
// the range.
#pragma once

#include <QWidget>
#include <memory>

#include "gui/data/study_data.h"
#include "gui/plots/theme.h"
#include "gui/views/selection.h"

class QComboBox;
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
  bool isBusy() const;
  LoadMap* map() const { return map_; }
  PlotWidget* heatMapPlot() const { return heat_; }
  /// Over the run's time, or of its nodes: by the id of its spec.
  PlotWidget* plot(const QString& id) const;

 signals:
  void requestsWanted();  // the slowest of what is chosen
  void requestWanted(std::uint64_t number);

 private:
  void layOut();
  void link(PlotWidget* plot);
  void choose();
  void chooseNodes(const QStringList& nodes, double atSeconds = no_value);
  void chooseZone();
  void follow();
  void refresh();
  void refreshHeatMap();
  void refreshNodes();
  void refreshRequests();
  void summarise();
  void chooseRequest(double sentSeconds, double latency);
  void put(PlotWidget* plot, PlotSpec spec);
  void showCursor(double atSeconds);
  double queueScale() const;
  void askForTopology();

  Selection* selection_;
  std::shared_ptr<const StudyData> data_;
  std::shared_ptr<const RunResult> run_;
  std::map<std::string, std::string> zones_;
  TimeRange shownRange_;
  Classes shownClasses_;
  Theme theme_ = Theme::light();
  QComboBox* variant_;
  QComboBox* seed_;
  QComboBox* measure_;
  QComboBox* order_;
  int asked_ = 0;  // that the program has not answered yet
  QLabel* summary_;
  LoadMap* map_;
  PlotWidget* heat_;
  PlotWidget* nodes_;
  PlotWidget* rates_;
  PlotWidget* latency_;
  PlotWidget* requests_;
  PlotWidget* spread_;
  PlotWidget* fairness_;
  PlotWidget* loads_;
  PlotWidget* events_;
  std::vector<PlotWidget*> all_;
};

}  // namespace evenkeel::gui

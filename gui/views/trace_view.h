// One request: where its time went, and how the same request fared under another variant.
#pragma once

#include <QWidget>
#include <memory>

#include "gui/data/run_plots.h"
#include "gui/data/study_data.h"
#include "gui/plots/theme.h"
#include "gui/views/selection.h"

class QComboBox;
class QLabel;
class QTableView;
class QTabWidget;

namespace evenkeel::gui {

class PlotWidget;
class StepsView;
class TableModel;

class TraceView : public QWidget {
  Q_OBJECT

 public:
  explicit TraceView(Selection* selection, QWidget* parent = nullptr);

  void show(std::shared_ptr<const StudyData> study);
  void show(std::shared_ptr<const RunResult> run);
  /// The run of the same seed under the variant beside.
  void showBeside(std::shared_ptr<const RunResult> run, std::size_t variant);
  void setTheme(const Theme& theme);
  QTableView* requests() const { return table_; }
  PlotWidget* waterfallPlot() const { return plot_; }
  PlotWidget* besidePlot() const { return beside_; }
  QString besideText() const;
  StepsView* steps() const { return steps_; }
  StepsView* stepsBeside() const { return stepsBeside_; }
  /// Phases, or step by step.
  void showSteps(bool steps);
  bool isBusy() const;

 public slots:
  void nextOutlier();
  void previousOutlier();
  void follow();

 signals:
  void besideWanted(std::size_t variant);

 private:
  /// Of the request in that row of the list.
  std::uint64_t numberAt(int row) const;
  void refreshList();
  void refreshRequest();
  void refreshBeside(double untilSeconds);
  void step(int by);
  void offerSteps();
  void useOneScale();
  void offer(StepsView* view, const RunResult* run, std::uint64_t request) const;

  Selection* selection_;
  std::shared_ptr<const StudyData> data_;
  std::shared_ptr<const RunResult> run_;
  std::shared_ptr<const RunResult> other_;
  std::size_t otherVariant_ = 0;
  std::vector<std::size_t> order_;  // positions in run_->requests, the slowest first
  Selected listed_;                 // what order_ is of
  Theme theme_ = Theme::light();
  QTableView* table_;
  TableModel* model_;
  QComboBox* variant_;
  QLabel* of_;
  QLabel* rank_;
  QLabel* missing_;
  PlotWidget* plot_;
  PlotWidget* beside_;
  QTabWidget* ways_;
  StepsView* steps_;
  StepsView* stepsBeside_;
};

}  // namespace evenkeel::gui

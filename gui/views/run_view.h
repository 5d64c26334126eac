// Running a comparison: what is varied, how many runs that makes, how far they are, and what the
// finished ones say already.
#pragma once

#include <QTimer>
#include <QWidget>

#include "gui/data/scenario_info.h"
#include "gui/data/study_data.h"
#include "gui/models/comparison_run.h"
#include "gui/plots/theme.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace evenkeel::gui {

class CellGrid;
class MatrixEditor;

class RunView : public QWidget {
  Q_OBJECT

 public:
  explicit RunView(QWidget* parent = nullptr);
  ~RunView() override;

  /// What the scenario at this path would vary, unless the reader has changed it.
  void show(const ScenarioInfo& info, const QString& path);
  /// What finished runs say: p99 and the busiest node's utilisation of each cell. Where no scenario
  /// is open, what was varied too.
  void show(std::shared_ptr<const StudyData> study);
  void setSchema(const std::string& schema);
  bool isRunning() const { return run_->isRunning(); }
  ComparisonRun* run() const { return run_; }
  std::size_t runCount() const;
  MatrixEditor* matrix() const { return matrix_; }
  CellGrid* cells() const { return cells_; }
  QSpinBox* seeds() const { return seeds_; }
  QLineEdit* result() const { return result_; }
  QString status() const;
  /// How many runs, and about how long they take; or that this is not known yet.
  QString forecast() const;
  /// The speed of a file's runs is still being read.
  bool isBusy() const { return pending_ > 0; }

 public slots:
  void start();
  void stop();

 signals:
  /// The button was pressed: what is on the screen is to be saved first.
  void startWanted();
  /// The file has runs that it had not before.
  void resultGrew(const QString& path);
  void ended(const QString& path);

 private:
  void nameAll();
  void layOut();
  void learnSpeed();
  void showOther(const StudyData& study);
  void recount();
  void showCell(std::size_t cell);
  void showProgress();
  void showEnd(RunEnd how, const QString& errors);

  ComparisonRun* run_;
  QString scenario_;
  ScenarioInfo info_;
  QString planned_;          // the result whose cells are shown
  double speed_ = no_value;  // seconds a run takes for one of the scenario's; NaN: not measured
  int pending_ = 0;
  QTimer growth_;
  QLabel* heading_;
  MatrixEditor* matrix_;
  QSpinBox* seeds_;
  QSpinBox* jobs_;
  QLineEdit* result_;
  QLabel* count_;
  QPushButton* start_;
  QPushButton* stop_;
  QProgressBar* bar_;
  QLabel* status_;
  CellGrid* cells_;
};

}  // namespace evenkeel::gui

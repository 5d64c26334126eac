// A comparison's runs as they come in: a row a variant, a column a seed. A cell says how far its
// run is, then what it found; the row's head sums up what its finished runs say.
#pragma once

#include <QTableWidget>
#include <map>
#include <memory>

#include "gui/data/study_data.h"
#include "gui/models/comparison_run.h"

namespace evenkeel::gui {

/// The runs that a result file has, and those that it lacks: every variant with every seed.
std::vector<RunCell> cellsOf(const StudyData& study);

class CellGrid : public QTableWidget {
  Q_OBJECT

 public:
  explicit CellGrid(QWidget* parent = nullptr);

  void plan(const std::vector<RunCell>& cells);
  void show(const RunCell& cell);
  /// p99 and the busiest node's utilisation of the runs that the result file has.
  void show(const StudyData& study);

 private:
  using Chosen = std::map<std::string, std::string>;
  /// Null: not of this plan.
  QTableWidgetItem* itemOf(const Chosen& chosen, std::uint64_t seed) const;
  void sumUp(const report::Variant& variant);

  std::map<Chosen, int> rows_;
  std::map<std::uint64_t, int> columns_;
};

}  // namespace evenkeel::gui

#include "gui/views/cell_grid.h"

#include <QHeaderView>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

QString nameOf(const std::map<std::string, std::string>& chosen) {
  QStringList parts;
  for (const auto& [path, value] : chosen) parts << QString::fromStdString(value);
  return parts.isEmpty() ? "as written" : parts.join(", ");
}

QString stateText(RunCell::State state) {
  switch (state) {
    case RunCell::State::started:
      return "▶ running";
    case RunCell::State::failed:
      return "✗ failed";
    case RunCell::State::finished:
    case RunCell::State::kept:
      return "✓";
    case RunCell::State::waiting:
      break;
  }
  return "·";
}

QString findings(double p99, double busiest) {
  return QString("p99 %1, busiest %2")
      .arg(QString::fromStdString(report::time(p99)),
           QString::fromStdString(report::share(busiest)));
}

}  // namespace

CellGrid::CellGrid(QWidget* parent) : QTableWidget(parent) {
  setAccessibleName("Cells");
  setObjectName("cells");
  setEditTriggers(NoEditTriggers);
  setTabKeyNavigation(false);
}

void CellGrid::plan(const std::vector<RunCell>& cells) {
  rows_.clear();
  columns_.clear();
  for (const RunCell& cell : cells) {
    if (std::ranges::find(rows_, cell.chosen) == rows_.end()) rows_.push_back(cell.chosen);
    if (std::ranges::find(columns_, cell.seed) == columns_.end()) columns_.push_back(cell.seed);
  }
  clear();
  setRowCount(static_cast<int>(rows_.size()));
  setColumnCount(static_cast<int>(columns_.size()));
  QStringList names, seeds;
  for (const Chosen& chosen : rows_) names << nameOf(chosen);
  for (const std::uint64_t seed : columns_) seeds << QString("seed %1").arg(seed);
  setVerticalHeaderLabels(names);
  setHorizontalHeaderLabels(seeds);
  for (const RunCell& cell : cells) show(cell);
}

std::pair<int, int> CellGrid::placeOf(const RunCell& cell) const {
  return {static_cast<int>(std::ranges::find(rows_, cell.chosen) - rows_.begin()),
          static_cast<int>(std::ranges::find(columns_, cell.seed) - columns_.begin())};
}

void CellGrid::show(const RunCell& cell) {
  const auto [row, column] = placeOf(cell);
  setItem(row, column, new QTableWidgetItem(stateText(cell.state)));
}

void CellGrid::show(const StudyData& study) {
  for (const report::Variant& variant : study.variants()) {
    for (const RunResult& run : variant.runs) {
      const auto [row, column] = placeOf({.seed = run.seed, .chosen = variant.chosen});
      if (item(row, column) != nullptr)
        item(row, column)->setText("✓ " + findings(run.latency.p99, highest_utilisation(run)));
    }
    sumUp(variant);
  }
  resizeColumnsToContents();
}

/// Means over the seeds that are finished: what the verdict will be made of.
void CellGrid::sumUp(const report::Variant& variant) {
  const int row = placeOf({.chosen = variant.chosen}).first;
  if (row >= rowCount() || variant.runs.empty()) return;
  double p99 = 0, busiest = 0;
  for (const RunResult& run : variant.runs) {
    p99 += run.latency.p99;
    busiest += highest_utilisation(run);
  }
  const auto count = static_cast<double>(variant.runs.size());
  verticalHeaderItem(row)->setText(
      QString("%1\n%2 (mean of %3 of %4)")
          .arg(nameOf(variant.chosen), findings(p99 / count, busiest / count))
          .arg(variant.runs.size())
          .arg(columnCount()));
}

}  // namespace evenkeel::gui

#include "gui/views/cell_grid.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <set>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr int shareRole = Qt::UserRole;  // of a run that goes on; 0 of any other

QString nameOf(const std::map<std::string, std::string>& chosen) {
  QStringList parts;
  for (const auto& [path, value] : chosen) parts << QString::fromStdString(value);
  return parts.isEmpty() ? "as written" : parts.join(", ");
}

QString stateText(const RunCell& cell) {
  switch (cell.state) {
    case RunCell::State::started:
      return cell.share > 0 ? QString("▶ %1 %").arg(qRound(100 * cell.share)) : "▶ running";
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

/// Behind the text of a run that goes on, a bar as long as its share.
class ShareBar final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    const double share = index.data(shareRole).toDouble();
    if (share > 0) {
      constexpr int faint = 70;
      QColor colour = option.palette.color(QPalette::Highlight);
      colour.setAlpha(faint);
      QRectF bar = option.rect;
      bar.setWidth(bar.width() * share);
      painter->fillRect(bar, colour);
    }
    QStyledItemDelegate::paint(painter, option, index);
  }
};

}  // namespace

std::vector<RunCell> cellsOf(const StudyData& study) {
  std::set<std::uint64_t> seeds;
  for (const report::Variant& variant : study.variants())
    for (const RunResult& run : variant.runs) seeds.insert(run.seed);
  std::vector<RunCell> cells;
  for (const std::uint64_t seed : seeds)
    for (const report::Variant& variant : study.variants()) {
      const bool isThere =
          std::ranges::find(variant.runs, seed, &RunResult::seed) != variant.runs.end();
      cells.push_back({.seed = seed,
                       .chosen = variant.chosen,
                       .state = isThere ? RunCell::State::kept : RunCell::State::waiting});
    }
  return cells;
}

CellGrid::CellGrid(QWidget* parent) : QTableWidget(parent) {
  setAccessibleName("Cells");
  setObjectName("cells");
  setEditTriggers(NoEditTriggers);
  setTabKeyNavigation(false);
  setItemDelegate(new ShareBar(this));
  verticalHeader()->setDefaultSectionSize(5 * fontMetrics().height() / 2);  // two lines
}

void CellGrid::plan(const std::vector<RunCell>& cells) {
  rows_.clear();
  columns_.clear();
  QStringList names, seeds;
  for (const RunCell& cell : cells) {
    if (rows_.try_emplace(cell.chosen, names.size()).second) names << nameOf(cell.chosen);
    if (columns_.try_emplace(cell.seed, seeds.size()).second)
      seeds << QString("seed %1").arg(cell.seed);
  }
  clear();
  setRowCount(static_cast<int>(names.size()));
  setColumnCount(static_cast<int>(seeds.size()));
  setVerticalHeaderLabels(names);
  setHorizontalHeaderLabels(seeds);
  for (const RunCell& cell : cells) {
    setItem(rows_[cell.chosen], columns_[cell.seed], new QTableWidgetItem);
    show(cell);
  }
}

QTableWidgetItem* CellGrid::itemOf(const Chosen& chosen, std::uint64_t seed) const {
  const auto row = rows_.find(chosen);
  const auto column = columns_.find(seed);
  return row == rows_.end() || column == columns_.end() ? nullptr
                                                        : item(row->second, column->second);
}

void CellGrid::show(const RunCell& cell) {
  QTableWidgetItem* its = itemOf(cell.chosen, cell.seed);
  if (its == nullptr) return;
  its->setText(stateText(cell));
  its->setData(shareRole, cell.state == RunCell::State::started ? cell.share : 0);
}

void CellGrid::show(const StudyData& study) {
  for (const report::Variant& variant : study.variants()) {
    for (const RunResult& run : variant.runs)
      if (QTableWidgetItem* its = itemOf(variant.chosen, run.seed))
        its->setText("✓ " + findings(run.latency.p99, highest_utilisation(run)));
    sumUp(variant);
  }
  resizeColumnsToContents();
}

/// Means over the seeds that are finished: what the verdict will be made of.
void CellGrid::sumUp(const report::Variant& variant) {
  const auto row = rows_.find(variant.chosen);
  if (row == rows_.end() || variant.runs.empty()) return;
  double p99 = 0, busiest = 0;
  for (const RunResult& run : variant.runs) {
    p99 += run.latency.p99;
    busiest += highest_utilisation(run);
  }
  const auto count = static_cast<double>(variant.runs.size());
  verticalHeaderItem(row->second)
      ->setText(QString("%1\n%2 (mean of %3 of %4)")
                    .arg(nameOf(variant.chosen), findings(p99 / count, busiest / count))
                    .arg(variant.runs.size())
                    .arg(columnCount()));
}

}  // namespace evenkeel::gui

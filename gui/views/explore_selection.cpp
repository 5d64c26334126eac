// Between Explore and the selection: its boxes, and the nodes and zones that are clicked.
#include <QApplication>
#include <QComboBox>

#include "gui/plots/plot_widget.h"
#include "gui/views/choice_menu.h"
#include "gui/views/explore_view.h"

namespace evenkeel::gui {

/// From the boxes to the selection.
void ExploreView::choose() {
  Selected selected = selection_->now();
  const auto variant = static_cast<std::size_t>(std::max(0, variant_->currentIndex()));
  selected.run = variant == selected.variant
                     ? static_cast<std::size_t>(std::max(0, seed_->currentIndex()))
                     : 0;
  selected.variant = variant;
  if (run_) refreshHeatMap();
  selection_->set(selected);
}

/// With Ctrl they join those that are chosen, or leave them where all of them are.
void ExploreView::chooseNodes(const QStringList& nodes, double atSeconds) {
  Selected selected = selection_->now();
  if (!std::isnan(atSeconds)) selected.atSeconds = atSeconds;
  const auto isChosen = [&](const QString& node) { return selected.nodes.contains(node); };
  if (!(QApplication::keyboardModifiers() & Qt::ControlModifier))
    selected.nodes = nodes;
  else if (std::ranges::all_of(nodes, isChosen))
    for (const QString& node : nodes) selected.nodes.removeAll(node);
  else
    selected.nodes += nodes;
  selected.nodes.removeDuplicates();
  selection_->set(selected);
}

/// Of the first chosen node, or of the one that is shown.
void ExploreView::chooseZone() {
  if (!run_) return;
  const auto& rows = heat_->spec().cells.rows;
  const QStringList now = selection_->now().nodes;
  if (now.isEmpty() && rows.empty()) return;
  const std::string node = now.isEmpty() ? rows.front() : now.front().toStdString();
  const auto its = zones_.find(node);
  if (its == zones_.end()) return;
  QStringList nodes;
  for (const std::string& row : rows)
    if (const auto other = zones_.find(row); other != zones_.end() && other->second == its->second)
      nodes << QString::fromStdString(row);
  chooseNodes(nodes);
}

/// From the selection to the boxes.
void ExploreView::follow() {
  if (!data_ || selection_->now().variant >= data_->variants().size()) return;
  const Selected& now = selection_->now();
  variant_->setCurrentIndex(static_cast<int>(now.variant));
  seed_->clear();
  for (const RunResult& run : data_->variants()[now.variant].runs)
    seed_->addItem(QString::number(run.seed));
  seed_->setCurrentIndex(static_cast<int>(now.run));
  offerOnly(now.choice.variants, variant_);
  if (run_ && (!now.range.isSame(shownRange_) || now.choice.classes != shownClasses_))
    refresh();
  else if (run_)
    refreshNodes();
  showCursor(now.atSeconds);
}

}  // namespace evenkeel::gui

// What the trace view shows step by step.
#include <QComboBox>
#include <QTabWidget>
#include <QTableView>

#include "gui/data/trace_plots.h"
#include "gui/views/steps_view.h"
#include "gui/views/trace_view.h"

namespace evenkeel::gui {

/// Of what nobody looks at, no run is repeated.
void TraceView::offerSteps() {
  const int row = table_->currentIndex().row();
  if (!run_ || !data_ || ways_->currentIndex() == 0 || row < 0) return;
  const std::uint64_t request = numberAt(row);
  offer(steps_, run_.get(), request);
  offer(stepsBeside_, other_.get(), request);
}

/// It need not have kept the request: the runs of a seed have the same ones.
void TraceView::offer(StepsView* view, const RunResult* run, std::uint64_t request) const {
  if (run == nullptr) return view->offerNothing();
  for (std::size_t v = 0; v < data_->variants().size(); ++v) {
    const report::Variant& variant = data_->variants()[v];
    for (std::size_t i = 0; i < variant.runs.size(); ++i)
      if (variant.runs[i].seed == run->seed && variant.runs[i].chosen == run->chosen)
        return view->offer({.file = QString::fromStdString(data_->path),
                            .run = data_->runs[v][i],
                            .request = request,
                            .variant = QString::fromStdString(variant.name),
                            .wallSeconds = run->wall_s});
  }
}

void TraceView::useOneScale() {
  double longest = 0;
  for (const StepsView* view : {steps_, stepsBeside_})
    if (view->trace()) longest = std::max(longest, stepsUntil(*view->trace()));
  for (StepsView* view : {steps_, stepsBeside_}) view->showAtLeast(longest);
}

void TraceView::showSteps(bool steps) { ways_->setCurrentIndex(steps ? 1 : 0); }

void TraceView::follow() {
  showSteps(true);
  steps_->follow();
  stepsBeside_->follow();
}

bool TraceView::isBusy() const { return steps_->isBusy() || stepsBeside_->isBusy(); }

}  // namespace evenkeel::gui

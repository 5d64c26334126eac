#include "gui/models/comparison_maker.h"

#include <QApplication>
#include <QPointer>
#include <QThreadPool>

#include "gui/data/compare_plots.h"
#include "gui/data/declared_plots.h"
#include "gui/data/viewport.h"

namespace evenkeel::gui {
namespace {

ComparisonPlots drawnOf(const StudyData& chosen, const std::string& metric) {
  ComparisonPlots plots{.declared = declaredPlots(chosen),
                        .others = comparePlots(chosen, metric_named(metric))};
  eraseDeclared(chosen, plots.others);
  return plots;
}

void reachAsFarAs(const std::vector<PlotSpec>& whole, std::vector<PlotSpec>& specs) {
  for (PlotSpec& spec : specs) {
    const auto its = std::ranges::find(whole, spec.id, &PlotSpec::id);
    if (its != whole.end() && !spec.isPainted()) reachAsFarAs(*its, spec);
  }
}

ComparisonPlots plotsOf(const StudyData& chosen, const ComparisonWish& wish) {
  ComparisonPlots plots = drawnOf(chosen, wish.metric);
  if (wish.choice.variants.empty()) return plots;
  const auto all = chosenOf(wish.study, {.classes = wish.choice.classes});
  const ComparisonPlots whole = drawnOf(*all, wish.metric);
  reachAsFarAs(whole.declared, plots.declared);
  reachAsFarAs(whole.others, plots.others);
  return plots;
}

}  // namespace

ComparisonPlots plotsOf(const ComparisonWish& wish) {
  return plotsOf(*chosenOf(wish.study, wish.choice), wish);
}

void ComparisonMaker::want(ComparisonWish wish) {
  if (isMaking_)
    next_ = std::move(wish);
  else
    start(std::move(wish));
}

void ComparisonMaker::start(ComparisonWish wish) {
  isMaking_ = true;
  QPointer<ComparisonMaker> self(this);  // looked at on this thread only
  QThreadPool::globalInstance()->start([wish = std::move(wish), self] {
    const auto chosen = chosenOf(wish.study, wish.choice);
    const ComparisonVerdicts verdicts{.chosen = chosen,
                                      .table = verdictTable(*chosen, metric_named(wish.metric))};
    QMetaObject::invokeMethod(qApp, [self, verdicts] {
      if (self) emit self->verdictsMade(verdicts);
    });
    const ComparisonPlots plots = plotsOf(*chosen, wish);
    QMetaObject::invokeMethod(qApp, [self, plots] {
      if (!self) return;
      emit self->plotsMade(plots);
      self->finish();
    });
  });
}

void ComparisonMaker::finish() {
  isMaking_ = false;
  if (next_) start(*std::exchange(next_, std::nullopt));
}

}  // namespace evenkeel::gui

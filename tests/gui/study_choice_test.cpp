// What is left of a study of which only some variants and classes are spoken of.
#include "gui/data/study_choice.h"

#include <gmock/gmock.h>

#include "gui/data/compare_plots.h"
#include "gui/data/run_plots.h"
#include "gui/data/viewport.h"
#include "gui/models/comparison_maker.h"
#include "sim/report/chart_kinds.h"
#include "tests/gui/two_classes.h"

namespace evenkeel::gui {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<const StudyData> study() {
  const test::SampleFolder folder;
  auto data = std::make_shared<StudyData>(readStudy(test::studyOfTwoClasses(folder).toStdString()));
  readDetails(*data);
  return data;
}

const PlotSpec& specOf(const std::vector<PlotSpec>& specs, const std::string& id) {
  static const PlotSpec none;
  const auto found = std::ranges::find(specs, id, &PlotSpec::id);
  return found == specs.end() ? none : *found;
}

TEST(StudyChoice, IsAllWhereNothingOrEverythingIsChosen) {
  const auto data = study();
  EXPECT_THAT(classesOf(*data), ElementsAre("ask", "peek"));
  EXPECT_EQ(chosenOf(data, {}), data);
  EXPECT_EQ(chosenOf(data, {.variants = {0, 1, 2}, .classes = {"ask", "peek"}}), data);
  EXPECT_EQ(chosenOf(data, {.variants = {7}, .classes = {"nobody"}}), data);
}

TEST(StudyChoice, KeepsInksUnitsAndVerdictsOfTheVariantsThatAreLeft) {
  const auto chosen = chosenOf(study(), {.variants = {2}});
  const PlotSpec cdf = cdfPlot(*chosen);
  ASSERT_EQ(cdf.curves.size(), 1u);
  EXPECT_EQ(cdf.curves[0].name, "least_loaded");
  EXPECT_EQ(cdf.curves[0].ink, 2u);
  EXPECT_EQ(cdf.table.rows.size(), 1u);
  const Table verdicts = verdictTable(*chosen, metric_named("p99"));
  ASSERT_EQ(verdicts.rows.size(), 1u);
  EXPECT_THAT(verdicts.rows[0].back(), ::testing::StartsWith("better"));  // than what is hidden
  EXPECT_THAT(verdicts.rows[0][8], HasSubstr("-75 %"));
}

TEST(StudyChoice, KeepsTheAxesThatAllVariantsHave) {
  const auto data = study();
  const auto wholeX = [](const PlotSpec& spec) {
    return wholeOf(PlotSummary(std::make_shared<const PlotSpec>(spec)));
  };
  const ComparisonPlots all = plotsOf({.study = data, .metric = "p99"});
  const ComparisonPlots one =
      plotsOf({.study = data, .choice = {.variants = {2}}, .metric = "p99"});
  for (const char* id : {"percentiles", "box", "pareto"}) {
    const PlotSpec &before = specOf(all.others, id), &after = specOf(one.others, id);
    ASSERT_FALSE(after.isEmpty()) << id;
    EXPECT_EQ(wholeX(after).y, wholeX(before).y) << id;
  }
  EXPECT_EQ(wholeX(specOf(one.declared, "energy")).x, wholeX(specOf(all.declared, "energy")).x);
  EXPECT_EQ(specOf(one.declared, "energy").y.categories.size(), 1u);
}

TEST(StudyChoice, SpeaksOfOneClassAsTheRunsHaveIt) {
  const auto data = study();
  const auto chosen = chosenOf(data, {.classes = {"peek"}});
  const RunResult& run = chosen->variants()[0].runs[0];
  EXPECT_EQ(run.tally.sent, 6000u);
  EXPECT_EQ(run.tally.lost(), 0u);
  EXPECT_EQ(run.latency.p99, data->variants()[0].runs[0].classes[1].latency.p99);
  EXPECT_EQ(chosen->variants()[0].tally.completed, 6000u * test::seeds);
  const PlotSpec cdf = cdfPlot(*chosen);
  EXPECT_DOUBLE_EQ(cdf.curves[0].points.back().second, 100);  // what is lost is of `ask`
  EXPECT_DOUBLE_EQ(cdf.curves[0].points.back().first, 20);
  EXPECT_EQ(chosen->variants()[0].over_classes("sent_rate").front(), 0.2);
}

TEST(StudyChoice, MergesHistogramsOfSeveralClasses) {
  RunResult run = test::runOfTwoClasses(2, 1);
  run.classes.push_back({.name = "third", .tally = {.sent = 1, .completed = 1}});
  const RunResult both = ofClasses(run, {"ask", "peek"});
  EXPECT_EQ(both.classes.size(), 2u);
  EXPECT_EQ(both.latency.samples, 10'000u);
  EXPECT_DOUBLE_EQ(both.latency.p50, 0.015);  // the middle of the peeks' bin
  EXPECT_DOUBLE_EQ(both.latency.p99, 0.15);
  const double ask = run.classes[0].latency.mean, peek = run.classes[1].latency.mean;
  EXPECT_DOUBLE_EQ(both.latency.mean, (4000 * ask + 6000 * peek) / 10'000);
}

TEST(StudyChoice, IsSaidInEveryPlotAndWhereItCannotBeFollowed) {
  const ComparisonPlots plots =
      plotsOf({.study = study(), .choice = {.classes = {"ask"}}, .metric = "energy"});
  const std::string only = "Only requests of ask.";
  const std::string unknown = "Not known by class: of all classes together.";
  EXPECT_THAT(specOf(plots.declared, "latency_cdf").notes, Contains(only));
  EXPECT_THAT(specOf(plots.declared, "load_over_time").notes, Contains(only));
  EXPECT_THAT(specOf(plots.declared, "energy").notes, Contains(unknown));
  EXPECT_THAT(specOf(plots.others, "busiest").notes, Contains(unknown));
  EXPECT_THAT(specOf(plots.others, "differences").notes, Contains(unknown));
  EXPECT_THAT(specOf(plots.others, "pareto").notes, Contains("Bytes are of all classes."));
  for (const PlotSpec& spec : plots.others)
    EXPECT_TRUE(std::ranges::count(spec.notes, only) + std::ranges::count(spec.notes, unknown) == 1)
        << spec.id;
}

TEST(StudyChoice, NamesAFewAndCountsTheRest) {
  EXPECT_EQ(listed({"a"}), "a");
  EXPECT_EQ(listed({"a", "b"}), "a and b");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(listed({"a", "b", "c", "d"}), "a, b and 2 more");
}

TEST(StudyChoice, RanksARequestAmongItsClasses) {
  const RunResult run = test::runOfTwoClasses(0, 1);
  const KeptRequest& peek = run.requests[1];
  EXPECT_EQ(rankOf(run, peek), "38.8 % of the completed requests took longer");
  EXPECT_EQ(rankOf(run, peek, {"peek"}), "no completed request of peek took longer");
  EXPECT_EQ(rankOf(run, peek, {"ask"}), "100 % of the completed requests of ask took longer");
}

}  // namespace
}  // namespace evenkeel::gui

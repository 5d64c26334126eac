// What a scenario declares is drawn in the window as in a report.
#include "gui/data/declared_plots.h"

#include <gmock/gmock.h>

#include "gui/data/compare_plots.h"
#include "sim/report/chart_kinds.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// With what every kind of chart needs.
StudyData full() {
  StudyData data = test::SampleFolder{}.whole();
  std::size_t v = 0;
  for (report::Variant& variant : data.study.variants) {
    for (RunResult& run : variant.runs) {
      run.imbalance_utilisation = {.max_over_mean = 2, .cv = 1, .jain = 0.5};
      run.mpc.protocol = "shamir";
      run.mpc.security = std::string(security_classes[v + 1]);
      run.mpc.trusted = v == 1 ? "a dealer" : "nobody";
      run.mpc.answered = 10;
      run.mpc.latency_offline = 0;
      run.mpc.latency_online = 0.1 * static_cast<double>(3 - v);
      run.mpc.bytes_offline = 0;
      run.mpc.bytes_online = 1000 * static_cast<double>(v + 1);
    }
    ++v;
  }
  for (const ChartKind& kind : chart_kinds()) data.study.info.charts.emplace_back(kind.name);
  return data;
}

TEST(DeclaredPlots, DrawEveryKindWithTheHeadingsAndTablesOfAReport) {
  const StudyData data = full();
  const std::vector<PlotSpec> plots = declaredPlots(data);
  for (const ChartKind& kind : chart_kinds()) {
    const auto chart = report::make_chart(kind.name, data.study);
    ASSERT_TRUE(chart) << kind.name;
    std::size_t panels = 0;
    for (const PlotSpec& spec : plots) {
      if (!spec.id.starts_with(kind.name)) continue;
      ++panels;
      EXPECT_TRUE(spec.title.starts_with(chart->heading)) << spec.title;
      EXPECT_EQ(spec.explanation, chart->explanation);
      EXPECT_EQ(toCsv(spec.table), toCsv(chart->table)) << kind.name;
      EXPECT_FALSE(spec.command.empty());
    }
    EXPECT_EQ(panels, chart->panels.size()) << kind.name;
  }
}

TEST(DeclaredPlots, AreOnlyThoseThatAreDeclared) {
  StudyData data = full();
  data.study.info.charts = {"energy", "phases"};
  const std::vector<PlotSpec> plots = declaredPlots(data);
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[0].id, "phases");  // in the order of a report
  EXPECT_EQ(plots[1].id, "energy");
  std::vector<PlotSpec> others = comparePlots(data, metric_named("p99"));
  const std::size_t before = others.size();
  eraseDeclared(data, others);
  EXPECT_EQ(others.size(), before - 2);
}

TEST(DeclaredPlots, HaveOneScaleOfColoursForAllVariants) {
  const StudyData data = full();
  const std::vector<PlotSpec> queues = meanHeatMaps(data, "mean_queue");
  ASSERT_EQ(queues.size(), 3u);
  EXPECT_EQ(queues[0].cells.high, queues[1].cells.high);
  EXPECT_GE(queues[0].cells.high, 0.95 * 3);  // the longest queue of any
  EXPECT_EQ(meanHeatMaps(data, "utilisation")[2].cells.high, 1);
}

TEST(PrivacyPlot, HasTheClassesShapesAndTheFront) {
  const PlotSpec spec = privacyPlot(full());
  const auto curveOf = [&](std::string_view name) {
    return *std::ranges::find(spec.curves, name, &PlotCurve::name);
  };
  EXPECT_EQ(curveOf("malicious, with abort").shape, MarkShape::triangle);
  EXPECT_EQ(curveOf("semi-honest, dishonest majority").shape, MarkShape::diamond);
  EXPECT_TRUE(std::ranges::any_of(spec.curves, [](const PlotCurve& curve) {
    return curve.hollow && curve.labels == std::vector<std::string>{"random"};
  }));
  const PlotCurve front = curveOf("the front");
  EXPECT_TRUE(front.muted);
  ASSERT_EQ(front.points.size(), 7u);
  EXPECT_DOUBLE_EQ(front.points[1].first, 100);  // ms: the soonest, with the most bytes
  EXPECT_DOUBLE_EQ(front.points[1].second, 3);   // kB
  EXPECT_DOUBLE_EQ(front.points[5].first, 300);
}

TEST(AgainstLoadPlots, HaveAPlotAPercentileWithBandsAndSayWhereSamplesAreTooFew) {
  StudyData data = test::SampleFolder{}.whole();
  data.study.info.matrix = {{"rate", {"9 /s", "10 /s", "11 /s"}}};
  const char* rates[] = {"10 /s", "9 /s", "11 /s"};
  for (std::size_t v = 0; v < 3; ++v) data.study.variants[v].chosen = {{"rate", rates[v]}};
  for (RunResult& run : data.study.variants[2].runs) run.latency.samples = 500;
  const std::vector<PlotSpec> plots = againstLoadPlots(data);
  ASSERT_EQ(plots.size(), 5u);
  const PlotSpec& p99 = plots[3];
  EXPECT_THAT(p99.title, HasSubstr("p99 latency against rate"));
  ASSERT_EQ(p99.curves.size(), 1u);
  const PlotCurve& curve = p99.curves[0];
  EXPECT_EQ(curve.points[0].first, 9);  // sorted by load, not by variant
  EXPECT_EQ(curve.points[1].first, 10);
  EXPECT_LT(curve.intervals[0].first, curve.points[0].second);
  EXPECT_TRUE(std::isnan(curve.points[2].second));  // 5 samples are beyond it
  EXPECT_THAT(p99.notes, Contains("p99: too few samples (least_loaded)."));
}

TEST(FewSamples, AreSaidInOneLineWhereNoVariantHasEnough) {
  StudyData data = test::SampleFolder{}.whole();
  for (report::Variant& variant : data.study.variants)
    for (RunResult& run : variant.runs) run.latency.samples = 50;
  EXPECT_THAT(percentilesPlot(data).notes,
              Contains("p90, p95, p99, p99.9: too few samples (all variants)."));
}

}  // namespace
}  // namespace evenkeel::gui

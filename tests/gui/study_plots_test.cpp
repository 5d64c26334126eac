// What the data layer makes of a study whose numbers are known.
#include <gmock/gmock.h>

#include <cmath>

#include "gui/data/compare_plots.h"
#include "gui/data/run_plots.h"
#include "gui/data/zones.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

using test::SampleFolder;
using ::testing::HasSubstr;

TEST(StudyData, ReadsScalarsFirstAndDetailsLater) {
  const SampleFolder sample;
  StudyData data = readStudy(sample.study().toStdString());
  ASSERT_EQ(data.variants().size(), 3u);
  EXPECT_FALSE(data.hasDetails);
  EXPECT_TRUE(cdfPlot(data).curves.empty());
  readDetails(data);
  EXPECT_EQ(cdfPlot(data).curves.size(), 3u);
}

TEST(ComparePlots, TopOutAtTheShareThatWasNotLost) {
  const StudyData data = SampleFolder{}.whole();
  const PlotSpec cdf = cdfPlot(data);
  EXPECT_DOUBLE_EQ(cdf.curves[0].points.back().second, 98);
  EXPECT_DOUBLE_EQ(cdf.curves[1].points.back().second, 100);
  EXPECT_THAT(cdf.curves[0].name, HasSubstr("2 % lost"));
}

TEST(ComparePlots, GiveEveryMeanItsInterval) {
  const StudyData data = SampleFolder{}.whole();
  for (const PlotSpec& spec : {percentilesPlot(data), energyPlot(data), paretoPlot(data)})
    for (const PlotCurve& curve : spec.curves) {
      ASSERT_EQ(curve.intervals.size(), curve.points.size()) << spec.id;
      EXPECT_FALSE(std::isnan(curve.intervals.front().first)) << spec.id;
    }
}

TEST(ComparePlots, SayWhereOneSeedAllowsNoInterval) {
  const SampleFolder sample;
  const std::string path = sample.path("one.evenkeel").toStdString();
  test::writeSample(path, 1);
  const PlotSpec spec = energyPlot(readStudy(path));
  EXPECT_TRUE(std::isnan(spec.curves.front().intervals.front().first));
  EXPECT_THAT(spec.notes, ::testing::Contains(HasSubstr("one seed only")));
}

TEST(ComparePlots, LeaveOutPercentilesOfTooFewSamples) {
  const SampleFolder sample;
  StudyData data = sample.whole();
  for (RunResult& run : data.study.variants[0].runs) run.latency.samples = 2000;
  const PlotSpec spec = percentilesPlot(data);
  EXPECT_EQ(spec.curves[0].points.size(), 4u);  // no p99.9: two samples are beyond it
  EXPECT_EQ(spec.curves[1].points.size(), 5u);
  EXPECT_THAT(spec.notes, ::testing::Contains("p99.9: too few samples (nearest)."));
}

TEST(ComparePlots, MarkWhatAnotherBeatsInBoth) {
  const PlotSpec spec = paretoPlot(SampleFolder{}.whole());
  EXPECT_TRUE(spec.curves[0].hollow);
  EXPECT_FALSE(spec.curves[2].hollow);
}

TEST(VerdictTable, CallsBetterWhatTheSeedsShow) {
  const Table table = verdictTable(SampleFolder{}.whole(), metric_named("p99"));
  EXPECT_EQ(table.rows[0].back(), "baseline");
  EXPECT_THAT(table.rows[2].back(), ::testing::StartsWith("better"));
  EXPECT_THAT(table.rows[2][8], HasSubstr("-75 %"));  // a quarter of the baseline's
}

TEST(HeatMap, PutsTheBusiestNodeFirstOnAFixedScale) {
  const RunResult run = test::sampleRun(0, 1);
  const PlotSpec spec = heatMap(run, {});
  EXPECT_EQ(spec.cells.rows.front(), "edge/site 4");
  EXPECT_EQ(spec.cells.low, 0);
  EXPECT_EQ(spec.cells.high, 1);
  EXPECT_EQ(heatMap(run, {.order = RowOrder::byName}).cells.rows.front(), "edge/site 1");
}

TEST(FairnessOverTime, IsJainsIndex) {
  const RunResult run = test::sampleRun(0, 1);
  const double sum = 0.95 + 3 * 0.1, squares = 0.95 * 0.95 + 3 * 0.01;
  EXPECT_NEAR(fairnessOverTime(run).curves[0].points[0].second, sum * sum / (4 * squares), 1e-12);
  EXPECT_NEAR(fairnessOverTime(test::sampleRun(1, 1)).curves[0].points[0].second, 1, 1e-12);
}

TEST(HeatMap, SortsByZoneAndWithinByLoad) {
  const RunResult run = test::sampleRun(0, 1);
  HeatMapChoice choice{.order = RowOrder::byZone};
  choice.zones = {
      {"edge/site 1", "b"}, {"edge/site 2", "a"}, {"edge/site 3", "b"}, {"edge/site 4", "b"}};
  EXPECT_THAT(heatMap(run, choice).cells.rows,
              ::testing::ElementsAre("edge/site 2", "edge/site 4", "edge/site 1", "edge/site 3"));
  EXPECT_EQ(heatMap(run, choice).table.rows[0].back(), "a");
}

TEST(TimeRange, RestrictsWhatPlotsSpeakOf) {
  RunResult run = test::sampleRun(0, 1);
  for (Series& series : run.series)
    if (series.name == "utilisation" && series.subject == "edge/site 1")
      for (std::size_t b = 5; b < 10; ++b) series.values[b] = 1;
  const TimeRange range{.from = 5, .to = 9.5};
  const PlotSpec map = heatMap(run, {.range = range});
  EXPECT_EQ(map.cells.rows.front(), "edge/site 1");  // busier than the hot one, in this range
  EXPECT_EQ(map.cells.values.front().size(), 5u);
  EXPECT_EQ(map.cells.from, 5);
  EXPECT_EQ(map.x.low, 5);
  EXPECT_EQ(ratesOverTime(run, range).curves[0].points.size(), 5u);
  EXPECT_EQ(loadOfNodes(run, range).table.rows[0][1], "1");
  EXPECT_EQ(eventsOverTime(run, range).table.rows.size(), 2u);
  EXPECT_EQ(eventsOverTime(run, {.from = 6, .to = 9}).table.rows.size(), 1u);
  EXPECT_EQ(slowestRequests(run, {.range = {.from = 0.1, .to = 0.2}}).size(), 11u);
}

TEST(ZonesOf, FollowLinksToTheNearestRegion) {
  Topology topology;
  topology.places = {{.name = "cloud", .tier = "cloud", .nodes = {"c"}},
                     {.name = "west", .tier = "region"},
                     {.name = "east", .tier = "region"},
                     {.name = "w1", .tier = "site", .nodes = {"edge/w1"}},
                     {.name = "home", .tier = "device", .nodes = {"hub"}}};
  topology.links = {
      {.from = 0, .to = 1}, {.from = 0, .to = 2}, {.from = 1, .to = 3}, {.from = 3, .to = 4}};
  const auto zones = zonesOf(topology);
  EXPECT_EQ(zones.at("c"), "cloud");
  EXPECT_EQ(zones.at("edge/w1"), "west");
  EXPECT_EQ(zones.at("hub"), "west");
}

TEST(RequestsOverTime, DrawsTheCompletedAndSaysWhatIsMissing) {
  RunResult run = test::sampleRun(0, 1);
  run.requests[3].record.end = RequestEnd::dropped;
  run.requests_in_all = 1000;
  const PlotSpec spec = requestsOverTime(run);
  ASSERT_EQ(spec.curves.size(), 1u);
  EXPECT_EQ(spec.curves[0].points.size(), 39u);
  EXPECT_TRUE(std::ranges::is_sorted(spec.curves[0].points));
  EXPECT_EQ(spec.table.rows.front().front(), "39");
  EXPECT_THAT(spec.notes, ::testing::Contains(HasSubstr("40 of 1")));
  EXPECT_THAT(spec.notes, ::testing::Contains(HasSubstr("1 of the 40 were lost")));
}

TEST(LoadSpreadOverTime, GoesFromTheIdlestToTheBusiest) {
  const PlotSpec spec = loadSpreadOverTime(test::sampleRun(0, 1));
  EXPECT_EQ(spec.curves.front().points[0].second, 0.95);
  EXPECT_EQ(spec.curves.back().points[0].second, 0.1);
}

TEST(Waterfall, PutsThePhasesEndToEnd) {
  const RunResult run = test::sampleRun(0, 1);
  const std::vector<std::size_t> order = slowestRequests(run);
  EXPECT_EQ(run.requests[order.front()].record.number, 39u);
  const PlotSpec spec = waterfall(run, run.requests[order.front()], 0);
  ASSERT_EQ(spec.spans.size(), 5u);
  for (std::size_t i = 1; i < spec.spans.size(); ++i)
    EXPECT_DOUBLE_EQ(spec.spans[i].from, spec.spans[i - 1].to);
  EXPECT_NEAR(spec.spans.back().to, 10 + 0.001 * 4 * 39 * 1000 + 20 + 5, 1e-6);
}

TEST(SlowestRequests, AreOfOneServerWhereItIsNamed) {
  const RunResult run = test::sampleRun(1, 1);
  const std::vector<std::size_t> order = slowestRequests(run, {.servers = {"edge/site 2"}});
  ASSERT_EQ(order.size(), 10u);
  for (const std::size_t i : order) EXPECT_EQ(serverOf(run, run.requests[i]), "edge/site 2");
}

}  // namespace
}  // namespace evenkeel::gui

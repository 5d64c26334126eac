#include "sim/report/report.h"

#include <gmock/gmock.h>

#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "sim/report/chart_kinds.h"
#include "sim/report/charts.h"
#include "tests/metrics/sample_result.h"

namespace evenkeel {
namespace {

using test::sample_result;
using test::TemporaryFile;
using testing::HasSubstr;
using testing::Not;

constexpr const char* hostile = "<script>alert('&\"]]>')</script>\x01\xff";

/// The page, which must be well-formed XML after its doctype.
pugi::xml_document parsed(const std::string& page) {
  pugi::xml_document document;
  const auto result = document.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(result) << result.description() << " at "
                      << page.substr(static_cast<std::size_t>(
                                         std::max<std::ptrdiff_t>(result.offset - 60, 0)),
                                     120);
  return document;
}

std::size_t count(const pugi::xml_document& page, const char* path) {
  return page.select_nodes(path).size();
}

std::string report_of(const ResultFile& file, std::span<const ComparisonRow> comparison = {}) {
  std::ostringstream out;
  write_report(file, comparison, out);
  return out.str();
}

class Report : public testing::Test {
 protected:
  Report() : place_("report.evk"), file_(place_.path(), ResultFile::Mode::write) {}

  void add_study(const std::vector<std::string>& policies, std::vector<std::string> charts = {}) {
    file_.put_study({.scenario_hash = "0123",
                     .name = "city cameras",
                     .question = "Does it help to ask two?",
                     .scenario_text = "name: city cameras\n",
                     .charts = std::move(charts),
                     .baseline = policies.front()});
    for (const std::string& policy : policies) {
      for (const std::uint64_t seed : {1, 2}) file_.add_run(sample_result(seed, policy));
    }
  }

  TemporaryFile place_;
  ResultFile file_;
};

TEST_F(Report, IsWellFormedAndNeedsNothingElse) {
  add_study({"nearest", "random"});
  const std::string page = report_of(file_);
  const auto document = parsed(page);
  EXPECT_EQ(count(document, "//svg[not(title)]"), 0U);
  EXPECT_EQ(count(document, "//figure[not(details/div/table)]"), 0U);
  EXPECT_EQ(count(document, "//script"), 0U);
  EXPECT_EQ(count(document, "//*[@src]"), 0U);
  EXPECT_EQ(count(document, "//*[@href]"), 0U);
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  EXPECT_THAT(page, HasSubstr("Does it help to ask two?"));
}

TEST_F(Report, ShowsEveryKindThereIsDataFor) {
  add_study({"nearest", "random"});
  EXPECT_EQ(count(parsed(report_of(file_)), "//figure"), chart_kinds().size());
}

TEST_F(Report, ShowsOnlyTheChartsAskedFor) {
  add_study({"nearest"}, {"energy", "latency_cdf"});
  const auto document = parsed(report_of(file_));
  ASSERT_EQ(count(document, "//figure"), 2U);
  EXPECT_STREQ(document.select_node("(//h3)[1]").node().text().get(), "Latency, cumulative");
}

TEST_F(Report, TakesTheRunsOfAllSeedsTogether) {
  add_study({"nearest", "random"});
  const auto document = parsed(report_of(file_));
  EXPECT_EQ(count(document, "(//table)[1]/tbody/tr"), 2U);
  EXPECT_STREQ(document.select_node("(//table)[1]/tbody/tr[1]/td[1]").node().text().get(),
               "nearest");
  EXPECT_EQ(count(document, "(//table)[1]/tbody/tr[@class='base']"), 1U);
}

TEST_F(Report, EscapesWhateverAScenarioIsCalled) {
  RunResult run = sample_result(1, hostile);
  for (auto* name : {&run.nodes[0].name, &run.sites[0].name, &run.classes[0].name}) *name = hostile;
  for (Series& series : run.series) series.subject = hostile;
  for (LatencyHistogram& histogram : run.histograms) {
    if (histogram.subject == "detect") histogram.subject = hostile;
  }
  run.events[0].kind = hostile;
  run.scenario = hostile;
  file_.put_study({.scenario_hash = run.scenario_hash,
                   .name = hostile,
                   .question = hostile,
                   .scenario_text = hostile});
  file_.add_run(run);
  const std::vector<ComparisonRow> comparison = {{.variant = hostile, .verdict = hostile}};
  const std::string page = report_of(file_, comparison);
  EXPECT_EQ(count(parsed(page), "//script"), 0U);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_EQ(page.find('\x01'), std::string::npos);
}

TEST_F(Report, SaysWhatTheComparisonConcluded) {
  add_study({"nearest"});
  const std::vector<ComparisonRow> comparison = {{.variant = "random",
                                                  .metric = "p99",
                                                  .unit = "s",
                                                  .mean = 0.08,
                                                  .difference = -0.02,
                                                  .low = -0.03,
                                                  .high = -0.01,
                                                  .verdict = "better"}};
  const auto document = parsed(report_of(file_, comparison));
  const auto row = document.select_node("(//table)[1]/tbody/tr[1]").node();
  EXPECT_STREQ(row.child("td").text().get(), "random");
  EXPECT_STREQ(row.select_node("td[4]").node().text().get(), "−20 ms");
  EXPECT_STREQ(row.select_node("td[5]").node().text().get(), "−30 ms to −10 ms");
  EXPECT_STREQ(row.select_node("td[@class='better']").node().text().get(), "better");
}

TEST_F(Report, StaysWholeWithManyVariants) {
  std::vector<std::string> policies;
  for (int i = 0; i < 20; ++i) policies.push_back("policy " + std::to_string(i));
  add_study(policies);
  EXPECT_EQ(count(parsed(report_of(file_)), "(//table)[1]/tbody/tr"), 20U);
}

TEST_F(Report, SaysThatThereAreNoRuns) {
  EXPECT_THAT(report_of(file_), HasSubstr("no runs yet"));
  file_.put_study({.scenario_hash = "1", .name = "planned"});
  const std::string page = report_of(file_);
  parsed(page);
  EXPECT_THAT(page, HasSubstr("no finished runs"));
}

TEST_F(Report, DrawsARunInWhichNothingHappened) {
  RunRecorder recorder(test::one_server(seconds(10)));
  file_.add_run(recorder.finish({}));
  parsed(report_of(file_));
}

TEST(ChartKinds, AreAllDrawnAndDescribed) {
  std::set<std::string_view> names;
  for (const ChartKind& kind : chart_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.summary.empty());
    EXPECT_FALSE(report::make_chart(kind.name, {}).has_value()) << kind.name;
  }
  EXPECT_TRUE(names.contains("utilisation_heat_map"));
}

}  // namespace
}  // namespace evenkeel

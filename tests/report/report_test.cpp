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

TEST_F(Report, DrawsAPointForEachProtocolWithItsNameAndSaysWhatIsModelled) {
  const auto add = [this](const std::string& protocol, std::size_t its_class, double latency_s,
                          double sent_bytes, const std::string& trusted) {
    RunResult run = sample_result(1, protocol);
    run.mpc.security = security_classes[its_class];
    run.mpc.trusted = trusted;
    run.mpc.latency_online = latency_s;
    run.mpc.bytes_online = sent_bytes;
    run.mpc.modelled = protocol == "enclave" ? "modelled" : "";
    file_.add_run(run);
  };
  file_.put_study({.scenario_hash = "0123", .name = "private", .charts = {"privacy_strategies"}});
  add("replicated3", 2, 0.1, 1000, "nobody");
  add("shamir", 2, 0.2, 2000, "nobody");
  add("spdz", 1, 0.4, 1e6, "the dealer");
  add("enclave", 1, 0.3, 5000, "the vendor");
  add("plaintext", 4, 0.01, 10, "seat 0");
  const auto page = parsed(report_of(file_));
  ASSERT_EQ(count(page, "//figure"), 1U);
  EXPECT_EQ(count(page, "//figure//svg/*[contains(@class, 'dot')][title]"), 5U);
  EXPECT_EQ(count(page, "//figure//svg/polyline[title]"), 1U);  // the front
  // Best of their classes: spdz takes longer and sends more than enclave, shamir than replicated3.
  const auto has_label = [&page](const std::string& label, const std::string& its_class) {
    return count(page,
                 ("//figure//svg/text[@class='" + its_class + "'][contains(., '" + label + "')]")
                     .c_str()) == 1U;
  };
  EXPECT_TRUE(has_label("replicated3", "strong"));
  EXPECT_TRUE(has_label("enclave (modelled)", "strong"));
  EXPECT_TRUE(has_label("shamir", "tick"));
  EXPECT_TRUE(has_label("spdz", "tick"));
  // Hollow: two that trust somebody, and the legend's.
  EXPECT_EQ(count(page, "//figure//svg/*[@class='dot'][contains(@style, 'var(--card)')]"), 3U);
  EXPECT_EQ(count(page, "//table[.//th[text()='who may collude']]/tbody/tr"), 5U);
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

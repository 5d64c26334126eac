#include "gui/data/scenario_text.h"

#include <gmock/gmock.h>

namespace evenkeel::gui {
namespace {

using ::testing::ElementsAre;

const std::string written = R"(# what all of this is
name: köln          # a city
duration: 60 s
topology:
  generate: {star: {n: 3, latency: 5 ms, bandwidth: 1 Gbit/s}}   # assumed
devices:
  camera: {at: cloud, count: 50, link: {latency: 3 ms, bandwidth: 50 Mbit/s}}
workload:
  ask:
    from: camera
    rate: 3.6 /s      # load 0.6
    note: "a # in quotes"
  öl: {from: camera, rate: 1 /s}
balancing:
  # who decides
  policy: {power_of_d: {d: 2}}  # of two
  servers: [hub,
            cloud]
compare: {seeds: 5}
)";

std::string changed(const std::string& text, const FieldPath& path, const std::string& value) {
  const auto edit = ScenarioText(text).set(path, value);
  return edit ? applied(text, *edit) : "refused";
}

/// The text with this piece replaced.
std::string with(const std::string& before, const std::string& after) {
  std::string text = written;
  return text.replace(text.find(before), before.size(), after);
}

TEST(ScenarioText, ReadsValuesAsTheyAreWritten) {
  const ScenarioText text(written);
  ASSERT_TRUE(text.isReadable());
  EXPECT_EQ(text.value({"duration"}), "60 s");
  EXPECT_EQ(text.value({"name"}), "köln");
  EXPECT_EQ(text.value({"devices", "camera", "link", "bandwidth"}), "50 Mbit/s");
  EXPECT_EQ(text.value({"workload", "öl", "rate"}), "1 /s");
  EXPECT_EQ(text.value({"workload", "ask", "note"}), "\"a # in quotes\"");
  EXPECT_EQ(text.value({"balancing", "policy"}), "{power_of_d: {d: 2}}");
  EXPECT_EQ(text.value({"balancing", "servers"}), std::nullopt);  // of two lines
  EXPECT_EQ(text.value({"balancing", "knowledge"}), std::nullopt);
  EXPECT_EQ(text.line({"workload", "ask", "rate"}), 11);
}

TEST(ScenarioText, FindsFieldsByTheirPattern) {
  const ScenarioText text(written);
  EXPECT_THAT(
      text.fieldsLike({"workload", "*", "rate"}),
      ElementsAre(FieldPath{"workload", "ask", "rate"}, FieldPath{"workload", "öl", "rate"}));
  EXPECT_THAT(text.fieldsLike({"topology", "**", "latency"}),
              ElementsAre(FieldPath{"topology", "generate", "star", "latency"}));
}

TEST(ScenarioText, ChangesOneValueAndLeavesCommentsAlone) {
  EXPECT_EQ(changed(written, {"duration"}, "2 min"), with("60 s", "2 min"));
  EXPECT_EQ(changed(written, {"workload", "ask", "rate"}, "10 /s"),
            with("3.6 /s      # load", "10 /s      # load"));
  EXPECT_EQ(changed(written, {"topology", "generate", "star", "latency"}, "1 us"),
            with("latency: 5 ms", "latency: 1 us"));
  EXPECT_EQ(changed(written, {"balancing", "policy"}, "random"),
            with("{power_of_d: {d: 2}}", "random"));
  EXPECT_EQ(changed(written, {"balancing", "policy"}, "power_of_d: {d: 3}"),
            with("{power_of_d: {d: 2}}", "{power_of_d: {d: 3}}"));
}

TEST(ScenarioText, AddsWhatIsMissingWhereItBelongs) {
  EXPECT_EQ(changed(written, {"compare", "baseline"}, "random"),
            with("{seeds: 5}", "{seeds: 5, baseline: random}"));
  EXPECT_EQ(changed(written, {"balancing", "knowledge"}, "own"),
            with("# of two\n", "# of two\n  knowledge: own\n"));
  EXPECT_EQ(changed(written, {"warm_up"}, "5 s"), with("# a city\n", "# a city\nwarm_up: 5 s\n"));
  EXPECT_EQ(changed("a:\n  b: 1\n", {"compare", "seeds"}, "3"),
            "a:\n  b: 1\ncompare: {seeds: 3}\n");
}

TEST(ScenarioText, RefusesWhatWouldSaySomethingElse) {
  EXPECT_EQ(changed(written, {"compare", "seeds"}, "5, metric: p50"), "refused");
  EXPECT_EQ(changed(written, {"duration"}, "60 s # long"), "refused");
  EXPECT_EQ(changed(written, {"duration"}, "1 s\nname: x"), "refused");
  EXPECT_EQ(changed(written, {"duration"}, "{"), "refused");
  EXPECT_EQ(changed(written, {"duration"}, "\""), "refused");
  EXPECT_EQ(changed(written, {"duration", "more"}, "1"), "refused");
  EXPECT_EQ(changed(written, {"balancing", "servers"}, "hub"), "refused");
  EXPECT_EQ(changed("a: [", {"a"}, "1"), "refused");
  EXPECT_EQ(changed("", {"a"}, "1"), "refused");
}

}  // namespace
}  // namespace evenkeel::gui

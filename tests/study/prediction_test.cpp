// Predicted against measured, by hand.
#include "sim/study/prediction.h"

#include <gmock/gmock.h>

namespace evenkeel::test {
namespace {

RunResult run_of(const std::string& world, std::uint64_t seed, double mean_s) {
  RunResult run;
  run.world = world;
  run.seed = seed;
  run.classes.push_back({.name = "ask", .throughput = 100, .latency = {.mean = mean_s}});
  run.nodes.push_back({.name = "server", .serves = true, .utilisation = 0.5});
  run.nodes.push_back({.name = "gateway", .serves = false, .utilisation = 0});
  run.lateness_p50 = world == "sockets" ? 1e-4 : no_value;
  run.lateness_p99 = world == "sockets" ? 1e-3 : no_value;
  return run;
}

const Prediction& row(const PredictedPair& pair, std::string_view quantity) {
  return *std::ranges::find(pair.rows, quantity, &Prediction::quantity);
}

TEST(Predictions, ComparesTheSeedsThatBothWorldsHave) {
  const std::vector<VariantRuns> variants{
      {.chosen = {{"world", "simgrid"}},
       .runs = {run_of("simgrid", 1, 0.99), run_of("simgrid", 2, 2.02), run_of("simgrid", 3, 9)}},
      {.chosen = {{"world", "sockets"}},
       .runs = {run_of("sockets", 2, 2), run_of("sockets", 1, 1)}}};
  const auto pairs = predictions(variants);
  ASSERT_EQ(pairs.size(), 1u);
  const Prediction& mean = row(pairs[0], "mean");
  EXPECT_EQ(mean.request_class, "ask");
  EXPECT_DOUBLE_EQ(mean.predicted, (0.99 + 2.02) / 2);
  EXPECT_DOUBLE_EQ(mean.measured, 1.5);
  EXPECT_NEAR(mean.error.mean, (-0.01 + 0.01) / 2, 1e-12);
  EXPECT_EQ(mean.error.values, 2u);
  EXPECT_DOUBLE_EQ(row(pairs[0], "utilisation").measured, 0.5);
  EXPECT_DOUBLE_EQ(pairs[0].lateness_p50_s, 1e-4);
}

TEST(Predictions, PairsWhatDiffersInNothingElse) {
  const auto variant = [](const std::string& world, const std::string& policy) {
    return VariantRuns{.chosen = {{"world", world}, {"balancing.policy", policy}},
                       .runs = {run_of(world, 1, 1)}};
  };
  const auto pairs = predictions({variant("simgrid", "random"), variant("simgrid", "nearest"),
                                  variant("sockets", "nearest"), variant("sockets", "random")});
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].simulated, 0u);
  EXPECT_EQ(pairs[0].measured, 3u);
  EXPECT_EQ(pairs[1].simulated, 1u);
  EXPECT_EQ(pairs[1].measured, 2u);
}

TEST(Predictions, AreNoneWithoutARealRun) {
  EXPECT_TRUE(predictions({{.runs = {run_of("simgrid", 1, 1)}}}).empty());
  EXPECT_TRUE(predictions({}).empty());
}

}  // namespace
}  // namespace evenkeel::test

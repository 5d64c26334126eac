// hedged and work_stealing, which wrap another policy.
#include <gtest/gtest.h>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

TEST(WorkStealing, TellsTheServersToStealAndPlacesAsAsked) {
  HandDriven driven{
      "work_stealing",
      alike(3),
      {.values = {{"victims", 3}, {"threshold", 4}, {"half", 1}, {"retry", 0.5}, {"d", 3}},
       .names = {{"placement", "power_of_d"}}}};
  const ServerRules rules = driven.policy->rules();
  EXPECT_TRUE(rules.steal);
  EXPECT_EQ(rules.victims, 3U);
  EXPECT_EQ(rules.steal_threshold, 4U);
  EXPECT_TRUE(rules.steal_half);
  EXPECT_EQ(rules.steal_retry, seconds(0.5));
  driven.beliefs.loads = {2, 1, 2};
  EXPECT_EQ(driven.counts(20)[1], 20);
}

TEST(WorkStealing, KeepsTheRulesOfItsPlacement) {
  HandDriven driven{"work_stealing", alike(3), {.names = {{"placement", "join_idle_queue"}}}};
  EXPECT_EQ(driven.policy->rules().idle_report, ServerRules::IdleReport::random);
  driven.policy->idle(2, {});
  EXPECT_EQ(driven.policy->idle_count(), 1U);
  EXPECT_EQ(driven.pick_and_send(), 2U);
}

TEST(WorkStealing, PlacesAtTheNearestUnlessToldOtherwise) {
  HandDriven driven{"work_stealing", alike(3), {}, all_but_one_at(3, 2, 0.0001)};
  EXPECT_EQ(driven.counts(20)[2], 20);
}

class HedgedTest : public testing::Test {
 protected:
  /// One request that is answered after so long; says what the policy wanted for it.
  std::optional<Hedge> request(HandDriven& driven, double latency_s, bool second_copy = false) {
    driven.pick_and_send();
    const std::optional<Hedge> hedge = driven.policy->hedge({}, driven.view());
    if (second_copy && hedge) driven.pick_and_send();
    for (ServerIndex server = 0; server < driven.in_flight.size(); ++server)
      while (driven.in_flight[server] > 0)
        driven.finish(server, {.ok = true, .latency = seconds(latency_s)});
    return hedge;
  }
};

TEST_F(HedgedTest, SendsASecondCopyAfterTheDelay) {
  HandDriven driven{
      "hedged",
      alike(4),
      {.values = {{"delay", 0.02}, {"max_copies", 3}}, .names = {{"after", "delay"}}}};
  const auto hedge = request(driven, 0.01);
  ASSERT_TRUE(hedge);
  EXPECT_EQ(hedge->delay, seconds(0.02));
  EXPECT_EQ(hedge->max_copies, 3U);
}

TEST_F(HedgedTest, WaitsForTheQuantileOfRecentLatencies) {
  HandDriven driven{"hedged", alike(4)};
  for (int i = 1; i <= 100; ++i) EXPECT_FALSE(request(driven, i * 0.001)) << i;
  const auto hedge = request(driven, 0.001);
  ASSERT_TRUE(hedge);
  EXPECT_NEAR(to_seconds(hedge->delay), 0.095, 0.005);
}

TEST_F(HedgedTest, ForgetsOldLatencies) {
  HandDriven driven{"hedged", alike(4)};
  for (int i = 0; i < 500; ++i) request(driven, 10);
  for (int i = 0; i < 1000; ++i) request(driven, 0.01);
  EXPECT_EQ(request(driven, 0.01)->delay, seconds(0.01));
}

TEST_F(HedgedTest, KeepsWithinItsBudget) {
  HandDriven driven{"hedged",
                    alike(4),
                    {.values = {{"delay", 0}, {"budget", 0.05}}, .names = {{"after", "delay"}}}};
  int copies = 0;
  for (int i = 0; i < 2000; ++i) copies += request(driven, 0.01, true).has_value();
  EXPECT_NEAR(copies, 100, 2);
}

TEST_F(HedgedTest, CopiesFreelyIfNoneIsNeeded) {
  // The budget counts the copies that were sent, not those that were planned.
  HandDriven driven{"hedged", alike(4), {.names = {{"after", "delay"}}}};
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(request(driven, 0.01, false));
}

TEST_F(HedgedTest, PlacesByTheWrappedPolicy) {
  HandDriven driven{"hedged", alike(4), {.names = {{"policy", "shortest_queue"}}}};
  driven.beliefs.loads = {3, 1, 2, 3};
  EXPECT_EQ(driven.counts(20)[1], 20);
  EXPECT_EQ(driven.considered.size(), 4U);
}

}  // namespace
}  // namespace evenkeel

// The policies that take the least of some loads: least_loaded, shortest_queue,
// shortest_expected_delay, power_of_d.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

double four_sigma(double n, double p) { return 4 * std::sqrt(n * p * (1 - p)); }

TEST(LeastLoaded, DividesByCapacity) {
  HandDriven driven{"least_loaded", with_weights({1, 4})};
  driven.in_flight = {1, 3};
  EXPECT_EQ(driven.pick(), 1U);  // 1 against 3/4
  driven.in_flight = {1, 5};
  EXPECT_EQ(driven.pick(), 0U);  // 1 against 5/4
}

TEST(LeastLoaded, CanCountTheNewRequest) {
  HandDriven driven{"least_loaded", with_weights({1, 4}), {.values = {{"count_new", 1}}}};
  EXPECT_EQ(driven.counts(100), (std::vector<int>{0, 100}));
}

TEST(LeastLoaded, BreaksTiesEvenly) {
  HandDriven driven{"least_loaded", alike(3)};
  driven.in_flight = {2, 1, 1};
  const std::vector<int> counts = driven.counts(10'000);
  EXPECT_EQ(counts[0], 0);
  EXPECT_NEAR(counts[1], 5000, four_sigma(10'000, 0.5));
}

TEST(ShortestQueue, AsksAllAndTakesTheLeast) {
  HandDriven driven{"shortest_queue", alike(4)};
  driven.beliefs.loads = {3, 2, 7, 2};
  const std::vector<int> counts = driven.counts(10'000);
  EXPECT_EQ(driven.considered, (std::vector<ServerIndex>{0, 1, 2, 3}));
  EXPECT_EQ(counts[0] + counts[2], 0);
  EXPECT_NEAR(counts[1], 5000, four_sigma(10'000, 0.5));
}

TEST(ShortestExpectedDelay, TakesTheQueueThatIsDoneFirst) {
  // Speeds 1 and 4: (2 + 1) / 1 = 3 against (10 + 1) / 4 = 2.75, (12 + 1) / 4 = 3.25.
  HandDriven driven{"shortest_expected_delay", with_weights({1, 4})};
  driven.beliefs.loads = {2, 10};
  EXPECT_EQ(driven.pick(), 1U);
  driven.beliefs.loads = {2, 12};
  EXPECT_EQ(driven.pick(), 0U);
}

TEST(ShortestExpectedDelay, WaitsOnlyWhenAllCoresAreBusy) {
  // Speed 2 with one core: (1 + 1) / 2 = 1. Speed 1 with four cores and 3 requests: 1 as well;
  // with 4 requests 1 + 1/4.
  std::vector<Candidate> candidates = with_weights({2, 1});
  candidates[1].cores = 4;
  HandDriven driven{"shortest_expected_delay", candidates};
  driven.beliefs.loads = {1, 3};
  EXPECT_NEAR(driven.counts(10'000)[0], 5000, four_sigma(10'000, 0.5));
  driven.beliefs.loads = {1, 4};
  EXPECT_EQ(driven.counts(100)[0], 100);
}

TEST(ShortestExpectedDelay, CanCountTheRoundTrip) {
  // Mean service 10 ms. Near: 1 ms + (3 + 1) x 10 ms = 41 ms; far: 32 ms + 10 ms = 42 ms.
  HandDriven driven{"shortest_expected_delay",
                    alike(2),
                    {.values = {{"service", 0.01}}},
                    all_but_one_at(2, 1, 0.032)};
  driven.beliefs.loads = {3, 0};
  EXPECT_EQ(driven.pick(), 0U);
  driven.beliefs.loads = {4, 0};
  EXPECT_EQ(driven.pick(), 1U);
}

/// How often the one idle server of n is picked.
double best_picked(std::size_t n, double d, bool replacement, int picks) {
  HandDriven driven{
      "power_of_d", alike(n), {.values = {{"d", d}, {"replacement", replacement ? 1.0 : 0.0}}}};
  driven.beliefs.loads.assign(n, 1);
  driven.beliefs.loads[0] = 0;
  return driven.counts(picks)[0] / static_cast<double>(picks);
}

TEST(PowerOfD, SamplesTheBestWithTheProbabilityOfEnvoysTable) {
  // envoy#20420: 1 - (1 - 1/n)^d with replacement, d / n without.
  constexpr int picks = 20'000;
  EXPECT_NEAR(best_picked(4, 2, true, picks), 0.4375, four_sigma(picks, 0.4375) / picks);
  EXPECT_NEAR(best_picked(4, 2, false, picks), 0.5, four_sigma(picks, 0.5) / picks);
  EXPECT_NEAR(best_picked(30, 30, true, picks), 0.638, four_sigma(picks, 0.638) / picks + 5e-4);
  EXPECT_EQ(best_picked(30, 30, false, 1000), 1);
}

TEST(PowerOfD, WithReplacementPicksTheBusierOfTwoAQuarterOfTheTime) {
  constexpr int picks = 20'000;
  EXPECT_NEAR(1 - best_picked(2, 2, true, picks), 0.25, four_sigma(picks, 0.25) / picks);
}

}  // namespace
}  // namespace evenkeel

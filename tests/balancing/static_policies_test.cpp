// The policies that look at no load: random, round_robin, nearest, cloud_only.
#include <gtest/gtest.h>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

/// Four standard deviations of a count of `n` draws that hit with probability p.
double four_sigma(double n, double p) { return 4 * std::sqrt(n * p * (1 - p)); }

TEST(RandomServer, TakesAllEquallyOften) {
  HandDriven driven{"random", with_weights({1, 2, 5})};
  for (const int count : driven.counts(30'000))
    EXPECT_NEAR(count, 10'000, four_sigma(30'000, 1.0 / 3));
}

TEST(RandomServer, CanGoByCapacity) {
  HandDriven driven{"random", with_weights({1, 2, 5}), {.values = {{"weighted", 1}}}};
  const std::vector<int> counts = driven.counts(80'000);
  EXPECT_NEAR(counts[0], 10'000, four_sigma(80'000, 0.125));
  EXPECT_NEAR(counts[1], 20'000, four_sigma(80'000, 0.25));
  EXPECT_NEAR(counts[2], 50'000, four_sigma(80'000, 0.625));
}

TEST(RandomServer, GoesByCapacityAmongTheEligible) {
  HandDriven driven{"random", with_weights({1, 2, 1e6}), {.values = {{"weighted", 1}}}};
  driven.eligible = {0, 1};
  EXPECT_NEAR(driven.counts(30'000)[0], 10'000, four_sigma(30'000, 1.0 / 3));
}

TEST(RoundRobin, GoesRoundFromARandomPlace) {
  std::vector<bool> starts(4, false);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    HandDriven driven{maker("round_robin"), alike(4), seed};
    const ServerIndex first = driven.pick();
    starts[first] = true;
    for (ServerIndex i = 1; i < 9; ++i) ASSERT_EQ(driven.pick(), (first + i) % 4);
  }
  EXPECT_EQ(starts, std::vector<bool>(4, true));
}

TEST(RoundRobin, StepsOverTheEjected) {
  HandDriven driven{"round_robin", alike(5)};
  while (driven.pick() != 4) continue;
  driven.eligible = {1, 3};
  EXPECT_EQ(driven.pick(), 1U);
  EXPECT_EQ(driven.pick(), 3U);
  EXPECT_EQ(driven.pick(), 1U);
  driven.eligible = {0, 1, 2, 3, 4};
  EXPECT_EQ(driven.pick(), 2U);
}

HandDriven nearest_at(const std::vector<double>& milliseconds) {
  std::vector<Duration> round_trips;
  for (const double each : milliseconds) round_trips.push_back(seconds(each * 1e-3));
  return {"nearest", alike(milliseconds.size()), {}, round_trips};
}

TEST(Nearest, TakesTheNearestAndEquallyNearOnesEquallyOften) {
  HandDriven driven = nearest_at({9, 2, 5, 2});
  const std::vector<int> counts = driven.counts(10'000);
  EXPECT_EQ(counts[0] + counts[2], 0);
  EXPECT_NEAR(counts[1], 5000, four_sigma(10'000, 0.5));
}

TEST(Nearest, TakesTheNextNearestIfTheNearestAreEjected) {
  HandDriven driven = nearest_at({9, 2, 5, 2, 5});
  driven.eligible = {0, 2, 4};
  const std::vector<int> counts = driven.counts(10'000);
  EXPECT_EQ(counts[0], 0);
  EXPECT_NEAR(counts[2], 5000, four_sigma(10'000, 0.5));
}

std::vector<Candidate> two_edges_two_clouds() {
  std::vector<Candidate> candidates = alike(4);
  candidates[2].cloud = candidates[3].cloud = true;
  return candidates;
}

TEST(CloudOnly, SendsToTheLeastLoadedInTheCloud) {
  HandDriven driven{"cloud_only", two_edges_two_clouds()};
  driven.in_flight = {0, 0, 5, 4};
  EXPECT_EQ(driven.counts(10), (std::vector<int>{0, 0, 0, 10}));
}

TEST(CloudOnly, CanTakeTheNearestOrAny) {
  HandDriven nearest{"cloud_only",
                     two_edges_two_clouds(),
                     {.names = {{"among", "nearest"}}},
                     all_but_one_at(4, 3, 0.0005)};
  nearest.in_flight = {0, 0, 0, 9};
  EXPECT_EQ(nearest.counts(10), (std::vector<int>{0, 0, 0, 10}));
  HandDriven any{"cloud_only", two_edges_two_clouds(), {.names = {{"among", "random"}}}};
  any.in_flight = {0, 0, 0, 9};
  EXPECT_NEAR(any.counts(10'000)[2], 5000, four_sigma(10'000, 0.5));
}

TEST(CloudOnly, WithoutACloudTakesAny) {
  HandDriven driven{"cloud_only", two_edges_two_clouds()};
  driven.eligible = {0, 1};
  EXPECT_NEAR(driven.counts(10'000)[0], 5000, four_sigma(10'000, 0.5));
}

}  // namespace
}  // namespace evenkeel

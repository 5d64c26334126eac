#include "models/balancing/policies/locality_aware.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

void expect_shares(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-12) << i;
}

TEST(ZoneAwareSplit, IsThatOfEnvoysExample) {
  // 25 % of the servers for 40 % of the requests: .625 stay; zones 1 and 2 have 10 and 5 to spare.
  const std::vector<double> demand = {0.4, 0.4, 0.2};
  expect_shares(zone_aware_split(0, demand, std::vector{0.25, 0.50, 0.25}),
                {0.625, 0.375 * 10 / 15, 0.375 * 5 / 15});
}

TEST(ZoneAwareSplit, KeepsAllWhereCapacitySuffices) {
  const std::vector<double> demand = {0.4, 0.4, 0.2};
  expect_shares(zone_aware_split(1, demand, std::vector{0.25, 0.50, 0.25}), {0, 1, 0});
}

TEST(ZoneAwareSplit, GoesByCapacityWithoutLocalServersOrSpare) {
  expect_shares(zone_aware_split(0, std::vector{0.0, 0.5, 0.5}, std::vector{0.0, 0.75, 0.25}),
                {0, 1, 0});  // only zone 1 has capacity to spare
  expect_shares(zone_aware_split(0, std::vector{0.0, 0.5, 0.5}, std::vector{0.0, 0.5, 0.5}),
                {0, 0.5, 0.5});
}

TEST(LoadAwareSplit, IsThatOfEnvoysExample) {
  expect_shares(load_aware_split(0, std::vector{10.0, 10.0, 10.0}, std::vector{0.7, 0.3, 0.4}, {}),
                {0.1875, 0.4375, 0.375});
}

TEST(LoadAwareSplit, StaysWhileTheLocalZoneIsNotMuchBusier) {
  // .44 <= (.3 + .4) / 2 + .1: only 3 % leave, by idle capacity 7 : 6.
  expect_shares(load_aware_split(0, std::vector{10.0, 10.0, 10.0}, std::vector{0.44, 0.3, 0.4}, {}),
                {0.97, 0.03 * 7 / 13, 0.03 * 6 / 13});
}

TEST(LoadAwareSplit, GoesByCapacityWhenAllAreFull) {
  expect_shares(load_aware_split(0, std::vector{1.0, 3.0}, std::vector{1.0, 1.0}, {}),
                {0.97, 0.03});
  expect_shares(load_aware_split(0, std::vector{0.0, 1.0, 3.0}, std::vector{0.0, 1.0, 1.0}, {}),
                {0, 0.25, 0.75});
}

TEST(PrioritySplit, IsThatOfEnvoysTable) {
  const std::vector<double> total = {100, 100};
  expect_shares(priority_split(std::vector{100.0, 100.0}, total), {1, 0});
  expect_shares(priority_split(std::vector{72.0, 100.0}, total), {1, 0});
  expect_shares(priority_split(std::vector{50.0, 100.0}, total), {0.7, 0.3});
  expect_shares(priority_split(std::vector{0.0, 100.0}, total), {0, 1});
  // Health 35 % and 35 % in all: made whole.
  expect_shares(priority_split(std::vector{25.0, 25.0}, total), {0.5, 0.5});
}

/// `counts[z]` servers in zone z.
std::vector<Candidate> in_zones(const std::vector<int>& counts) {
  std::vector<Candidate> candidates;
  for (std::uint32_t zone = 0; zone < counts.size(); ++zone)
    for (int i = 0; i < counts[zone]; ++i)
      candidates.push_back({.name = std::to_string(candidates.size()), .zone = zone});
  return candidates;
}

std::vector<double> shares_by_zone(HandDriven& driven, const std::vector<Candidate>& candidates,
                                   std::size_t zones, int picks = 40'000) {
  std::vector<double> shares(zones, 0.0);
  const std::vector<int> counts = driven.counts(picks);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    shares[candidates[i].zone] += counts[i] / static_cast<double>(picks);
  return shares;
}

constexpr double tolerance = 0.01;  // four standard deviations of a share of 40'000 draws

TEST(LocalityAware, SpillsByCapacity) {
  const std::vector<Candidate> candidates = in_zones({2, 4, 2});
  HandDriven driven{maker("locality_aware"), candidates, 1, 0, {0.4, 0.4, 0.2}};
  const std::vector<double> shares = shares_by_zone(driven, candidates, 3);
  EXPECT_NEAR(shares[0], 0.625, tolerance);
  EXPECT_NEAR(shares[1], 0.25, tolerance);
  EXPECT_NEAR(shares[2], 0.125, tolerance);
}

TEST(LocalityAware, CountsTheEligibleOnly) {
  // One local server of two is left: 1 of 7 for .4 of the requests.
  const std::vector<Candidate> candidates = in_zones({2, 4, 2});
  HandDriven driven{maker("locality_aware"), candidates, 1, 0, {0.4, 0.4, 0.2}};
  driven.pick();
  driven.eligible = {1, 2, 3, 4, 5, 6, 7};
  EXPECT_NEAR(shares_by_zone(driven, candidates, 3)[0], 1 / 7.0 / 0.4, tolerance);
  driven.eligible = {0, 2, 3, 4, 5, 6, 7};  // as many, but others
  EXPECT_NEAR(shares_by_zone(driven, candidates, 3)[0], 1 / 7.0 / 0.4, tolerance);
}

TEST(LocalityAware, OverlooksZonesBelowSixServers) {
  const std::vector<Candidate> candidates = in_zones({1, 4});
  HandDriven driven{maker("locality_aware"), candidates, 1, 0, {0.1, 0.9}};
  EXPECT_NEAR(shares_by_zone(driven, candidates, 2)[0], 0.2, tolerance);
  HandDriven any_size{
      maker("locality_aware", {.values = {{"min_servers", 1}}}), candidates, 1, 0, {0.1, 0.9}};
  EXPECT_EQ(shares_by_zone(any_size, candidates, 2)[0], 1);
}

TEST(LocalityAware, TakesTheLeastLoadedOfTheZone) {
  HandDriven driven{maker("locality_aware"), in_zones({3, 3}), 1, 0, {0.5, 0.5}};
  driven.in_flight = {4, 2, 3, 0, 0, 0};
  EXPECT_EQ(driven.counts(20), (std::vector<int>{0, 20, 0, 0, 0, 0}));
}

TEST(LocalityAware, SpillsByLoadWhichItAsksForOnceAPeriod) {
  const std::vector<Candidate> candidates = in_zones({10, 10, 10});
  HandDriven driven{maker("locality_aware", {.names = {{"spill", "load"}}}), candidates};
  for (std::size_t i = 0; i < 7; ++i) driven.beliefs.loads[i] = 1;    // zone 0: .7
  for (std::size_t i = 10; i < 13; ++i) driven.beliefs.loads[i] = 5;  // zone 1: .3
  for (std::size_t i = 20; i < 24; ++i) driven.beliefs.loads[i] = 1;  // zone 2: .4
  driven.pick();
  EXPECT_EQ(driven.considered.size(), 30U);
  driven.pick();
  EXPECT_TRUE(driven.considered.empty());
  const std::vector<double> shares = shares_by_zone(driven, candidates, 3);
  EXPECT_NEAR(shares[0], 0.1875, tolerance);
  EXPECT_NEAR(shares[1], 0.4375, tolerance);
  EXPECT_NEAR(shares[2], 0.375, tolerance);
  driven.now = seconds(1);
  driven.pick();
  EXPECT_EQ(driven.considered.size(), 30U);
}

TEST(LocalityAware, SmoothsUtilisation) {
  // Zone 0 falls from 1 to 0 at once; after one period it counts as exp(-1/5) = .8187 busy, so its
  // idle share is .1813 against 1 of the other.
  const std::vector<Candidate> candidates = in_zones({5, 5});
  HandDriven driven{maker("locality_aware", {.names = {{"spill", "load"}}}), candidates};
  for (std::size_t i = 0; i < 5; ++i) driven.beliefs.loads[i] = 1;
  driven.pick();
  driven.beliefs.loads.assign(10, 0);
  driven.now = seconds(1);
  const double idle = 1 - std::exp(-0.2);
  EXPECT_NEAR(shares_by_zone(driven, candidates, 2)[0], idle / (idle + 1), tolerance);
}

TEST(LocalityAware, SpillsByHealthToOtherEdgesAndThenToTheCloud) {
  std::vector<Candidate> candidates = in_zones({4, 2, 2});
  candidates[6].cloud = candidates[7].cloud = true;
  HandDriven driven{maker("locality_aware", {.names = {{"spill", "health"}}}), candidates};
  EXPECT_EQ(shares_by_zone(driven, candidates, 3)[0], 1);
  driven.eligible = {0, 1, 4, 5, 6, 7};  // half of home: 1.4 x .5
  std::vector<double> shares = shares_by_zone(driven, candidates, 3);
  EXPECT_NEAR(shares[0], 0.7, tolerance);
  EXPECT_NEAR(shares[1], 0.3, tolerance);
  driven.eligible = {0, 6, 7};  // 1.4 x .25 at home, no other edge
  shares = shares_by_zone(driven, candidates, 3);
  EXPECT_NEAR(shares[0], 0.35, tolerance);
  EXPECT_NEAR(shares[2], 0.65, tolerance);
}

}  // namespace
}  // namespace evenkeel

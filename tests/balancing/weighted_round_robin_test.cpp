#include <gtest/gtest.h>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

std::string sequence(const std::vector<double>& weights, int picks, double scale = 1) {
  std::vector<double> scaled;
  for (const double weight : weights) scaled.push_back(weight * scale);
  HandDriven driven{"weighted_round_robin", with_weights(scaled)};
  std::string result;
  for (int i = 0; i < picks; ++i) result += static_cast<char>('a' + driven.pick());
  return result;
}

TEST(WeightedRoundRobin, TakesTurnsAsNginxDoes) {
  EXPECT_EQ(sequence({5, 1, 1}, 14), "aabacaaaabacaa");
  EXPECT_EQ(sequence({3, 2, 1}, 12), "abacbaabacba");
  EXPECT_EQ(sequence({1, 1, 1}, 6), "abcabc");
}

TEST(WeightedRoundRobin, LooksAtProportionsOnly) {
  EXPECT_EQ(sequence({5, 1, 1}, 7, 1.0 / 16), "aabacaa");
  EXPECT_EQ(sequence({5, 1, 1}, 7, 1000), "aabacaa");
}

TEST(WeightedRoundRobin, LeavesOutTheEjected) {
  HandDriven driven{"weighted_round_robin", with_weights({2, 1, 1})};
  driven.eligible = {1, 2};
  EXPECT_EQ(driven.counts(10), (std::vector<int>{0, 5, 5}));
}

TEST(WeightedRoundRobin, TakesTheWeightFromAServerThatFails) {
  HandDriven driven{"weighted_round_robin", with_weights({4, 4})};
  driven.send(0);
  driven.finish(0, {.ok = false, .latency = {}});
  // Server 0 has no weight at first and gains 1 a pick: credits -, 4 -> b; 1, 0+4 -> b; ...
  std::string picks;
  for (int i = 0; i < 6; ++i) picks += static_cast<char>('a' + driven.pick());
  EXPECT_EQ(picks.substr(0, 2), "bb");
  EXPECT_EQ(std::count(picks.begin(), picks.end(), 'a'), 2);
}

TEST(WeightedRoundRobin, CanOverlookFailures) {
  HandDriven driven{"weighted_round_robin", with_weights({1, 1}), {.values = {{"max_fails", 0}}}};
  driven.send(0);
  driven.finish(0, {.ok = false, .latency = {}});
  EXPECT_EQ(driven.pick(), 0U);
}

}  // namespace
}  // namespace evenkeel

#include <gtest/gtest.h>

#include <cmath>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

void answer(HandDriven& driven, ServerIndex server, double latency_s, bool ok = true) {
  driven.send(server);
  driven.finish(server, {.ok = ok, .latency = seconds(latency_s)});
}

/// Plays a bandit whose arm i always takes latencies[i], one request at a time.
std::vector<int> play(HandDriven& driven, const std::vector<double>& latencies, int requests) {
  std::vector<int> counts(latencies.size(), 0);
  for (int i = 0; i < requests; ++i) {
    const ServerIndex arm = driven.pick();
    ++counts[arm];
    answer(driven, arm, latencies[arm]);
  }
  return counts;
}

TEST(Bandit, GreedyExploresByEpsilon) {
  HandDriven driven{"bandit", alike(5)};
  const std::vector<int> counts = play(driven, {0.3, 0.2, 0.1, 0.2, 0.3}, 20'000);
  // The best gets 1 - eps + eps / n = .92, each other .02.
  EXPECT_NEAR(counts[2], 18'400, 4 * std::sqrt(20'000 * 0.92 * 0.08) + 5);
  EXPECT_NEAR(counts[0], 400, 4 * std::sqrt(20'000 * 0.02 * 0.98) + 5);
}

TEST(Bandit, TriesEveryArmFirst) {
  for (const std::string rule : {"epsilon_greedy", "ucb1"}) {
    HandDriven driven{"bandit", alike(5), {.values = {{"epsilon", 0}}, .names = {{"rule", rule}}}};
    std::vector<int> first_five = play(driven, {0.1, 0.1, 0.1, 0.1, 0.1}, 5);
    EXPECT_EQ(first_five, std::vector<int>(5, 1)) << rule;
  }
}

TEST(Bandit, UcbPlaysWorseArmsLogarithmically) {
  // Auer et al., theorem 1, losses scaled to [0, 1]: a worse arm is played at most
  // 8 ln T / gap^2 + 1 + pi^2 / 3 times, here gap = (.2 - .1) / mean; the mean is below .2.
  HandDriven driven{"bandit",
                    alike(2),
                    {.values = {{"in_flight", 0}}, .names = {{"rule", "ucb1"}, {"memory", "all"}}}};
  constexpr int horizon = 20'000;
  const std::vector<int> counts = play(driven, {0.1, 0.2}, horizon);
  const double gap = 0.1 / 0.2;
  EXPECT_LE(counts[1], 8 * std::log(horizon) / (gap * gap) + 5);
  EXPECT_GE(counts[1], 10);  // and never gives up
}

TEST(Bandit, FollowsAChangeWithAWindowOrADiscount) {
  for (const auto& [memory, learns] :
       {std::pair{"window", true}, std::pair{"discount", true}, std::pair{"all", false}}) {
    HandDriven driven{
        "bandit",
        alike(2),
        {.values = {{"window", 200}}, .names = {{"rule", "epsilon_greedy"}, {"memory", memory}}}};
    play(driven, {0.1, 0.2}, 10'000);
    const std::vector<int> after = play(driven, {0.4, 0.2}, 2'000);
    if (learns) {
      EXPECT_GT(after[1], 1'500) << memory;
    } else {
      EXPECT_LT(after[1], 500) << memory;
    }
  }
}

TEST(Bandit, SpreadsWhatIsInFlight) {
  HandDriven driven{"bandit", alike(3), {.values = {{"epsilon", 0}}}};
  for (const ServerIndex server : {0U, 1U, 2U}) answer(driven, server, server == 0 ? 0.1 : 0.15);
  for (int i = 0; i < 8; ++i) driven.pick_and_send();
  // Costs .1, .2, .3, .4 against .15, .30, .45: no arm takes them all.
  for (const std::uint32_t sent : driven.in_flight) EXPECT_GE(sent, 2U);
  HandDriven pure{"bandit", alike(3), {.values = {{"epsilon", 0}, {"in_flight", 0}}}};
  for (const ServerIndex server : {0U, 1U, 2U}) answer(pure, server, server == 0 ? 0.1 : 0.15);
  for (int i = 0; i < 8; ++i) pure.pick_and_send();
  EXPECT_EQ(pure.in_flight[0], 8U);
}

TEST(Bandit, IsNotDrawnToFastFailures) {
  HandDriven driven{"bandit", alike(2), {.values = {{"epsilon", 0}}}};
  answer(driven, 0, 0.1);
  answer(driven, 1, 0.0001, false);
  EXPECT_EQ(driven.counts(20)[0], 20);
}

}  // namespace
}  // namespace evenkeel

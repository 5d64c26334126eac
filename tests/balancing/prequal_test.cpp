#include "models/balancing/policies/prequal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

double reuse(double probes, double removals, double servers = 100) {
  return reuse_limit({.pool = 16, .servers = servers, .probes = probes, .removals = removals});
}

TEST(ReuseLimit, IsThatOfThePaper) {
  EXPECT_NEAR(reuse(3, 1), 1.316, 5e-4);
  EXPECT_NEAR(reuse(2, 1), 2.941, 5e-4);
  EXPECT_NEAR(reuse(1, 0.25), 3.39, 5e-3);
  EXPECT_NEAR(reuse(0.5, 0.25), 11.76, 5e-3);
}

TEST(ReuseLimit, IsInfiniteWhereThePoolIsAsLargeAsTheServers) {
  for (const double servers : {1.0, 5.0, 16.0, 20.0})
    EXPECT_TRUE(std::isinf(reuse(3, 1, servers))) << servers;
}

TEST(ReuseLimit, IsOneAtLeast) { EXPECT_EQ(reuse(100, 0, 1e6), 1); }

/// Prequal with plenty of reuse and no removal, so that a test sees the choice alone.
class PrequalChoice : public testing::Test {
 protected:
  void probed(ServerIndex server, double rif, double latency_ms) {
    driven_.policy->probed(
        server, {.load = rif, .service = {}, .latency = seconds(latency_ms * 1e-3)}, driven_.now);
  }
  HandDriven driven_{"prequal", alike(8), {.values = {{"removals", 0}}}};
};

TEST_F(PrequalChoice, TakesTheQuickestThatIsNotHot) {
  // RIF 1 2 3 4 9: the .84 quantile is the 5th of 5, 9: none is hot.
  probed(0, 1, 30);
  probed(1, 2, 20);
  probed(2, 3, 10);
  probed(3, 4, 40);
  probed(4, 9, 50);
  EXPECT_EQ(driven_.pick(), 2U);
}

TEST_F(PrequalChoice, PassesOverTheHotHoweverQuick) {
  // Of ten answers the .84 quantile is the 9th, 2: server 7 with 9 is hot.
  for (ServerIndex i = 0; i < 7; ++i) probed(i, 1, 50 + i);
  probed(0, 2, 51);
  probed(1, 2, 50);
  probed(7, 9, 1);
  EXPECT_EQ(driven_.pick(), 1U);
}

TEST_F(PrequalChoice, TakesTheFewestInFlightIfAllAreHot) {
  for (int i = 0; i < 60; ++i) probed(0, 1, 10);  // the quantile: 1
  probed(1, 8, 1);
  probed(0, 7, 100);
  EXPECT_EQ(driven_.pick(), 0U);
}

TEST_F(PrequalChoice, CountsItsOwnUseOfAProbe) {
  for (int i = 0; i < 60; ++i) probed(2, 3, 10);
  probed(0, 5, 1);
  probed(2, 6, 2);  // both hot: RIF 5 and 6
  EXPECT_EQ(driven_.pick(), 0U);
  driven_.pick();  // 6 and 6: either
  const std::set<ServerIndex> next_two{driven_.pick(), driven_.pick()};
  EXPECT_EQ(next_two, (std::set<ServerIndex>{0, 2}));
}

TEST_F(PrequalChoice, ForgetsOldAnswers) {
  probed(0, 0, 1);
  driven_.now = seconds(0.9);
  probed(1, 0, 5);
  probed(2, 0, 9);
  EXPECT_EQ(driven_.pick(), 0U);
  driven_.now = seconds(1.1);
  EXPECT_EQ(driven_.pick(), 1U);
}

TEST_F(PrequalChoice, GoesBlindWithFewerThanTwoAnswers) {
  probed(3, 0, 1);
  std::set<ServerIndex> picked;
  for (int i = 0; i < 200; ++i) picked.insert(driven_.pick());
  EXPECT_EQ(picked.size(), 8U);
}

TEST_F(PrequalChoice, LeavesOutTheEjected) {
  probed(0, 0, 1);
  probed(1, 0, 2);
  probed(2, 0, 3);
  driven_.eligible = {1, 2, 3};
  EXPECT_EQ(driven_.pick(), 1U);
}

TEST(Prequal, ProbesDistinctServersAtTheGivenRate) {
  HandDriven driven{"prequal", alike(100), {.values = {{"probes", 2.5}}}};
  double probes = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::vector<ServerIndex> wanted;
    driven.policy->probe(driven.view(), wanted);
    ASSERT_EQ(std::set<ServerIndex>(wanted.begin(), wanted.end()).size(), wanted.size());
    probes += static_cast<double>(wanted.size());
  }
  EXPECT_NEAR(probes / 10'000, 2.5, 4 * 0.5 / 100);
}

TEST(Prequal, UsesAnAnswerAsOftenAsTheReuseLimitSays) {
  // Without removals 16 of 100 and 3 probes give (1 + 1) / (0.84 x 3) = 0.79: one use each.
  HandDriven driven{"prequal", alike(100), {.values = {{"removals", 0}}}};
  for (const ServerIndex server : {0U, 1U, 2U})
    driven.policy->probed(server, {.load = 0, .service = {}, .latency = seconds(0.001)}, {});
  const ServerIndex first = driven.pick();
  const ServerIndex second = driven.pick();
  EXPECT_NE(first, second);
  EXPECT_LT(std::max(first, second), 3U);
}

/// n servers, one of them with 50 requests more and slow: how often Prequal takes it.
double share_of_the_bad_one(std::size_t n) {
  HandDriven driven{"prequal", alike(n)};
  int bad = 0;
  constexpr int picks = 2000;
  for (int i = 0; i < picks; ++i) {
    bad += driven.pick() == 0;
    std::vector<ServerIndex> wanted;
    driven.policy->probe(driven.view(), wanted);
    for (const ServerIndex server : wanted)
      driven.policy->probed(
          server,
          {.load = server == 0 ? 50.0 : 1.0, .service = {}, .latency = seconds(server == 0)},
          driven.now);
    driven.now += seconds(0.001);
  }
  return bad / static_cast<double>(picks);
}

TEST(Prequal, KeepsAwayFromALoadedServerHoweverFewThereAre) {
  for (const std::size_t n : {2U, 3U, 5U, 10U, 16U, 17U, 20U, 100U})
    EXPECT_LT(share_of_the_bad_one(n), n < 4 ? 0.1 : 0.01) << n;
}

}  // namespace
}  // namespace evenkeel

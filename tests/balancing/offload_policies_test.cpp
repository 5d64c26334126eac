// threshold_offload and drift_plus_penalty: when a request leaves home, and where it goes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

/// Server 0 at home, 1 .. 4 at other edges, 5 in the cloud.
std::vector<Candidate> home_peers_cloud() {
  std::vector<Candidate> candidates = alike(6);
  for (std::uint32_t i = 1; i < 6; ++i) candidates[i].zone = i;
  candidates[5].cloud = true;
  return candidates;
}

constexpr ServerIndex home = 0;
constexpr ServerIndex cloud = 5;

TEST(ThresholdOffload, LeavesHomeAtTheThreshold) {
  HandDriven driven{"threshold_offload", home_peers_cloud(), {.values = {{"threshold", 3}}}};
  for (const double load : {0.0, 1.0, 2.0, 3.0, 10.0}) {
    driven.beliefs.loads[home] = load;
    EXPECT_EQ(driven.pick(), load < 3 ? home : cloud) << load;
  }
  EXPECT_EQ(driven.considered, std::vector<ServerIndex>{home});
}

TEST(ThresholdOffload, AsksPeersOnlyWhenHomeIsFull) {
  HandDriven driven{"threshold_offload",
                    home_peers_cloud(),
                    {.values = {{"threshold", 3}, {"peers", 2}}, .names = {{"to", "peers"}}}};
  driven.beliefs.loads = {2, 0, 0, 0, 0, 0};
  EXPECT_EQ(driven.pick(), home);
  EXPECT_EQ(driven.considered.size(), 1U);
  driven.beliefs.loads = {3, 0, 0, 0, 0, 0};
  EXPECT_NE(driven.pick(), home);
  EXPECT_EQ(driven.considered.size(), 3U);
}

TEST(ThresholdOffload, GoesToAPeerOnlyIfItHasStrictlyLess) {
  HandDriven driven{"threshold_offload",
                    home_peers_cloud(),
                    {.values = {{"threshold", 3}, {"peers", 4}}, .names = {{"to", "peers"}}}};
  driven.beliefs.loads = {5, 5, 6, 5, 7, 0};
  EXPECT_EQ(driven.counts(50)[home], 50);
  driven.beliefs.loads = {5, 5, 4, 9, 7, 0};
  EXPECT_EQ(driven.counts(50)[2], 50);
}

TEST(ThresholdOffload, DrawsPeersEvenlyAndNeverEjectedOnes) {
  HandDriven driven{"threshold_offload",
                    home_peers_cloud(),
                    {.values = {{"threshold", 1}}, .names = {{"to", "peers"}}}};
  driven.beliefs.loads[home] = 9;
  driven.eligible = {0, 1, 3, 4, 5};
  const std::vector<int> counts = driven.counts(9000);
  for (const ServerIndex peer : {1U, 3U, 4U}) EXPECT_NEAR(counts[peer], 3000, 180);
}

TEST(ThresholdOffload, ServesAtHomeWithoutACloud) {
  HandDriven driven{"threshold_offload", home_peers_cloud(), {.values = {{"threshold", 1}}}};
  driven.beliefs.loads[home] = 9;
  driven.eligible = {0, 1, 2, 3, 4};
  EXPECT_EQ(driven.pick(), home);
}

TEST(ThresholdOffload, IsAtHomeAtTheNearestEdgeIfItsZoneHasNone) {
  const std::vector<Candidate> candidates = home_peers_cloud();
  HandDriven driven{maker("threshold_offload"),
                    candidates,
                    1,
                    99,
                    {1.0},
                    1,
                    all_but_one_at(candidates.size(), 3, 0.0001)};
  EXPECT_EQ(driven.counts(20)[3], 20);
}

TEST(DriftPlusPenalty, OffloadsIffTheQueueOutweighsThePrice) {
  // V p = 2.5 x 1.2 = 3: a threshold K = 3.
  HandDriven driven{
      "drift_plus_penalty", home_peers_cloud(), {.values = {{"v", 2.5}, {"price", 1.2}}}};
  for (const double load : {0.0, 1.0, 2.0, 3.0, 4.0}) {
    driven.beliefs.loads[home] = load;
    EXPECT_EQ(driven.pick(), load >= 3 ? cloud : home) << load;
  }
}

/// The share that leaves home: arrivals at rate lambda against services at rate 1, as a Markov
/// chain (uniformised), with exact knowledge of the queue.
double offloaded(const std::string& policy, const Given& given, double lambda) {
  HandDriven driven{policy, home_peers_cloud(), given};
  Random random{5};
  int arrivals = 0;
  int left = 0;
  while (arrivals < 400'000) {
    double& queue = driven.beliefs.loads[home];
    if (random.chance(lambda / (lambda + 1))) {
      ++arrivals;
      driven.pick() == home ? queue += 1 : static_cast<double>(++left);
    } else if (queue > 0) {
      queue -= 1;
    }
  }
  return left / static_cast<double>(arrivals);
}

TEST(ThresholdOffload, OffloadsAsMM1KSays) {
  // Table R7: lambda .8, K = 3: .173442; lambda 1.2, K = 5: .250588.
  EXPECT_NEAR(offloaded("threshold_offload", {.values = {{"threshold", 3}}}, 0.8), 0.173442, 0.004);
  EXPECT_NEAR(offloaded("threshold_offload", {.values = {{"threshold", 5}}}, 1.2), 0.250588, 0.004);
}

TEST(DriftPlusPenalty, OffloadsAsMM1KSays) {
  EXPECT_NEAR(offloaded("drift_plus_penalty", {.values = {{"v", 4.5}}}, 0.8), 0.088819, 0.004);
}

}  // namespace
}  // namespace evenkeel

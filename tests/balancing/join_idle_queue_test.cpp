#include <gtest/gtest.h>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

class JoinIdleQueueTest : public testing::Test {
 protected:
  void idle(std::initializer_list<ServerIndex> servers) {
    for (const ServerIndex server : servers) driven_.policy->idle(server, driven_.now);
  }
  HandDriven driven_{"join_idle_queue", alike(6)};
};

TEST_F(JoinIdleQueueTest, TakesIdleServersInTheOrderTheyReported) {
  idle({4, 1, 3});
  EXPECT_EQ(driven_.policy->idle_count(), 3U);
  EXPECT_EQ(driven_.pick_and_send(), 4U);
  EXPECT_EQ(driven_.pick_and_send(), 1U);
  EXPECT_EQ(driven_.pick_and_send(), 3U);
  EXPECT_EQ(driven_.policy->idle_count(), 0U);
}

TEST_F(JoinIdleQueueTest, TakesAnyIfNoneIsIdle) {
  for (const int count : driven_.counts(6000)) EXPECT_NEAR(count, 1000, 4 * 28.9);
}

TEST_F(JoinIdleQueueTest, ListsAServerOnce) {
  idle({2, 2, 5, 2});
  EXPECT_EQ(driven_.policy->idle_count(), 2U);
  EXPECT_EQ(driven_.pick_and_send(), 2U);
  EXPECT_EQ(driven_.pick_and_send(), 5U);
}

TEST_F(JoinIdleQueueTest, LetsAServerWithdraw) {
  idle({0, 1, 2});
  driven_.policy->busy(1, {});
  driven_.policy->busy(1, {});
  EXPECT_EQ(driven_.pick_and_send(), 0U);
  EXPECT_EQ(driven_.pick_and_send(), 2U);
}

TEST_F(JoinIdleQueueTest, PassesOverTheEjectedAndKeepsThem) {
  idle({0, 1});
  driven_.eligible = {1, 2, 3, 4, 5};
  EXPECT_EQ(driven_.pick_and_send(), 1U);
  driven_.eligible = {0, 1, 2, 3, 4, 5};
  EXPECT_EQ(driven_.pick_and_send(), 0U);
}

TEST_F(JoinIdleQueueTest, StrikesOffAServerThatFails) {
  driven_.send(3);
  idle({3, 4});
  driven_.finish(3, {.ok = false, .latency = {}});
  EXPECT_EQ(driven_.pick_and_send(), 4U);
  EXPECT_EQ(driven_.policy->idle_count(), 0U);
}

TEST_F(JoinIdleQueueTest, APickNotUsedLeavesTheServerListed) {
  idle({5});
  EXPECT_EQ(driven_.pick(), 5U);
  EXPECT_EQ(driven_.pick(), 5U);
}

TEST(JoinIdleQueue, TellsTheServersToWhomToReport) {
  using IdleReport = ServerRules::IdleReport;
  EXPECT_EQ(HandDriven("join_idle_queue", alike(2)).policy->rules().idle_report,
            IdleReport::random);
  HandDriven shortest{"join_idle_queue",
                      alike(2),
                      {.values = {{"idle_choices", 3}}, .names = {{"idle_report", "shortest"}}}};
  EXPECT_EQ(shortest.policy->rules().idle_report, IdleReport::shortest);
  EXPECT_EQ(shortest.policy->rules().idle_choices, 3U);
}

}  // namespace
}  // namespace evenkeel

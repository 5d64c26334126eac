#include "models/balancing/policies/c3.h"

#include <gtest/gtest.h>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

TEST(C3Server, ScoresByResponseAndCubedQueue) {
  C3Server server;
  EXPECT_EQ(server.score(5, 3), 0);  // unknown: to be tried
  server.observe(0.020, 0.005, 2, 0.9);
  EXPECT_NEAR(server.score(1, 3), 0.020 - 0.005 + 4 * 4 * 4 * 0.005, 1e-12);
  EXPECT_NEAR(server.score(0, 1), 0.020 - 0.005 + 3 * 0.005, 1e-12);
}

TEST(C3Server, GivesTheNewestAnswerNineTenths) {
  C3Server server;
  server.observe(0.020, 0.005, 2, 0.9);
  server.observe(0.010, 0.001, 0, 0.9);  // R 11 ms, T 1.4 ms, q 0.2
  EXPECT_NEAR(server.score(0, 3), 0.011 - 0.0014 + 1.2 * 1.2 * 1.2 * 0.0014, 1e-12);
}

class C3RateTest : public testing::Test {
 protected:
  static Time ms(double value) { return seconds(value * 1e-3); }
  C3RateTerms terms_;  // 5 a 20 ms at first, at most 50 at once
  C3Rate rate_{terms_};
};

TEST_F(C3RateTest, SpendsItsTokensAndThenWaits) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(rate_.wait(terms_, {}), Duration::zero());
    rate_.sent(terms_, {});
  }
  EXPECT_NEAR(to_seconds(rate_.wait(terms_, {})), 0.004, 1e-8);  // a token each 20 / 5 ms
  EXPECT_NEAR(to_seconds(rate_.wait(terms_, ms(1))), 0.003, 1e-8);
  EXPECT_EQ(rate_.wait(terms_, rate_.wait(terms_, {})), Duration::zero());
}

TEST_F(C3RateTest, KeepsFiftyTokensAtMost) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(rate_.wait(terms_, seconds(3600)), Duration::zero());
    rate_.sent(terms_, seconds(3600));
  }
  EXPECT_GT(rate_.wait(terms_, seconds(3600)), Duration::zero());
}

TEST_F(C3RateTest, GrowsAlongTheCubicCurve) {
  // 100 answers in the first 20 ms: receive rate 0.1 x 100 = 10 > 5. Rmax is 10 at first, so
  // 4e-6 (20 - cbrt(10 x 0.2 / 4e-6))^3 + 10 = 4e-6 (20 - 79.370)^3 + 10 = 9.16292.
  for (int i = 0; i < 100; ++i) rate_.answered(terms_, ms(10));
  EXPECT_EQ(rate_.rate(), 5);
  rate_.answered(terms_, ms(20));
  EXPECT_NEAR(rate_.receive_rate(), 10, 1e-9);
  EXPECT_NEAR(rate_.rate(), 9.16292, 1e-4);
}

TEST_F(C3RateTest, GrowsByTenAtMost) {
  for (int i = 0; i < 1000; ++i) rate_.answered(terms_, ms(990));
  rate_.answered(terms_, ms(1000));  // the curve is at 4e-6 x 920.6^3 + 10 > 3000
  EXPECT_NEAR(rate_.rate(), 15, 1e-9);
}

TEST_F(C3RateTest, FallsToAFifthWhenAnswersComeSlower) {
  for (int i = 0; i < 10; ++i) rate_.answered(terms_, ms(10));
  rate_.answered(terms_, ms(40));  // receive rate 1, then 0.9; two intervals have not passed
  EXPECT_EQ(rate_.rate(), 5);
  rate_.answered(terms_, ms(41));
  EXPECT_NEAR(rate_.rate(), 1, 1e-12);
}

TEST(C3, TriesUnknownServersFirst) {
  HandDriven driven{"c3", alike(3)};
  const Report report{.load = 0, .service = seconds(0.001), .latency = {}};
  for (const ServerIndex server : {0U, 2U}) {
    driven.send(server);
    driven.finish(server, {.ok = true, .latency = seconds(0.002), .report = &report});
  }
  EXPECT_EQ(driven.counts(20), (std::vector<int>{0, 20, 0}));
}

TEST(C3, MultipliesItsOwnByTheNumberOfClients) {
  // Two alike servers, q = 0 against q = 5; one of ours at the first: 1 x clients against 5.
  for (const auto& [clients, expected] : {std::pair<std::size_t, ServerIndex>{3, 0}, {10, 1}}) {
    HandDriven driven{maker("c3"), alike(2), 1, 0, {1.0}, clients};
    for (const ServerIndex server : {0U, 1U}) {
      const Report report{
          .load = server == 0 ? 0.0 : 5.0, .service = seconds(0.001), .latency = {}};
      driven.send(server);
      driven.finish(server, {.ok = true, .latency = seconds(0.002), .report = &report});
    }
    driven.send(0);
    EXPECT_EQ(driven.pick(), expected) << clients;
  }
}

TEST(C3, HoldsARequestWhenAllServersAreAtTheirLimit) {
  HandDriven driven{"c3", alike(2)};
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(driven.policy->hold({}, driven.view()), Duration::zero());
    driven.pick_and_send();
  }
  EXPECT_EQ(driven.in_flight, (std::vector<std::uint32_t>{5, 5}));
  const Duration hold = driven.policy->hold({}, driven.view());
  EXPECT_NEAR(to_seconds(hold), 0.004, 1e-8);
  driven.now += hold;
  EXPECT_EQ(driven.policy->hold({}, driven.view()), Duration::zero());
}

TEST(C3, HoldsNothingWithoutRateControl) {
  HandDriven driven{"c3", alike(2), {.values = {{"rate_control", 0}}}};
  for (int i = 0; i < 1000; ++i) driven.pick_and_send();
  EXPECT_EQ(driven.policy->hold({}, driven.view()), Duration::zero());
}

TEST(C3, DoesNotTryAServerThatOnlyFailsForEver) {
  HandDriven driven{"c3", alike(2), {.values = {{"rate_control", 0}}}};
  const Report report{.load = 0, .service = seconds(0.001), .latency = {}};
  driven.send(0);
  driven.finish(0, {.ok = true, .latency = seconds(0.002), .report = &report});
  driven.send(1);
  driven.finish(1, {.ok = false, .latency = seconds(1)});
  EXPECT_EQ(driven.counts(20), (std::vector<int>{20, 0}));
}

}  // namespace
}  // namespace evenkeel

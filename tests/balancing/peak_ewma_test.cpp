#include "models/balancing/policies/peak_ewma.h"

#include <gtest/gtest.h>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

TEST(PeakEstimate, FollowsTheReferenceVector) {
  // tower's arithmetic, decay 10 s, from 1000 ms: (seconds later, latency) -> estimate.
  PeakEstimate estimate{1.0};
  struct Step {
    double later_s, latency_s, expected_s;
  };
  double now_s = 0;
  for (const Step& step :
       {Step{1, 0.1, 0.9143537}, Step{1, 0.1, 0.8368577}, Step{5, 0.1, 0.5469268},
        Step{0.5, 0.3, 0.5348840}, Step{10, 0.1, 0.2599849}}) {
    now_s += step.later_s;
    estimate.observe(step.latency_s, seconds(now_s), 10);
    EXPECT_NEAR(PeakEstimate{estimate}.read(seconds(now_s), 10), step.expected_s, 5e-8);
  }
}

TEST(PeakEstimate, DecaysWhenIdle) {
  for (const auto& [after_s, expected_s] : {std::pair{1.0, 0.90484},
                                            {5.0, 0.60653},
                                            {10.0, 0.36788},
                                            {30.0, 0.04979},
                                            {60.0, 0.00248}}) {
    PeakEstimate estimate{1.0};
    EXPECT_NEAR(estimate.read(seconds(after_s), 10), expected_s, 5e-6);
  }
}

TEST(PeakEstimate, JumpsToAPeak) {
  PeakEstimate estimate{0.03};
  estimate.observe(2, seconds(1), 10);
  EXPECT_EQ(estimate.read(seconds(1), 10), 2);
}

class PeakEwmaTest : public testing::Test {
 protected:
  void answer(ServerIndex server, double latency_s, bool ok = true) {
    driven_.send(server);
    driven_.finish(server, {.ok = ok, .latency = seconds(latency_s)});
  }
  HandDriven driven_{"peak_ewma", alike(2)};
};

TEST_F(PeakEwmaTest, WeighsLatencyByRequestsInFlight) {
  answer(0, 0.1);
  answer(1, 0.05);
  driven_.in_flight = {0, 0};
  EXPECT_EQ(driven_.counts(50), (std::vector<int>{0, 50}));
  driven_.in_flight = {0, 2};  // .1 x 1 against .05 x 3
  EXPECT_EQ(driven_.counts(50), (std::vector<int>{50, 0}));
}

TEST_F(PeakEwmaTest, TriesASlowServerAgainOnceItsEstimateHasDecayed) {
  answer(0, 1.0);
  for (int second = 1; second <= 40; ++second) {
    driven_.now = seconds(second);
    answer(1, 0.05);
    const bool decayed = std::exp(-second / 10.0) < 0.05;
    EXPECT_EQ(driven_.pick(), decayed ? 0U : 1U) << second;
  }
}

TEST_F(PeakEwmaTest, TakesAFastFailureForAFastAnswer) {
  answer(0, 0.05);
  for (int i = 1; i < 100; ++i) {
    driven_.now = seconds(i);
    answer(0, 0.05);
    answer(1, 0.0001, false);
  }
  EXPECT_EQ(driven_.counts(50), (std::vector<int>{0, 50}));
}

TEST(PeakEwma, CanChargeFailures) {
  HandDriven driven{"peak_ewma", alike(2), {.values = {{"failure_latency", 5}}}};
  for (const ServerIndex server : {0U, 1U}) driven.send(server);
  driven.finish(0, {.ok = true, .latency = seconds(0.05)});
  driven.finish(1, {.ok = false, .latency = seconds(0.0001)});
  EXPECT_EQ(driven.counts(50), (std::vector<int>{50, 0}));
}

}  // namespace
}  // namespace evenkeel

// Intervals against tables and hand arithmetic; the bootstrap against what it promises.
#include "sim/study/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

// Mean 3, deviation sqrt(2.5) = 1.581139; t(0.975, 4) = 2.776445 (any table):
// 2.776445 * 1.581139 / sqrt(5) = 1.963243. R: t.test(1:5)$conf.int gives 1.036757 4.963243.
TEST(TEstimate, IsThatOfR) {
  const Estimate estimate = t_estimate(std::vector<double>{1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(estimate.mean, 3);
  EXPECT_NEAR(estimate.low, 1.036757, 1e-6);
  EXPECT_NEAR(estimate.high, 4.963243, 1e-6);
}

// Two values: t(0.975, 1) = 12.7062, deviation / sqrt(2) = half their distance.
TEST(TEstimate, OfTwoValuesIsWide) {
  const Estimate estimate = t_estimate(std::vector<double>{0, 2});
  EXPECT_NEAR(estimate.high - estimate.mean, 12.7062, 1e-4);
}

TEST(TEstimate, OfOneValueHasNoInterval) {
  const Estimate one = t_estimate(std::vector<double>{7});
  EXPECT_DOUBLE_EQ(one.mean, 7);
  EXPECT_FALSE(one.has_interval());
  EXPECT_TRUE(std::isnan(one.low));
  EXPECT_TRUE(std::isnan(t_estimate({}).mean));
}

TEST(BootstrapEstimate, IsStudentsWhereResamplingShowsTooLittle) {
  const std::vector<double> few = {1, 2, 3, 4, 5};
  EXPECT_DOUBLE_EQ(bootstrap_estimate(few).low, t_estimate(few).low);
}

TEST(BootstrapEstimate, IsTheSameEachTimeAndWithinTheValues) {
  const std::vector<double> values = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55};
  const Estimate first = bootstrap_estimate(values);
  EXPECT_EQ(first.low, bootstrap_estimate(values).low);
  EXPECT_EQ(first.high, bootstrap_estimate(values).high);
  EXPECT_GT(first.low, 1);
  EXPECT_LT(first.high, 55);
  // Skewed to the right, unlike Student's symmetrical interval.
  EXPECT_GT(first.high - first.mean, first.mean - first.low);
}

// 95 % of the intervals of normal values must hold the mean; 400 trials have a deviation of 1.1 %.
TEST(BootstrapEstimate, CoversTheMeanAsOftenAsItSays) {
  Random random(7);
  int covered = 0;
  constexpr int trials = 400;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> values(10);
    for (double& value : values) value = random.normal();
    const Estimate estimate = bootstrap_estimate(values);
    covered += estimate.low <= 0 && estimate.high >= 0;
  }
  EXPECT_NEAR(covered / static_cast<double>(trials), 0.95, 0.035);
}

// {0, 4}: mean 2, deviation
// 2.828. Half widths t(n-1) * 2.828 / sqrt(n): n = 9: 2.306 * 0.943 = 2.17; n = 10: 2.262 * 0.894 =
// 2.02; n = 11: 2.228 * 0.853 = 1.90 < 2. So 9 more.
TEST(MoreToDecide, IsTheFirstNumberWhoseIntervalLeavesOutZero) {
  EXPECT_EQ(more_to_decide(std::vector<double>{0, 4}, 0), 9u);
}

// Mean 0, deviation sqrt(2): within +-1 at t(n-1) * 1.414 / sqrt(n) < 1. n = 10: 2.262 * 0.4472 =
// 1.012; n = 11: 2.228 * 0.4264 = 0.950. So 9 more.
TEST(MoreToDecide, AlsoCountsWhatShowsThatNothingMatters) {
  EXPECT_EQ(more_to_decide(std::vector<double>{-1, 1}, 1), 9u);
}

TEST(MoreToDecide, SaysNothingWhereItCannotKnow) {
  EXPECT_EQ(more_to_decide(std::vector<double>{1}, 1), std::nullopt);
  EXPECT_EQ(more_to_decide(std::vector<double>{-1, 1}, 0), std::nullopt);
}

}  // namespace
}  // namespace evenkeel

// Against brute force, arithmetic by hand, and tables of the t distribution.
#include "sim/metrics/statistics.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "models/runtime/random.h"
#include "sim/metrics/batch_means.h"
#include "sim/metrics/latency_bins.h"

namespace evenkeel {
namespace {

std::vector<std::int64_t> random_latencies(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int64_t> values(count);
  for (auto& value : values) value = seconds(0.01 * random.exponential()).count();
  return values;
}

/// Type 7 as its definition says, from a full sort.
double sorted_percentile(std::vector<std::int64_t> values, double p) {
  std::sort(values.begin(), values.end());
  const double rank = p * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(rank));
  const auto high = static_cast<std::size_t>(std::ceil(rank));
  const double part = rank - std::floor(rank);
  return static_cast<double>(values[low]) * (1 - part) + static_cast<double>(values[high]) * part;
}

TEST(Percentile, InterpolatesByHand) {
  std::vector<std::int64_t> values = {40, 10, 30, 20};
  EXPECT_DOUBLE_EQ(percentile(values, 0.5), 25);
  EXPECT_DOUBLE_EQ(percentile(values, 0.9), 37);
  EXPECT_DOUBLE_EQ(percentile(values, 1), 40);
  EXPECT_DOUBLE_EQ(percentile(values, 0), 10);
}

TEST(Percentile, IsNotANumberOfNothing) { EXPECT_TRUE(std::isnan(percentile({}, 0.5))); }

TEST(SummariseLatencies, AgreesWithAFullSort) {
  for (const std::size_t count : {1, 2, 3, 17, 1000, 12345}) {
    auto values = random_latencies(count, count);
    const auto untouched = values;
    const LatencySummary summary = summarise_latencies(values);
    const auto expect = [&](double ours, double p) {
      EXPECT_NEAR(ours, sorted_percentile(untouched, p) * 1e-9, 1e-15) << count << " at " << p;
    };
    expect(summary.p50, 0.5);
    expect(summary.p90, 0.9);
    expect(summary.p95, 0.95);
    expect(summary.p99, 0.99);
    expect(summary.p999, 0.999);
    expect(summary.max, 1);
    EXPECT_EQ(summary.samples, count);
  }
}

TEST(LatencyBins, HoldEveryValueBetweenTheirBounds) {
  Random random(3);
  const LatencyAxis axis;
  for (int i = 0; i < 100'000; ++i) {
    const auto value = static_cast<std::int64_t>(random() >> (17 + random.below(47)));
    const int bin = axis.index(value);
    if (bin == LatencyAxis::size() - 1) continue;  // all that is longer than 78 hours
    ASSERT_LE(LatencyAxis::low(bin), value);
    ASSERT_GT(LatencyAxis::low(bin + 1), value);
  }
}

TEST(LatencyBins, AreAtMostAnEightiethFromTheirMiddle) {
  for (int bin = 64; bin < LatencyAxis::size(); ++bin) {
    const auto low = static_cast<double>(LatencyAxis::low(bin));
    const auto high = static_cast<double>(LatencyAxis::low(bin + 1));
    ASSERT_LE((high - low) / 2 / low, 1.0 / 128);
  }
}

TEST(LatencyBins, GivePercentilesWithinOnePercent) {
  auto values = random_latencies(200'000, 5);
  LatencyCounts counts = no_latencies();
  for (const auto value : values) counts(value);
  const LatencySummary ours = summarise_bins(filled_bins(counts));
  const LatencySummary exact = summarise_latencies(values);
  EXPECT_NEAR(ours.p50, exact.p50, 0.01 * exact.p50);
  EXPECT_NEAR(ours.p90, exact.p90, 0.01 * exact.p90);
  EXPECT_NEAR(ours.p99, exact.p99, 0.01 * exact.p99);
  EXPECT_NEAR(ours.p999, exact.p999, 0.01 * exact.p999);
  EXPECT_EQ(ours.samples, exact.samples);
}

TEST(LatencyBins, CountBeyondOneByte) {
  LatencyCounts counts = no_latencies();
  for (int i = 0; i < 100'000; ++i) counts(std::int64_t{1'000'000});
  const auto bins = filled_bins(counts);
  ASSERT_EQ(bins.size(), 1U);
  EXPECT_EQ(bins[0].count, 100'000U);
}

TEST(BatchMeansInterval, IsStudentsTByHand) {
  // 30 batches of 2 with means 0, 1, 0, 1, ...: s^2 = 30/4/29, t(29, 0.975) = 2.04523.
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) values.push_back(i / 2 % 2);
  EXPECT_NEAR(batch_means_ci95(values), 2.04523 * std::sqrt(30.0 / 4 / 29 / 30), 1e-5);
}

TEST(BatchMeansInterval, CoversTheMeanOfACorrelatedSequence) {
  // AR(1) with coefficient 0.8: the naive interval is 3 times too narrow and covers about 50 %.
  Random random(11);
  int covered = 0;
  for (int run = 0; run < 300; ++run) {
    std::vector<double> values(6000);
    double state = random.normal() / 0.6;
    for (double& value : values) value = state = 0.8 * state + random.normal();
    double sum = 0;
    for (const double value : values) sum += value;
    covered += std::abs(sum / 6000) <= batch_means_ci95(values);
  }
  EXPECT_GT(covered, 300 * 0.91);
  EXPECT_LT(covered, 300 * 0.99);
}

TEST(BatchMeansInterval, IsNotANumberOfTooFewValues) {
  EXPECT_TRUE(std::isnan(batch_means_ci95(std::vector<double>(59, 1.0))));
}

TEST(Mser, CutsWhereTheStatisticIsLeastByHand) {
  // d = 0: 62.83/36 = 1.745; 1: 1.2/25 = 0.048; 2: 0.75/16 = 0.0469; 3: 0.667/9 = 0.074.
  const Truncation cut = mser(std::vector<double>{10, 2, 1, 1, 2, 1});
  EXPECT_EQ(cut.batches, 2U);
  EXPECT_FALSE(cut.doubtful);
}

TEST(Mser, CutsNothingOfASettledSequence) {
  EXPECT_EQ(mser(std::vector<double>{1, 1, 1, 1}).batches, 0U);
  EXPECT_EQ(mser({}).batches, 0U);
}

TEST(Mser, DoubtsASequenceThatNeverSettles) {
  // Of a straight line the statistic is about (n - d) / 12: the more is cut, the less.
  std::vector<double> rising(100);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<double>(i);
  EXPECT_TRUE(mser(rising).doubtful);
}

TEST(BatchMeans, MergesNeighboursWhenThereAreTooMany) {
  BatchMeans batches(4);
  for (int i = 0; i < 20; ++i) batches.add(i, seconds(i));  // 4 batches of 5: merged to 2 of 10
  EXPECT_EQ(batches.batch_size(), 10U);
  EXPECT_THAT(batches.means(), testing::ElementsAre(4.5, 14.5));
  EXPECT_EQ(batches.start(1), seconds(10));
  EXPECT_THAT(batches.means(seconds(1)), testing::ElementsAre(14.5));
}

TEST(Imbalance, IsByHand) {
  const Imbalance imbalance = imbalance_of(std::vector<double>{1, 2, 3});
  EXPECT_DOUBLE_EQ(imbalance.max_over_mean, 1.5);
  EXPECT_DOUBLE_EQ(imbalance.cv, std::sqrt(2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(imbalance.jain, 36.0 / (3 * 14));
}

TEST(Imbalance, DoesNotExistWithoutLoad) {
  EXPECT_TRUE(std::isnan(imbalance_of(std::vector<double>{0, 0}).jain));
  EXPECT_TRUE(std::isnan(imbalance_of({}).cv));
}

}  // namespace
}  // namespace evenkeel

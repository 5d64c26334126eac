// The generator against its authors' sequence, and its distributions against their moments.
#include "models/runtime/random.h"

#include <gmock/gmock.h>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

/// Chi-square of counts against equal expectations, in standard deviations above its mean.
double excess(const std::vector<double>& counts) {
  double total = 0;
  for (const double count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  double chi2 = 0;
  for (const double count : counts) chi2 += (count - expected) * (count - expected) / expected;
  const double freedom = static_cast<double>(counts.size()) - 1;
  return (chi2 - freedom) / std::sqrt(2 * freedom);
}

TEST(Random, SeedsWithSplitmixAsItsAuthorsDo) {
  // splitmix64 from seed 1234567, first output published with the reference code.
  EXPECT_EQ(mix(1234567 + 0x9e3779b97f4a7c15ULL), 6457827717110365317ULL);
}

TEST(Random, StreamsDifferByPurposeIndexAndSeed) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (const char* purpose : {"", "a", "b", "ab", "ba"})
      for (std::uint64_t index = 0; index < 10; ++index)
        first.insert(Random::stream(seed, purpose, index)());
  EXPECT_EQ(first.size(), 500u);
  EXPECT_EQ(Random::stream(5, "x", 7)(), Random::stream(5, "x", 7)());
}

TEST(Random, BelowIsUniformAndInRange) {
  Random random{1};
  for (const std::uint64_t n : {1, 2, 3, 7, 100}) {
    std::vector<double> counts(n);
    for (int i = 0; i < 200'000; ++i) ++counts.at(random.below(n));
    EXPECT_TRUE(n == 1 || excess(counts) < 4) << n;
  }
}

TEST(Random, BelowHasNoBiasWhereAModuloWouldShow) {
  // Of n = 3/4 of 2^64, a plain remainder gives the lower third twice as often.
  Random random{2};
  constexpr std::uint64_t n = std::uint64_t{3} << 62;
  std::vector<double> counts(3);
  for (int i = 0; i < 100'000; ++i) ++counts.at(random.below(n) >> 62);
  EXPECT_LT(excess(counts), 4);
}

struct Moments {
  double mean = 0;
  double variance = 0;
  double third = 0;  // about the mean
};

template <class Draw>
Moments moments(Draw draw) {
  constexpr int n = 1'000'000;
  std::vector<double> values(n);
  Moments result;
  for (double& value : values) result.mean += (value = draw()) / n;
  for (const double value : values) {
    const double off = value - result.mean;
    result.variance += off * off / n;
    result.third += off * off * off / n;
  }
  return result;
}

// A million draws: the tolerances are five standard errors.
TEST(Random, DistributionsHaveTheirMoments) {
  Random random{3};
  const Moments uniform = moments([&] { return random.uniform(); });
  EXPECT_NEAR(uniform.mean, 0.5, 5 * 0.2887e-3);
  EXPECT_NEAR(uniform.variance, 1.0 / 12, 4e-4);
  const Moments exponential = moments([&] { return random.exponential(); });
  EXPECT_NEAR(exponential.mean, 1, 5e-3);
  EXPECT_NEAR(exponential.variance, 1, 5 * std::sqrt(8.0) * 1e-3);
  EXPECT_NEAR(exponential.third, 2, 0.1);
  const Moments normal = moments([&] { return random.normal(); });
  EXPECT_NEAR(normal.mean, 0, 5e-3);
  EXPECT_NEAR(normal.variance, 1, 5 * std::sqrt(2.0) * 1e-3);
  EXPECT_NEAR(normal.third, 0, 0.02);
  const Moments laplace = moments([&] { return random.laplace(3); });
  EXPECT_NEAR(laplace.mean, 0, 5 * std::sqrt(18.0) * 1e-3);
  EXPECT_NEAR(laplace.variance, 18, 5 * 18 * std::sqrt(5.0) * 1e-3);
}

TEST(SampleDistinct, GivesEverySubsetEquallyOften) {
  Random random{4};
  const std::array<ServerIndex, 5> servers = {10, 11, 12, 13, 14};
  std::vector<double> counts(32);
  for (int i = 0; i < 100'000; ++i) {
    std::vector<ServerIndex> sample = {99};  // it adds to what is there
    sample_distinct(servers, 2, random, sample);
    ASSERT_EQ(sample.size(), 3u);
    ASSERT_NE(sample[1], sample[2]);
    ++counts[(1U << (sample[1] - 10)) | (1U << (sample[2] - 10))];
  }
  std::erase(counts, 0);
  EXPECT_EQ(counts.size(), 10u);
  EXPECT_LT(excess(counts), 4);
}

TEST(SampleDistinct, GivesAllIfThereAreNoMore) {
  Random random{5};
  const std::array<ServerIndex, 3> servers = {4, 5, 6};
  std::vector<ServerIndex> sample;
  sample_distinct(servers, 7, random, sample);
  EXPECT_THAT(sample, testing::UnorderedElementsAre(4, 5, 6));
}

}  // namespace
}  // namespace evenkeel

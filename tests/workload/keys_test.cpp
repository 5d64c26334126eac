#include "sim/workload/keys.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace evenkeel {
namespace {

/// Pearson's statistic of the counts of `samples` keys against (k+1)^-exponent, standardised.
double chi_square(std::uint64_t count, double exponent, int samples) {
  const Keys keys{count, exponent};
  Random random{11};
  std::vector<double> seen(count, 0);
  for (int i = 0; i < samples; ++i) ++seen[keys.sample(random)];
  const auto weight = [&](std::size_t k) {
    return std::pow(static_cast<double>(k + 1), -exponent);
  };
  double total = 0;
  for (std::size_t k = 0; k < count; ++k) total += weight(k);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double expected = samples * weight(k) / total;
    sum += (seen[k] - expected) * (seen[k] - expected) / expected;
  }
  const double degrees = static_cast<double>(count) - 1;
  return (sum - degrees) / std::sqrt(2 * degrees);
}

TEST(Keys, FollowZipfsLaw) {
  for (const double exponent : {0.5, 0.99, 1.0, 1.2, 2.0})
    EXPECT_LT(std::abs(chi_square(50, exponent, 400'000)), 3.5) << exponent;
}

TEST(Keys, AreUniformWithExponentZero) { EXPECT_LT(std::abs(chi_square(50, 0, 400'000)), 3.5); }

TEST(Keys, StayInRangeForAnyCountAndExponent) {
  Random random{5};
  for (const std::uint64_t count : {std::uint64_t{1}, std::uint64_t{2}, Keys::max_count})
    for (const double exponent : {0.0, 1e-9, 0.7, 1.0, 1.0000001, 3.0, Keys::max_exponent}) {
      const Keys keys{count, exponent};
      for (int i = 0; i < 1000; ++i) ASSERT_LT(keys.sample(random), count) << exponent;
    }
}

TEST(Keys, TakeTheFirstOfManyAsOftenAsTheHarmonicNumberSays) {
  constexpr std::uint64_t count = 1'000'000'000;
  const Keys keys{count, 1};
  Random random{3};
  int first = 0;
  constexpr int samples = 200'000;
  for (int i = 0; i < samples; ++i) first += keys.sample(random) == 0;
  const double harmonic = std::log(1e9) + 0.57721566490153286;
  EXPECT_NEAR(first, samples / harmonic, 4 * std::sqrt(samples / harmonic));
}

}  // namespace
}  // namespace evenkeel

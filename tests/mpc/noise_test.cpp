// Shares of noise add up to the noise that was meant.
#include "models/mpc/functions/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace evenkeel::test {
namespace {

// How often each sum of shares came, of `draws`.
std::map<std::int64_t, double> drawn(const Noise& noise, std::uint32_t owners, int draws) {
  Random random{7};
  Prg prg{draw_prg_key(random)};
  std::map<std::int64_t, double> counts;
  for (int i = 0; i < draws; ++i) {
    std::int64_t sum = 0;
    for (std::uint32_t owner = 0; owner < owners; ++owner) sum += noise.share(prg, owners);
    counts[sum] += 1;
  }
  return counts;
}

// Chi square over the values that are expected often, over its degrees of freedom; `weight` is the
// distribution but for a factor.
template <class Weight>
double chi_square(const std::map<std::int64_t, double>& counts, int draws, Weight weight) {
  double all = 0;
  for (int z = -2000; z <= 2000; ++z) all += weight(z);
  double sum = 0;
  int cells = 0;
  for (int z = -2000; z <= 2000; ++z) {
    const double expected = draws * weight(z) / all;
    if (expected < 20) continue;
    const auto found = counts.find(z);
    const double got = found == counts.end() ? 0 : found->second;
    sum += (got - expected) * (got - expected) / expected;
    ++cells;
  }
  return sum / (cells - 1);
}

// The mean of chi square over its degrees of freedom is 1, its deviation sqrt(2 / degrees): below
// 0.5 for 10 or more.
constexpr double much = 2.2;

TEST(Noise, OfPolyaSharesIsDiscreteLaplaceForAnyNumberOfOwners) {
  for (const std::uint32_t owners : {1U, 2U, 7U})
    for (const double scale : {1.5, 6.0}) {
      const int draws = 40'000;
      const auto counts = drawn({Noise::Kind::laplace, scale}, owners, draws);
      EXPECT_LT(chi_square(counts, draws, [&](int z) { return std::exp(-std::abs(z) / scale); }),
                much)
          << owners << " owners, scale " << scale;
    }
}

TEST(Noise, OfGaussianSharesIsAllButDiscreteGaussian) {
  for (const std::uint32_t owners : {1U, 4U}) {
    const double sigma = 5;
    const int draws = 40'000;
    const auto counts = drawn({Noise::Kind::gaussian, sigma}, owners, draws);
    EXPECT_LT(
        chi_square(counts, draws, [&](int z) { return std::exp(-z * z / (2 * sigma * sigma)); }),
        much)
        << owners << " owners";
  }
}

TEST(Noise, OfASmallDeviationIsNotRoundedAway) {
  const int draws = 20'000;
  const auto counts = drawn({Noise::Kind::gaussian, 0.6}, 1, draws);
  EXPECT_LT(chi_square(counts, draws, [](int z) { return std::exp(-z * z / (2 * 0.36)); }), 3.5);
}

TEST(Noise, StaysBelowItsTail) {
  for (const Noise::Kind kind : {Noise::Kind::laplace, Noise::Kind::gaussian}) {
    const Noise noise{kind, 100};
    const auto counts = drawn(noise, 3, 5'000);
    EXPECT_LT(counts.rbegin()->first, static_cast<std::int64_t>(noise.tail()));
    EXPECT_GT(counts.begin()->first, -static_cast<std::int64_t>(noise.tail()));
  }
}

}  // namespace
}  // namespace evenkeel::test

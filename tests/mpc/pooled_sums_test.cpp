// Which groups of a pooled question are told, and what noise does to them.
#include "models/mpc/functions/pooled_sums.h"

#include <cmath>

#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

using Owned = std::vector<std::vector<double>>;  // by owner: has rows, rows, sum of values, ...

std::vector<double> told(const PooledSumsSettings& settings, const Owned& all,
                         std::uint64_t seed = 1) {
  const auto owners = static_cast<std::uint32_t>(all.size());
  const Computation computation{
      .kind = protocol_named("replicated3"),
      .function = pooled_sums(settings),
      .problem = {.owners = owners, .size = all[0].size(), .bits = 12, .fraction = 10}};
  Table table{"replicated3", {.clients = owners, .seed = seed}};
  const auto got = table.compute(computation, all);
  return got[0] ? *got[0] : std::vector<double>{};
}

TEST(PooledSums, TellsAGroupOfWhichEnoughOwnersHaveEnoughRows) {
  const Owned all{{1, 6, 2.5}, {1, 4, 1.25}, {0, 0, 0}};
  EXPECT_EQ(told({.min_group = 10, .min_owners = 2}, all), (std::vector<double>{10, 3.75}));
}

TEST(PooledSums, TellsNothingOfAGroupWithARowTooFew) {
  const Owned all{{1, 6, 2.5}, {1, 3, 1.25}, {0, 0, 0}};
  EXPECT_EQ(told({.min_group = 10, .min_owners = 2}, all), (std::vector<double>{0, 0}));
}

TEST(PooledSums, TellsNothingOfAGroupWithAnOwnerTooFew) {
  const Owned all{{1, 1000, 2.5}, {0, 0, 0}, {0, 0, 0}};
  EXPECT_EQ(told({.min_group = 10, .min_owners = 2}, all), (std::vector<double>{0, 0}));
}

TEST(PooledSums, JudgesEachGroupForItself) {
  const Owned all{{1, 6, 2.5, 1, 2, 0.5}, {1, 4, 1.25, 1, 1, 1}, {1, 4, 1, 1, 80, 40}};
  EXPECT_EQ(told({.min_group = 10, .min_owners = 3}, all),
            (std::vector<double>{14, 4.75, 83, 41.5}));
  EXPECT_EQ(told({.min_group = 20, .min_owners = 3}, all), (std::vector<double>{0, 0, 83, 41.5}));
}

TEST(PooledSums, TellsAllIfNothingIsToBeHidden) {
  const Owned all{{1, 1, 0.5}, {0, 0, 0}, {0, 0, 0}};
  EXPECT_EQ(told({.min_group = 1, .min_owners = 0}, all), (std::vector<double>{1, 0.5}));
}

TEST(PooledSums, DemandsMoreOwnersThanThereAreInVain) {
  const Owned all{{1, 10, 0.5}, {1, 10, 0}, {1, 10, 0}};
  EXPECT_EQ(told({.min_group = 1, .min_owners = 9}, all), (std::vector<double>{0, 0}));
}

// Discrete Laplace with scale t has the variance 2 e^(1/t) / (e^(1/t) - 1)^2.
TEST(PooledSums, AddsNoiseOfTheScaleThatEpsilonAsksFor) {
  const PooledSumsSettings settings{.min_group = 0, .min_owners = 0, .epsilon = 0.5};
  const Owned all{{1, 50, 20}, {1, 50, 20}, {1, 50, 20}};
  constexpr int runs = 600;
  double of_rows = 0;
  double of_sums = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    const std::vector<double> got = told(settings, all, static_cast<std::uint64_t>(seed));
    ASSERT_EQ(got.size(), 2);
    of_rows += (got[0] - 150) * (got[0] - 150) / runs;
    of_sums += (got[1] - 60) * (got[1] - 60) / runs;
  }
  const double scale = 2 / settings.epsilon;
  const double step = std::exp(1 / scale);
  const double variance = 2 * step / ((step - 1) * (step - 1));
  // A Laplace variable's square has 5 times its mean squared as variance: four deviations.
  const double tolerance = 4 * std::sqrt(5.0 / runs) * variance;
  EXPECT_NEAR(of_rows, variance, tolerance);
  EXPECT_NEAR(of_sums, 2 * scale * scale, tolerance);
}

TEST(PooledSums, WantsThreeNumbersAGroup) {
  const auto function = pooled_sums({});
  EXPECT_TRUE(function->objection({.size = 4}));
  EXPECT_FALSE(function->objection({.size = 6}));
}

}  // namespace
}  // namespace evenkeel::test

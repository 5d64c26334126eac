// Every distribution against its exact moments and, where it has a density, against Boost.Math's.
#include <gmock/gmock.h>

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/pareto.hpp>

#include "tests/workload/settings.h"
#include "tests/workload/statistics.h"

namespace evenkeel {
namespace {

std::vector<double> samples(const Distribution& distribution, std::size_t count,
                            std::uint64_t seed = 1) {
  Random random{seed};
  std::vector<double> values(count);
  for (double& value : values) value = distribution.sample(random);
  return values;
}

struct Case {
  std::string name;
  Values values;
  double mean;
  double cv2;
};

// Means and cv^2 by hand. Bounded Pareto with alpha 2 on [1, 4]: density (32/15) x^-3, so
// E[X] = (32/15) (1 - 1/4) = 1.6 and E[X^2] = (32/15) ln 4.
const Case cases[] = {
    {"fixed", {{"value", "3"}}, 3, 0},
    {"exponential", {{"mean", "2"}}, 2, 1},
    {"lognormal", {{"mean", "5"}, {"cv", "0.6"}}, 5, 0.36},
    {"gamma", {{"mean", "4"}, {"cv", "0.4"}}, 4, 0.16},
    {"gamma", {{"mean", "4"}, {"shape", "3"}}, 4, 1.0 / 3},
    {"gamma", {{"mean", "4"}, {"cv", "2"}}, 4, 4},
    {"bounded_pareto",
     {{"alpha", "2"}, {"min", "1"}, {"max", "4"}},
     1.6,
     32.0 / 15 * std::log(4.0) / (1.6 * 1.6) - 1},
    {"bounded_pareto",
     {{"alpha", "2"}, {"mean", "1.6"}, {"max", "4"}},
     1.6,
     32.0 / 15 * std::log(4.0) / (1.6 * 1.6) - 1},
    {"hyperexponential", {{"mean", "2"}, {"cv", "3"}}, 2, 9},
    {"hyperexponential",
     {{"probabilities", "0.25,0.75"}, {"means", "4,1"}},
     1.75,
     2 * (0.25 * 16 + 0.75) / (1.75 * 1.75) - 1},
    {"bimodal", {{"small", "1"}, {"large", "5"}, {"share", "0.25"}}, 2, 0.75},
};

TEST(Distributions, StateTheirExactMoments) {
  for (const Case& its : cases) {
    const auto made = distribution(its.name, its.values);
    EXPECT_NEAR(made->mean(), its.mean, 1e-9 * its.mean) << its.name;
    EXPECT_NEAR(made->cv2(), its.cv2, 1e-9) << its.name;
  }
}

TEST(Distributions, SampleWhatTheyState) {
  constexpr std::size_t count = 200'000;
  for (const Case& its : cases) {
    const auto made = distribution(its.name, its.values);
    std::vector<double> values = samples(*made, count);
    const double error = its.mean * std::sqrt(its.cv2 / count);
    EXPECT_NEAR(mean_of(values), its.mean, 4 * error + 1e-12) << its.name;
    for (double& value : values) value *= value;
    const double square = its.mean * its.mean * (1 + its.cv2);
    EXPECT_NEAR(mean_of(values), square, 4 * std::sqrt(variance_of(values) / count) + 1e-12)
        << its.name;
  }
}

TEST(Distributions, AreThoseOfBoostMath) {
  const auto check = [](const std::string& name, const Values& values, auto cdf) {
    const auto made = distribution(name, values);
    EXPECT_LT(kolmogorov_smirnov(samples(*made, 100'000, 7), cdf), kolmogorov_smirnov_limit)
        << name;
  };
  check("exponential", {{"mean", "2"}},
        [d = boost::math::exponential(0.5)](double x) { return cdf(d, x); });
  const double sigma = std::sqrt(std::log(1 + 2.25));
  check("lognormal", {{"mean", "3"}, {"cv", "1.5"}},
        [d = boost::math::lognormal(std::log(3) - sigma * sigma / 2, sigma)](double x) {
          return cdf(d, x);
        });
  for (const double shape : {0.3, 1.0, 2.5, 40.0})
    check(
        "gamma", {{"mean", "6"}, {"shape", std::to_string(shape)}},
        [d = boost::math::gamma_distribution<>(shape, 6 / shape)](double x) { return cdf(d, x); });
  check("bounded_pareto", {{"alpha", "1.1"}, {"min", "1"}, {"max", "1000"}},
        [d = boost::math::pareto(1, 1.1)](double x) { return cdf(d, x) / cdf(d, 1000.0); });
  check("hyperexponential", {{"probabilities", "0.2,0.5,0.3"}, {"means", "10,1,3"}}, [](double x) {
    return 1 - 0.2 * std::exp(-x / 10) - 0.5 * std::exp(-x) - 0.3 * std::exp(-x / 3);
  });
}

TEST(Distributions, AreTheSameForTheSameStream) {
  for (const Case& its : cases) {
    const auto made = distribution(its.name, its.values);
    EXPECT_EQ(samples(*made, 100, 3), samples(*made, 100, 3)) << its.name;
  }
}

TEST(BoundedPareto, KeepsItsMomentsWhereAlphaMeetsThem) {
  // At alpha = 1 and alpha = 2 the general formula divides by 0: E[X] = ln(r) r / (r - 1) at 1.
  const auto at = distribution("bounded_pareto", {{"alpha", "1"}, {"min", "1"}, {"max", "10"}});
  EXPECT_NEAR(at->mean(), std::log(10.0) * 10 / 9, 1e-12);
  const auto near =
      distribution("bounded_pareto", {{"alpha", "1.0000001"}, {"min", "1"}, {"max", "10"}});
  EXPECT_NEAR(near->mean(), at->mean(), 1e-6);
}

TEST(BoundedPareto, RefusesAMeanThatItCannotHave) {
  std::string refusals;
  configured<MakeDistribution>(service_times(), "bounded_pareto",
                               {{"alpha", "0.01"}, {"mean", "1e-12"}, {"max", "100"}}, &refusals);
  EXPECT_EQ(refusals, "mean: is too small for this alpha and max\n");
  configured<MakeDistribution>(service_times(), "bounded_pareto", {{"mean", "100"}, {"max", "100"}},
                               &refusals);
  EXPECT_EQ(refusals, "mean: must be below max\n");
}

TEST(Hyperexponential, RefusesProbabilitiesThatDoNotAddUp) {
  std::string refusals;
  configured<MakeDistribution>(service_times(), "hyperexponential",
                               {{"probabilities", "0.2,0.5"}, {"means", "1,2"}}, &refusals);
  EXPECT_EQ(refusals, "probabilities: must add up to 1\n");
}

TEST(Empirical, DrawsTheColumnsValuesEquallyOften) {
  const TemporaryFile file{"name,ms\r\na,1\r\nb,3\r\nc,\"8\""};
  const auto made =
      distribution("empirical", {{"file", file.path()}, {"column", "ms"}, {"unit", "10"}});
  EXPECT_DOUBLE_EQ(made->mean(), 40);
  EXPECT_DOUBLE_EQ(made->cv2(), (900.0 + 100 + 1600) / 3 / 1600);
  std::map<double, int> seen;
  for (const double value : samples(*made, 30'000)) ++seen[value];
  ASSERT_EQ(seen.size(), 3u);
  for (const auto& [value, times] : seen) EXPECT_NEAR(times, 10'000, 4 * 82) << value;
}

TEST(Empirical, SaysWhereAValueIsWrong) {
  const TemporaryFile file{"name,ms\na,1\nb,-3\n"};
  const auto make = configured<MakeDistribution>(service_times(), "empirical",
                                                 {{"file", file.path()}, {"column", "ms"}});
  EXPECT_THAT(user_error_of(make),
              testing::StartsWith(file.path() + ":3:3: ms: '-3' is out of range"));
}

TEST(Percentiles, GoStraightBetweenThePercentiles) {
  // Uniform on [0, 10] to the median, on [10, 30] above it.
  const TemporaryFile file{"f,p0,p50,p100\na,0,10,30\n"};
  const auto made = distribution("percentiles", {{"file", file.path()}, {"prefix", "p"}});
  EXPECT_DOUBLE_EQ(made->mean(), (5.0 + 20) / 2);
  EXPECT_NEAR(made->cv2(), (100.0 / 3 + 1300.0 / 3) / 2 / (12.5 * 12.5) - 1, 1e-12);
  const auto cdf = [](double x) { return x < 10 ? x / 20 : 0.5 + (x - 10) / 40; };
  EXPECT_LT(kolmogorov_smirnov(samples(*made, 50'000), cdf), kolmogorov_smirnov_limit);
}

TEST(Percentiles, MixTheRowsByTheirWeights) {
  const TemporaryFile file{"n,p0,p100\n1,2,2\n3,6,6\n"};
  const auto made =
      distribution("percentiles", {{"file", file.path()}, {"prefix", "p"}, {"weight", "n"}});
  EXPECT_DOUBLE_EQ(made->mean(), 5);
  const std::vector<double> values = samples(*made, 40'000);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(values, 2.0)), 10'000, 4 * 87);
}

TEST(Percentiles, ReadTheRunTimesOfTheAzureTrace) {
  const std::string path = trace_path("10_run.csv");
  EVENKEEL_NEEDS(path);
  const auto made =
      distribution("percentiles", {{"file", path}, {"weight", "Count"}, {"unit", "1e-3"}});
  // The straight pieces of its ten rows, added up independently from the file.
  EXPECT_NEAR(made->mean(), 7.368004159170533, 1e-6);
  for (const double value : samples(*made, 10'000)) {
    EXPECT_GE(value, 0.061);
    EXPECT_LE(value, 1412.442);
  }
}

TEST(DistributionsIn, KeepEveryEntryAndChangeTheUnitOfAmountsOnly) {
  for (const Unit unit : {Unit::time, Unit::bytes}) {
    ASSERT_EQ(distributions_in(unit).entries().size(), service_times().entries().size());
    const auto made =
        configured<MakeDistribution>(distributions_in(unit), "lognormal", {{"mean", "3"}})();
    EXPECT_EQ(made->mean(), 3);
  }
}

}  // namespace
}  // namespace evenkeel

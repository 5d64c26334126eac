// One queue: M/M/1, M/M/c, M/G/1 first come first served (Pollaczek and Khinchine) and shared.
#include <cmath>

#include "tests/queueing/run.h"

namespace evenkeel::test {
namespace {

TEST(MM1, HasTheExponentialLatencyOfTheory) {
  const Measured measured = run(Cluster{.load = 0.7, .requests = 1e6});
  const double mean = 1 / (1 - 0.7);
  expect_mean(measured, mean);
  // Exponential: a quantile scales with the mean, and so does its error.
  EXPECT_NEAR(measured.p50, std::log(2) * mean, 0.03 * mean);
  EXPECT_NEAR(measured.p99, std::log(100) * mean, 0.05 * std::log(100) * mean);
  EXPECT_NEAR(measured.busiest, 0.7, 0.01);
}

TEST(MM1, HoldsAtLowAndHighLoad) {
  expect_mean(run(Cluster{.load = 0.3, .requests = 3e5}), 1 / 0.7);
  expect_mean(run(Cluster{.load = 0.9, .requests = 1e6}), 10, 0.08);
}

double erlang_c_latency(int cores, double load) {
  const double offered = cores * load;
  double inverse_b = 1;  // of Erlang's loss probability, by its recursion
  for (int i = 1; i <= cores; ++i) inverse_b = 1 + inverse_b * i / offered;
  const double blocked = 1 / inverse_b;
  const double waits = blocked / (1 - load * (1 - blocked));
  return 1 + waits / (cores * (1 - load));
}

TEST(MMc, WaitsAsErlangSays) {
  EXPECT_NEAR(erlang_c_latency(4, 0.9), 2.9694, 1e-4);
  EXPECT_NEAR(erlang_c_latency(10, 0.7), 1.0739, 1e-4);
  expect_mean(run(Cluster{.cores = 2, .load = 0.8}), erlang_c_latency(2, 0.8));
  expect_mean(run(Cluster{.cores = 4, .load = 0.9}), erlang_c_latency(4, 0.9), 0.06);
  expect_mean(run(Cluster{.cores = 10, .load = 0.7}), erlang_c_latency(10, 0.7));
}

struct Service {
  std::string work;
  double cv2;  // squared coefficient of variation
};

class MG1 : public testing::TestWithParam<Service> {};

TEST_P(MG1, WaitsAsPollaczekAndKhinchineSay) {
  constexpr double load = 0.7;
  const Measured measured = run(Cluster{.load = load, .work = GetParam().work, .requests = 1e6});
  expect_mean(measured, 1 + load * (1 + GetParam().cv2) / (2 * (1 - load)), 0.06);
}

TEST_P(MG1, SharedDoesNotFeelTheDistribution) {
  constexpr double load = 0.7;
  expect_mean(run(Cluster{.load = load,
                          .work = GetParam().work,
                          .discipline = "processor_sharing",
                          .requests = 1e6}),
              1 / (1 - load), 0.06);
}

INSTANTIATE_TEST_SUITE_P(Services, MG1,
                         testing::Values(Service{"fixed: 1 Gop", 0},
                                         Service{"gamma: {mean: 1 Gop, cv: 0.5}", 0.25},
                                         Service{"hyperexponential: {mean: 1 Gop, cv: 2}", 4}));

TEST(Shared, ManyCoresHaveTheMeanOfErlangForAnyWork) {
  expect_mean(run(Cluster{.cores = 2,
                          .load = 0.8,
                          .work = "hyperexponential: {mean: 1 Gop, cv: 2}",
                          .discipline = "processor_sharing"}),
              erlang_c_latency(2, 0.8), 0.06);
}

}  // namespace
}  // namespace evenkeel::test

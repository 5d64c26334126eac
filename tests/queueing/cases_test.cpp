// The formulas against published digits, and each known queueing system against its formula.
#include "tests/queueing/cases.h"

#include <cctype>

#include "tests/queueing/run.h"

namespace evenkeel::test {
namespace {

TEST(Formulas, GiveThePublishedDigits) {
  EXPECT_NEAR(erlang_c_latency(4, 0.9), 2.9694, 1e-4);
  EXPECT_NEAR(erlang_c_latency(10, 0.7), 1.0739, 1e-4);
  EXPECT_NEAR(pollaczek_khinchine_latency(0.8, 4), 11, 1e-9);
  EXPECT_NEAR(round_robin_latency(10, 0.7), 2.0198, 1e-4);
  EXPECT_NEAR(round_robin_latency(2, 0.9), 7.5883, 1e-4);
  EXPECT_NEAR(overflow_share(0.9, 5), 0.126023, 1e-6);
  EXPECT_NEAR(overflow_latency(0.8, 3, 1.5), 1.79133, 1e-5);
  EXPECT_NEAR(overflow_latency(1.2, 5, 1.5), 2.89353, 1e-5);
}

TEST(Formulas, OfTheShorterQueueLieBetweenOneAndTwoQueues) {
  for (const double load : {0.5, 0.8}) {
    EXPECT_GT(shorter_queue_latency(load, 0), erlang_c_latency(2, load));
    EXPECT_GT(shorter_queue_latency(load, 0.5), 1.03 * shorter_queue_latency(load, 0));
    EXPECT_NEAR(shorter_queue_latency(load, 1), 1 / (1 - load), 1e-4);
  }
}

class QueueingSystem : public testing::TestWithParam<Case> {};

TEST_P(QueueingSystem, HasTheKnownMeanLatency) {
  expect_mean(run(GetParam().scenario), GetParam().reference, 0.12, GetParam().give);
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name;
  for (const char c : info.param.name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Known, QueueingSystem, testing::ValuesIn(cases(4e5)), name_of);

TEST(MM1, HasTheExponentialLatencyOfTheory) {
  const Measured measured = run(scenario_of({.load = 0.7, .requests = 1e6}));
  const double mean = 1 / (1 - 0.7);
  expect_mean(measured, mean, 0.03);
  // Exponential: a quantile scales with the mean, and so does its error.
  EXPECT_NEAR(measured.p50, std::log(2) * mean, 0.03 * mean);
  EXPECT_NEAR(measured.p99, std::log(100) * mean, 0.05 * std::log(100) * mean);
  EXPECT_NEAR(measured.busiest, 0.7, 0.01);
}

TEST(ThresholdOffload, KeepsTheServerAsBusyAsWhatItTakesIn) {
  const Measured measured = run(edge_and_cloud(1.2, 5, 4e5));
  EXPECT_NEAR(measured.busiest, 1.2 * (1 - overflow_share(1.2, 5)), 0.01);
}

}  // namespace
}  // namespace evenkeel::test

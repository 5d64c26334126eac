#include "sim/metrics/request_sample.h"

#include <gtest/gtest.h>

#include <cmath>

namespace evenkeel {
namespace {

RequestRecord record(std::uint64_t number, Duration latency) {
  const Time sent = seconds(static_cast<double>(number));
  return {.number = number, .sent = sent, .ended = sent + latency, .compute = latency};
}

TEST(RequestSample, KeepsAllUpToTheLimit) {
  RequestSample sample(10, 0, 1, 1);
  for (std::uint64_t i = 0; i < 10; ++i) sample.offer(record(i, seconds(1)), 0);
  const auto kept = sample.kept({}, 0);
  ASSERT_EQ(kept.size(), 10U);
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(kept[i].record.number, i);
}

TEST(RequestSample, IsUniform) {
  // 20 of 200, 4000 times: each tenth of the offers is kept 8000 times, with a standard deviation
  // of sqrt(8000 * 0.9 * ...) < 85; chi square with 9 degrees of freedom stays below 27.9 (0.1 %).
  constexpr int rounds = 4000;
  std::vector<double> tenths(10);
  for (int round = 0; round < rounds; ++round) {
    RequestSample sample(20, 0, 1, static_cast<std::uint64_t>(round));
    for (std::uint64_t i = 0; i < 200; ++i) sample.offer(record(i, seconds(1)), 0);
    const auto kept = sample.kept({}, 0);
    ASSERT_EQ(kept.size(), 20U);
    for (const KeptRequest& one : kept) ++tenths[one.record.number / 20];
  }
  double chi_square = 0;
  for (const double seen : tenths) chi_square += std::pow(seen - rounds * 2, 2) / (rounds * 2);
  EXPECT_LT(chi_square, 27.9);
}

TEST(RequestSample, KeepsTheSlowestCompletedAlways) {
  RequestSample sample(5, 3, 1, 1);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    RequestRecord one = record(i, seconds(static_cast<double>((i * 7919) % 1000)));
    if (one.latency() == seconds(999)) one.end = RequestEnd::timed_out;
    sample.offer(one, 0);
  }
  int found = 0;
  for (const KeptRequest& one : sample.kept({}, 0)) {
    const bool slow =
        one.record.end == RequestEnd::completed && one.record.latency() >= seconds(996);
    found += slow;
    EXPECT_TRUE(slow || one.sampled);
  }
  EXPECT_EQ(found, 3);
}

TEST(RequestSample, FindsTheSlowestAfterACut) {
  RequestSample sample(1, 2, 10, 1);
  for (std::uint64_t i = 0; i < 100; ++i) {
    sample.offer(record(i, seconds(static_cast<double>(100 - i))), i / 10);
  }
  int slow = 0;
  for (const KeptRequest& one : sample.kept(seconds(50), 5)) {
    EXPECT_GE(one.record.number, 50U);
    slow += one.record.number == 50 || one.record.number == 51;
  }
  EXPECT_EQ(slow, 2);
}

TEST(RequestSample, MayKeepNothing) {
  RequestSample sample(0, 0, 1, 1);
  sample.offer(record(1, seconds(1)), 0);
  EXPECT_TRUE(sample.kept({}, 0).empty());
}

}  // namespace
}  // namespace evenkeel

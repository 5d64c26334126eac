// The two checkers against each other and against brute force.
#include <gmock/gmock.h>

#include <chrono>

#include "sim/faults/checks/wing_gong.h"
#include "sim/faults/checks/zones.h"
#include "tests/checks/histories.h"

namespace evenkeel::test {
namespace {

Operation done(Operation::Kind kind, std::uint32_t client, HistoryValue value, int start, int end) {
  return {.client = client,
          .kind = kind,
          .value = value,
          .start = microseconds{start},
          .end = microseconds{end}};
}
Operation get(std::uint32_t client, HistoryValue value, int start, int end) {
  return done(Operation::Kind::get, client, value, start, end);
}
Operation put(std::uint32_t client, HistoryValue value, int start, int end) {
  return done(Operation::Kind::put, client, value, start, end);
}

TEST(Zones, AcceptsAGetDuringAPutOfEitherValue) {
  const Operation writing = put(1, 5, 10, 30);
  EXPECT_TRUE(check_zones({.operations = {writing, get(2, 0, 15, 20)}}));
  EXPECT_TRUE(check_zones({.operations = {writing, get(2, 5, 15, 20)}}));
}

TEST(Zones, RefusesAnOldValueAfterANewOneWasSeen) {
  const HistoryVerdict verdict =
      check_zones({.operations = {put(1, 5, 10, 50), get(2, 5, 15, 20), get(3, 0, 25, 30)}});
  EXPECT_FALSE(verdict);
  EXPECT_THAT(verdict.proof, testing::Contains(2u));
}

TEST(Zones, RefusesAValueBeforeItWasPutAndOneThatNobodyPut) {
  EXPECT_FALSE(check_zones({.operations = {get(2, 5, 1, 2), put(1, 5, 10, 50)}}));
  EXPECT_FALSE(check_zones({.operations = {get(2, 9, 1, 2)}}));
}

TEST(Zones, LetsAPutOfUnknownOutcomeTakeEffectLateOrNever) {
  Operation lost = put(1, 5, 10, 0);
  lost.outcome = OperationEnd::unknown;
  lost.end = never;
  EXPECT_TRUE(check_zones({.operations = {lost, get(2, 0, 100, 110)}}));
  EXPECT_TRUE(check_zones({.operations = {lost, get(2, 0, 100, 110), get(2, 5, 120, 130)}}));
  EXPECT_FALSE(check_zones({.operations = {lost, get(2, 5, 100, 110), get(2, 0, 120, 130)}}));
}

TEST(WingGong, JudgesCompareAndSetByWhatItFound) {
  const auto set = [](HistoryValue expected, HistoryValue value, bool matched, int start, int end) {
    Operation operation = done(Operation::Kind::compare_and_set, 1, value, start, end);
    operation.expected = expected;
    operation.matched = matched;
    return operation;
  };
  EXPECT_TRUE(check_linearizable({.operations = {set(0, 1, true, 1, 2), set(1, 2, true, 3, 4)}}));
  EXPECT_TRUE(check_linearizable({.operations = {set(0, 1, true, 1, 2), set(0, 2, false, 3, 4)}}));
  const HistoryVerdict both =
      check_linearizable({.operations = {set(0, 1, true, 1, 5), set(0, 2, true, 2, 6)}});
  EXPECT_FALSE(both) << "two of one expectation cannot both match";
  EXPECT_EQ(both.proof.size(), 1u);
}

TEST(WingGong, GivesUpWhenTheSearchIsTooLong) {
  Random random = Random::stream(1, "history");
  const History history = random_history({.clients = 8, .operations = 200}, random);
  EXPECT_EQ(search_linearization(history, 50).answer, Linearizable::given_up);
}

// The promise: 10,000 histories, no disagreement.
TEST(Checkers, AgreeWithEachOtherAndWithBruteForceOnRandomHistories) {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Random random = Random::stream(seed, "history");
    const HistoryPlan plan{.clients = static_cast<std::uint32_t>(2 + random.below(3)),
                           .operations = static_cast<int>(3 + random.below(5)),
                           .broken = seed % 2 == 0 ? 0 : 0.3};
    const History history = random_history(plan, random);
    const bool truth = BruteForce{history}.is_linearizable();
    wrong += truth ? 0 : 1;
    ASSERT_EQ(check_zones(history).holds, truth) << "seed " << seed;
    ASSERT_EQ(check_linearizable(history).holds, truth) << "seed " << seed;
    ASSERT_TRUE(truth || seed % 2 != 0) << "seed " << seed;
  }
  EXPECT_GT(wrong, 500);  // else the broken ones prove nothing
}

TEST(Checkers, AgreeOnLongerHistoriesThatBruteForceCannotJudge) {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random = Random::stream(seed, "long history");
    const History history = random_history(
        {.clients = 4, .operations = 60, .broken = seed % 2 == 0 ? 0 : 0.02}, random);
    const HistoryVerdict zones = check_zones(history);
    ASSERT_EQ(check_linearizable(history).holds, zones.holds) << "seed " << seed;
    wrong += zones ? 0 : 1;
  }
  EXPECT_GT(wrong, 30);
}

TEST(WingGong, AgreesWithBruteForceOnCompareAndSet) {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Random random = Random::stream(seed, "compare and set");
    const HistoryPlan plan{.clients = static_cast<std::uint32_t>(2 + random.below(3)),
                           .operations = static_cast<int>(3 + random.below(5)),
                           .compare_and_set = true,
                           .broken = seed % 2 == 0 ? 0 : 0.2,
                           .most_values = seed % 3 == 0 ? std::uint64_t{2} : 0};
    const History history = random_history(plan, random);
    const bool truth = BruteForce{history}.is_linearizable();
    wrong += truth ? 0 : 1;
    ASSERT_EQ(check_linearizable(history).holds, truth) << "seed " << seed;
  }
  EXPECT_GT(wrong, 500);
}

// Time against time in one run: twice as many operations take about twice as long, not four times.
TEST(Zones, NeedsLittleMoreThanLinearTime) {
  const auto cost = [](int operations) {
    Random random = Random::stream(3, "size");
    const History history = random_history({.clients = 5, .operations = operations}, random);
    double best = 1;
    for (int i = 0; i < 5; ++i) {
      const auto began = std::chrono::steady_clock::now();
      EXPECT_TRUE(check_zones(history));
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
      best = std::min(best, took.count());
    }
    return best;
  };
  const double small = cost(10'000);
  RecordProperty("10000_operations_ms", std::to_string(small * 1e3));
  EXPECT_LT(cost(80'000), 40 * small);
}

}  // namespace
}  // namespace evenkeel::test

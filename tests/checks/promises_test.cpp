// Session promises, staleness, what must be there at the end, windows.
#include <gmock/gmock.h>

#include "sim/faults/checks/final_state.h"
#include "sim/faults/checks/sessions.h"
#include "sim/faults/checks/windows.h"
#include "tests/checks/histories.h"

namespace evenkeel::test {
namespace {

Operation get(std::uint32_t client, HistoryValue value, int start, int end) {
  return {.client = client,
          .kind = Operation::Kind::get,
          .value = value,
          .start = microseconds{start},
          .end = microseconds{end}};
}
Operation put(std::uint32_t client, HistoryValue value, int start, int end) {
  Operation operation = get(client, value, start, end);
  operation.kind = Operation::Kind::put;
  return operation;
}
Operation lost_put(std::uint32_t client, HistoryValue value, int start) {
  Operation operation = put(client, value, start, 0);
  operation.outcome = OperationEnd::unknown;
  operation.end = never;
  return operation;
}

TEST(Sessions, AClientReadsItsOwnWritesOrNewerOnes) {
  EXPECT_TRUE(check_read_your_writes({.operations = {put(1, 5, 1, 2), get(1, 5, 3, 4)}}));
  EXPECT_TRUE(
      check_read_your_writes({.operations = {put(1, 5, 1, 2), put(2, 6, 1, 9), get(1, 6, 3, 4)}}));
  EXPECT_TRUE(check_read_your_writes({.operations = {put(1, 5, 1, 2), get(2, 0, 3, 4)}}))
      << "of another client nothing is promised";
  const HistoryVerdict verdict =
      check_read_your_writes({.operations = {put(1, 5, 1, 2), get(1, 0, 3, 4)}});
  EXPECT_FALSE(verdict);
  EXPECT_THAT(verdict.proof, testing::ElementsAre(0u, 1u));
}

TEST(Sessions, AClientNeverReadsBackwards) {
  const std::vector<Operation> puts = {put(9, 5, 1, 2), put(9, 6, 3, 4)};
  const auto with = [&](std::vector<Operation> gets) {
    History history{.operations = puts};
    history.operations.insert(history.operations.end(), gets.begin(), gets.end());
    return history;
  };
  EXPECT_TRUE(check_monotonic_reads(with({get(1, 5, 5, 6), get(1, 6, 7, 8)})));
  EXPECT_TRUE(check_monotonic_reads(with({get(1, 6, 5, 6), get(2, 5, 7, 8)})));
  EXPECT_FALSE(check_monotonic_reads(with({get(1, 6, 5, 6), get(1, 5, 7, 8)})));
  EXPECT_FALSE(check_monotonic_reads(with({get(1, 6, 5, 6), get(1, 0, 7, 8)})));
  EXPECT_FALSE(check_monotonic_reads(with({get(1, 77, 5, 6)}))) << "nobody put it";
}

TEST(Sessions, HoldWhereTheRegisterIsLinearizable) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random = Random::stream(seed, "sessions");
    const History history = random_history({.clients = 4, .operations = 60}, random);
    EXPECT_TRUE(check_read_your_writes(history)) << "seed " << seed;
    EXPECT_TRUE(check_monotonic_reads(history)) << "seed " << seed;
    EXPECT_TRUE(check_staleness(history, {})) << "seed " << seed;
    for (const Duration age : staleness_of(history)) EXPECT_EQ(age, Duration{}) << "seed " << seed;
  }
}

TEST(Staleness, CountsFromWhenTheNewerWriteWasOver) {
  const History history{.operations = {put(1, 5, 0, 10), put(1, 6, 20, 30), get(2, 5, 130, 140)}};
  EXPECT_THAT(staleness_of(history), testing::ElementsAre(microseconds{100}));
  EXPECT_TRUE(check_staleness(history, microseconds{100}));
  const HistoryVerdict verdict = check_staleness(history, microseconds{99});
  EXPECT_FALSE(verdict);
  EXPECT_THAT(verdict.proof, testing::ElementsAre(1u, 2u));
}

TEST(FinalValue, IsTheLastAcknowledgedWriteOrOneThatMayHaveFollowed) {
  const History history{.operations = {put(1, 5, 0, 10), put(1, 6, 20, 30), lost_put(2, 7, 5)}};
  EXPECT_TRUE(check_final_value(history, 6));
  EXPECT_TRUE(check_final_value(history, 7)) << "its outcome is unknown";
  EXPECT_FALSE(check_final_value(history, 5));
  const HistoryVerdict lost = check_final_value(history, no_such_value);
  EXPECT_FALSE(lost);
  EXPECT_THAT(lost.why, testing::HasSubstr("acknowledged write of 6 is lost"));
}

TEST(FinalValue, MayBeEitherOfTwoThatOverlapped) {
  const History history{.operations = {put(1, 5, 0, 10), put(2, 6, 5, 30)}};
  EXPECT_TRUE(check_final_value(history, 5));
  EXPECT_TRUE(check_final_value(history, 6));
}

TEST(FinalValue, StaysDeleted) {
  const History history{.operations = {put(1, 5, 0, 10), put(1, no_such_value, 20, 30)}};
  EXPECT_TRUE(check_final_value(history, no_such_value));
  const HistoryVerdict back = check_final_value(history, 5);
  EXPECT_FALSE(back);
  EXPECT_THAT(back.why, testing::HasSubstr("though it was deleted"));
}

TEST(Converged, NamesTheReplicasThatDiffer) {
  const std::vector<ReplicaDigest> alike = {{"a", 1}, {"b", 1}};
  const std::vector<ReplicaDigest> unlike = {{"a", 1}, {"b", 1}, {"c", 2}};
  EXPECT_TRUE(check_converged("partition 3", alike));
  EXPECT_THAT(check_converged("partition 3", unlike).why, testing::HasSubstr("c has"));
}

TEST(SameBytes, FindsTheFirstThatDiffers) {
  const std::vector<std::byte> put{std::byte{1}, std::byte{2}};
  std::vector<std::byte> got = put;
  EXPECT_TRUE(check_same_bytes("f", put, got));
  got[1] = std::byte{9};
  EXPECT_THAT(check_same_bytes("f", put, got).why, testing::HasSubstr("byte 1"));
  got.pop_back();
  EXPECT_FALSE(check_same_bytes("f", put, got));
}

TEST(Windows, AddUpToTheInputsEachOnce) {
  const std::vector<WindowedInput> inputs = {{"a", 2}, {"a", 3}, {"b", 1, false}};
  const Time first{}, second = seconds(1);
  EXPECT_TRUE(check_windows(
      inputs, std::vector<EmittedWindow>{{"q", first, "a", 2}, {"q", second, "a", 3}}));
  EXPECT_TRUE(check_windows(
      inputs, std::vector<EmittedWindow>{
                  {"q", first, "a", 2}, {"q", first, "a", 3, true}, {"q", first, "b", 1}}));
  EXPECT_FALSE(check_windows(inputs, std::vector<EmittedWindow>{{"q", first, "a", 2}}));
  EXPECT_FALSE(check_windows(
      inputs, std::vector<EmittedWindow>{{"q", first, "a", 2}, {"q", first, "a", 3}}));
  EXPECT_FALSE(check_windows(
      inputs, std::vector<EmittedWindow>{{"q", first, "a", 2}, {"q", second, "a", 4}}));
  EXPECT_FALSE(check_windows(
      inputs, std::vector<EmittedWindow>{{"q", first, "a", 5}, {"q", first, "c", 1}}));
}

}  // namespace
}  // namespace evenkeel::test

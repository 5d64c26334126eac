// Seeds in children, with runs that need no simulation: what is found, told, and left out.
#include "sim/study/torture.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "tests/folder.h"

namespace evenkeel {
namespace {

double now_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

RunResult fine(std::uint64_t seed) {
  RunResult result;
  result.fingerprint = "print of " + std::to_string(seed);
  result.requests_in_all = 10;
  result.events.push_back({.at_s = 1, .kind = "crash"});
  return result;
}

RunResult broken(std::uint64_t seed) {
  RunResult result = fine(seed);
  result.violations = 1;
  result.events.push_back(
      {.at_s = 2.5, .kind = violation_event, .detail = "durable: t/k: the write of 6 is lost"});
  return result;
}

std::string replay(std::uint64_t seed) { return "replay " + std::to_string(seed); }

TortureOutcome torture_seeds(std::uint64_t last, std::function<RunResult(std::uint64_t)> run,
                             bool keep_going = true, int jobs = 3) {
  return torture({.last_seed = last,
                  .jobs = jobs,
                  .keep_going = keep_going,
                  .run = std::move(run),
                  .now_s = now_s});
}

TEST(Torture, RunsEverySeedOnceAndOneInAHundredTwice) {
  const TortureOutcome outcome = torture_seeds(101, fine);
  EXPECT_EQ(outcome.runs, 101u);
  EXPECT_EQ(outcome.twice, 2u);
  EXPECT_EQ(outcome.requests, 1010u);
  EXPECT_EQ(outcome.events.at("crash"), 101u);
  EXPECT_THAT(outcome.failures, testing::IsEmpty());
  EXPECT_THAT(torture_text(outcome, replay), testing::HasSubstr("every invariant held"));
}

TEST(Torture, TellsWhichSeedsBrokeWhatAndHowToReplayThem) {
  const TortureOutcome outcome = torture_seeds(
      20, [](std::uint64_t seed) { return seed % 7 == 0 ? broken(seed) : fine(seed); });
  EXPECT_EQ(outcome.runs, 20u);
  ASSERT_EQ(outcome.failures.size(), 2u);
  EXPECT_EQ(outcome.failures[0].seed, 7u);
  EXPECT_EQ(outcome.failures[0].invariant, "durable");
  EXPECT_EQ(outcome.failures[0].at_s, 2.5);
  const std::string text = torture_text(outcome, replay);
  EXPECT_THAT(text, testing::HasSubstr("the write of 6 is lost"));
  EXPECT_THAT(text, testing::HasSubstr("replay it with: replay 7"));
  EXPECT_THAT(text, testing::HasSubstr("replay it with: replay 14"));
}

TEST(Torture, StopsAtTheFirstFailureWhateverTheNumberOfJobs) {
  for (const int jobs : {1, 4}) {
    const TortureOutcome outcome = torture_seeds(
        1000, [](std::uint64_t seed) { return seed >= 5 ? broken(seed) : fine(seed); }, false,
        jobs);
    ASSERT_EQ(outcome.failures.size(), 1u);
    EXPECT_EQ(outcome.failures[0].seed, 5u);
    EXPECT_LT(outcome.runs, 20u);
  }
}

TEST(Torture, CountsARunThatDiesAsAFailure) {
  const TortureOutcome outcome = torture_seeds(4, [](std::uint64_t seed) {
    if (seed == 2) ::raise(SIGKILL);
    if (seed == 3) throw std::runtime_error("a check failed");
    return fine(seed);
  });
  EXPECT_EQ(outcome.runs, 4u);
  ASSERT_EQ(outcome.failures.size(), 2u);
  EXPECT_EQ(outcome.failures[0].invariant, "run");
  EXPECT_THAT(outcome.failures[0].why, testing::HasSubstr("Killed"));
  EXPECT_THAT(outcome.failures[1].why, testing::HasSubstr("a check failed"));
}

TEST(Torture, FindsARunThatDoesNotRepeat) {
  const test::Folder folder;
  const TortureOutcome outcome = torture_seeds(3, [&](std::uint64_t seed) {
    RunResult result = fine(seed);
    const std::string path = folder.file("ran-" + std::to_string(seed));
    // Both runs of a seed may come at once: one of them makes the folder.
    if (!std::filesystem::create_directory(path))
      result.events.push_back({.at_s = 3, .kind = "late"});
    return result;
  });
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].seed, 1u);
  EXPECT_EQ(outcome.failures[0].invariant, "determinism");
}

TEST(Torture, StartsNothingNewAfterItsTime) {
  double clock = 0;
  const TortureOutcome outcome =
      torture({.last_seed = 1'000'000, .jobs = 1, .time_s = 10, .run = fine, .now_s = [&clock] {
                 return clock += 1;
               }});
  EXPECT_GT(outcome.runs, 0u);
  EXPECT_LT(outcome.runs, 11u);
}

TEST(Trace, DependsOnEventsAndCountsNotOnlyOnRequests) {
  const RunResult one = fine(1);
  RunResult other = one;
  EXPECT_EQ(trace_of(one), trace_of(other));
  other.events.back().at_s += 1e-9;
  EXPECT_NE(trace_of(one), trace_of(other));
  other = one;
  other.counts.push_back({.name = "messages", .nodes = {{"a", 1}}});
  EXPECT_NE(trace_of(one), trace_of(other));
}

}  // namespace
}  // namespace evenkeel

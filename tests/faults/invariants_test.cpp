// What the witness saw, judged by every invariant.
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

std::vector<std::string> broken(const Witness& witness) {
  std::vector<std::string> names;
  for (const Violation& violation : judge(witness)) names.push_back(violation.invariant);
  return names;
}

void put(Witness& witness, const char* value, double start_s, double end_s,
         std::uint32_t client = 1) {
  const auto ticket = witness.put("t", "k", client, value, seconds(start_s));
  witness.acknowledged(ticket, seconds(end_s));
}
void get(Witness& witness, const char* value, double start_s, double end_s,
         std::uint32_t client = 1) {
  const auto ticket = witness.get("t", "k", client, seconds(start_s));
  witness.got(ticket, value, seconds(end_s));
}

TEST(Invariants, AreOneAFile) {
  std::set<std::string> files, names;
  for (const auto& file :
       std::filesystem::directory_iterator(EVENKEEL_SOURCE_DIR "/sim/faults/invariants"))
    files.insert(file.path().stem());
  for (const Entry& entry : invariants().entries()) names.insert(entry.name);
  EXPECT_EQ(names, files);
}

TEST(Invariants, HoldForANodeThatDoesWhatItShould) {
  Witness witness;
  witness.promise("t", {.linearizable = true,
                        .read_your_writes = true,
                        .monotonic_reads = true,
                        .staleness = Duration{}});
  put(witness, "a", 1, 2);
  get(witness, "a", 3, 4, 2);
  put(witness, "b", 5, 6);
  witness.found_at_end("t", "k", "b");
  witness.file_put("f", 7);
  witness.file_got("f", 7, seconds(8));
  witness.replicas_at_end("p", {{"x", 1}, {"y", 1}});
  witness.window_input("s", {"g", 1});
  witness.window_output("s", {"q", {}, "g", 1});
  EXPECT_THAT(judge(witness), testing::IsEmpty());
}

TEST(Invariants, FindAnOldValueAfterANewOne) {
  Witness witness;
  put(witness, "a", 1, 2);
  put(witness, "b", 3, 4);
  get(witness, "a", 5, 6);
  EXPECT_THAT(broken(witness), testing::IsEmpty()) << "nothing is promised";
  witness.promise("t", {.linearizable = true});
  EXPECT_THAT(broken(witness), testing::ElementsAre("linearizable"));
  witness.promise("t", {.read_your_writes = true});
  EXPECT_THAT(broken(witness), testing::ElementsAre("session"));
  witness.promise("t", {.staleness = seconds(1)});
  EXPECT_THAT(broken(witness), testing::IsEmpty());
  witness.promise("t", {.staleness = seconds(0.9)});
  EXPECT_THAT(broken(witness), testing::ElementsAre("staleness"));
}

TEST(Invariants, SayWhenAndWhichOperationsProveIt) {
  Witness witness;
  witness.promise("t", {.linearizable = true});
  put(witness, "a", 1, 2);
  put(witness, "b", 3, 4);
  get(witness, "a", 5, 6, 9);
  const std::vector<Violation> found = judge(witness);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].subject, "t/k");
  EXPECT_EQ(found[0].at, seconds(6));
  EXPECT_THAT(found[0].proof, testing::Contains(testing::HasSubstr("client 9 got 1")));
  EXPECT_THAT(describe(found[0]), testing::HasSubstr("'a'"));
}

TEST(Invariants, FindALostWriteAndOneThatCameBack) {
  Witness lost;
  put(lost, "a", 1, 2);
  lost.found_at_end("t", "k", {});
  EXPECT_THAT(broken(lost), testing::ElementsAre("durable"));
  Witness back;
  put(back, "a", 1, 2);
  back.acknowledged(back.put("t", "k", 1, {}, seconds(3)), seconds(4));
  back.found_at_end("t", "k", "a");
  EXPECT_THAT(broken(back), testing::ElementsAre("durable"));
}

TEST(Invariants, AllowForWhatWasNeverAnswered) {
  Witness witness;
  witness.promise("t", {.linearizable = true});
  put(witness, "a", 1, 2);
  witness.put("t", "k", 2, "b", seconds(3));  // times out
  witness.get("t", "k", 2, seconds(3));
  get(witness, "a", 5, 6);
  get(witness, "b", 7, 8);
  for (const char* value : {"b"}) witness.found_at_end("t", "k", value);
  EXPECT_THAT(judge(witness), testing::IsEmpty());
}

TEST(Invariants, JudgeCompareAndSetAndRemovesBySearch) {
  Witness witness;
  witness.promise("t", {.linearizable = true});
  const auto set = [&](std::optional<std::string_view> expected, std::string_view value,
                       double start_s, bool matched) {
    const auto ticket = witness.compare_and_set("t", "k", 1, expected, value, seconds(start_s));
    witness.acknowledged(ticket, seconds(start_s + 1), matched);
  };
  set({}, "a", 1, true);
  set({}, "b", 3, false);
  set("a", "b", 5, true);
  witness.acknowledged(witness.put("t", "k", 1, {}, seconds(7)), seconds(8));
  set({}, "a", 9, true);
  EXPECT_THAT(judge(witness), testing::IsEmpty());
  set({}, "c", 11, true);  // it held "a"
  EXPECT_THAT(broken(witness), testing::ElementsAre("linearizable"));
}

TEST(Invariants, FindWrongFilesReplicasAndWindows) {
  Witness witness;
  witness.file_put("f", 7);
  witness.file_got("f", 8, seconds(1));
  witness.replicas_at_end("p", {{"x", 1}, {"y", 2}});
  witness.window_input("s", {"g", 1});
  witness.window_output("s", {"q", {}, "g", 2});
  EXPECT_THAT(broken(witness),
              testing::UnorderedElementsAre("files_intact", "converged", "exactly_once"));
}

TEST(Invariants, KeepWhatWasSeenWhileTheRunWentOn) {
  Witness witness;
  witness.accuse({.invariant = "granted", .at = seconds(3), .subject = "set", .why = "no grant"});
  EXPECT_THAT(broken(witness), testing::ElementsAre("granted"));
}

TEST(WitnessLooks, HappenOnceBeforeJudgement) {
  Witness witness;
  int looks = 0;
  witness.at_end([&](Witness& seen) {
    ++looks;
    seen.found_at_end("t", "k", "x");
  });
  witness.look_at_end();
  witness.look_at_end();
  EXPECT_EQ(looks, 1);
  EXPECT_THAT(broken(witness), testing::ElementsAre("durable")) << "nobody wrote it";
}

}  // namespace
}  // namespace evenkeel

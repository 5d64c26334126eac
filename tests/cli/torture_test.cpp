#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

TEST(TortureProgram, RunsSeedsUnderFaultsAndSaysWhatHappened) {
  const Folder folder;
  const std::string scenario = folder.write("s.yaml", small_scenario);
  const Ended ended = program("torture " + scenario + " --seeds 1..6 --jobs 2");
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("6 runs"));
  EXPECT_THAT(ended.output, HasSubstr("1 of them run twice"));
  EXPECT_THAT(ended.output, HasSubstr("every invariant held"));
}

TEST(TortureProgram, PrintsAPlanThatAScenarioCanHold) {
  const Folder folder;
  const std::string scenario = folder.write("s.yaml", small_scenario);
  const Ended plan = program("torture " + scenario + " --seeds 3..3 --plan");
  ASSERT_EQ(plan.code, 0) << plan.output;
  EXPECT_THAT(plan.output, HasSubstr("# seed 3\nfaults:\n  - {at: "));
  const std::string pasted = folder.write("p.yaml", small_scenario + plan.output);
  EXPECT_EQ(program("validate " + pasted).code, 0) << program("validate " + pasted).output;
  // The same faults, whether drawn or written down.
  const std::string run = " --seed 3 --fingerprint";
  EXPECT_EQ(program("run " + pasted + run).output,
            program("run " + scenario + run + " --set swarm=true").output);
  EXPECT_NE(program("run " + scenario + run).output,
            program("run " + scenario + run + " --set swarm=true").output);
}

TEST(TortureProgram, RefusesWhatItCannotDo) {
  const Folder folder;
  const std::string scenario = folder.write("s.yaml", small_scenario);
  for (const std::string wrong : {"--seeds 5..1", "--seeds a..b", "--for 10", "--jobs 0",
                                  "--set world=sockets", "--set swarm.kinds=[fly]"}) {
    const Ended ended = program("torture " + scenario + " " + wrong);
    EXPECT_EQ(ended.code, 2) << wrong << ": " << ended.output;
  }
}

}  // namespace
}  // namespace evenkeel::test

// Other programs run to their ends.
#include "sim/world/command.h"

#include <gmock/gmock.h>
#include <signal.h>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

using testing::HasSubstr;

TEST(Command, GivesTheInputAndCollectsTheOutput) {
  const CommandEnd end = run_command({find_program("cat")}, "some words\n");
  EXPECT_TRUE(end.is_fine());
  EXPECT_EQ(end.output, "some words\n");
}

TEST(Command, PassesWordsAsTheyAre) {
  EXPECT_EQ(run_command({find_program("echo"), "a b", "$HOME", ";x"}).output, "a b $HOME ;x\n");
}

TEST(Command, TakesMoreInputAndOutputThanAPipeHolds) {
  const std::string input(1 << 20, 'x');
  const CommandEnd end = run_command({find_program("cat")}, input);
  EXPECT_TRUE(end.is_fine());
  EXPECT_EQ(end.output, input.substr(0, CommandEnd::most_output));
}

TEST(Command, SaysHowItEnded) {
  const CommandEnd failed = run_command({find_program("ls"), "/no/such/file"});
  EXPECT_EQ(failed.exit_code, 2);
  EXPECT_THAT(failed.complaint(), HasSubstr("/no/such/file"));
  const CommandEnd killed = run_command({find_program("sh")}, "kill -KILL $$\n");
  EXPECT_EQ(killed.signal, SIGKILL);
  EXPECT_EQ(killed.complaint(), "ended by signal 9");
  EXPECT_EQ(run_command({find_program("false")}).complaint(), "exit code 1");
}

TEST(Command, ComplainsInOneShortLine) {
  const CommandEnd end{.exit_code = 1, .output = "one\ntwo\x1b[1m\n"};
  EXPECT_EQ(end.complaint(), "one; two?[1m");
  const CommandEnd lengthy{.exit_code = 1, .output = std::string(5000, 'x')};
  EXPECT_EQ(lengthy.complaint().size(), 300u);
}

TEST(Command, DoesNotHearTheTerminal) {
  const CommandEnd end = run_command({find_program("sh")}, "cut -d' ' -f5 /proc/$$/stat\n");
  EXPECT_NE(std::atoi(end.output.c_str()), ::getpgrp());
}

TEST(Command, RefusesWhatCannotBeStarted) {
  EXPECT_THROW(run_command({"/no/such/program"}), UserError);
}

TEST(Command, FindsProgramsAlsoWithoutAPath) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "::relative", 1);
  EXPECT_THAT(find_program("cat"), HasSubstr("bin/cat"));
  EXPECT_EQ(find_program("no such program"), "");
  ::setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace evenkeel

// Runs on sockets as a user starts them, and as they end: by themselves, by Ctrl-C, or because
// somebody killed a node.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string quick = " --set 'duration=2 s' --set 'warm_up=500 ms'";

class SocketRun : public testing::Test {
 protected:
  SocketRun() {
    folder_.write("two.yaml", small_scenario);
    std::filesystem::create_directory(folder_.file("tmp"));
  }

  /// Starts the program in the folder, with its temporary files and its output there.
  pid_t start(std::vector<std::string> words) const {
    words.insert(words.begin(), std::string{EVENKEEL_BINARY_DIR} + "/evenkeel");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = fork();
    if (child != 0) return child;
    const int out = open(folder_.file("out.txt").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setenv("TMPDIR", folder_.file("tmp").c_str(), 1);
    if (chdir(folder_.path().c_str()) == 0) execv(arguments.front(), arguments.data());
    _exit(127);
  }
  /// What it printed, once it has ended with that code.
  std::string output(pid_t child, int expected_code) const {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), expected_code);
    std::ifstream in(folder_.file("out.txt"));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::vector<pid_t> children_of(pid_t parent) {
    std::ifstream in(fmt::format("/proc/{0}/task/{0}/children", parent));
    return {std::istream_iterator<pid_t>(in), {}};
  }
  /// Within ten seconds it is gone, or waits only for somebody to take note of its end.
  static bool ends_soon(pid_t process) {
    for (int i = 0; i < 200; ++i) {
      std::ifstream in(fmt::format("/proc/{}/stat", process));
      std::string number, name, state;
      if (!(in >> number >> name >> state) || state == "Z") return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return false;
  }
  static void wait_a_while() { std::this_thread::sleep_for(std::chrono::milliseconds{2000}); }
  bool nothing_is_left() const { return std::filesystem::is_empty(folder_.file("tmp")); }

  Folder folder_;
};

TEST_F(SocketRun, GivesTheSameNumbersAsAnyOther) {
  for (const std::string kind : {"--world sockets --plain", "--processes", "--burn"}) {
    const Ended run = program("run " + folder_.file("two.yaml") + " --json " + kind + quick);
    EXPECT_EQ(run.code, 0) << run.output;
    EXPECT_THAT(run.output, HasSubstr("\"world\": \"sockets\""));
    EXPECT_THAT(run.output, HasSubstr("\"lateness_p99\": 0."));
  }
}

TEST_F(SocketRun, LeavesNothingBehindWhenItIsStopped) {
  for (const std::string kind : {"--plain", "--processes"}) {
    const pid_t run = start({"run", "two.yaml", kind});
    wait_a_while();
    const std::vector<pid_t> children = children_of(run);
    EXPECT_EQ(children.size(), kind == "--processes" ? 4u : 0u);
    kill(run, SIGINT);
    EXPECT_THAT(output(run, 130), HasSubstr("Stopped"));
    EXPECT_TRUE(nothing_is_left());
    for (const pid_t child : children) EXPECT_NE(kill(child, 0), 0);
  }
}

TEST_F(SocketRun, GoesOnWhenANodeIsKilledAndSaysSo) {
  const pid_t run = start({"run", "two.yaml", "--processes", "--set", "duration=5 s", "--set",
                           "warm_up=500 ms", "--set", "workload.ask.timeout=500 ms"});
  wait_a_while();
  kill(children_of(run).at(0), SIGKILL);
  EXPECT_THAT(output(run, 0), AllOf(HasSubstr("node edge/site 1 died after"), HasSubstr("signal 9"),
                                    HasSubstr("had no answer within their timeout")));
  EXPECT_TRUE(nothing_is_left());
}

TEST_F(SocketRun, NodesEndWhenTheirRunnerIsKilled) {
  const pid_t run = start({"run", "two.yaml", "--processes"});
  wait_a_while();
  const std::vector<pid_t> children = children_of(run);
  kill(run, SIGKILL);
  waitpid(run, nullptr, 0);
  EXPECT_EQ(children.size(), 4u);
  for (const pid_t child : children) EXPECT_TRUE(ends_soon(child));
}

TEST_F(SocketRun, TakesInNodesThatWereStartedByHand) {
  EXPECT_EQ(program("credentials " + folder_.file("two.yaml") + " -o " + folder_.file("keys")).code,
            0);
  const std::string hosts = folder_.write(
      "hosts.yaml",
      fmt::format("{}sockets:\n  credentials: {}\n  hosts: [{{node: edge/site 2, address: "
                  "\"127.0.0.1:7739\"}}]\n",
                  small_scenario, folder_.file("keys")));
  const pid_t node = start({"node", "--once", "--listen", "127.0.0.1:7739", "--scenario",
                            "two.yaml", "--id", "edge/site 2", "--credentials", "keys/1"});
  wait_a_while();
  const Ended run = program("run " + hosts + " --world sockets" + quick);
  EXPECT_EQ(run.code, 0) << run.output;
  EXPECT_THAT(run.output, AllOf(HasSubstr("edge/site 2"), HasSubstr("in real time, on sockets")));
  EXPECT_THAT(output(node, 0), HasSubstr("a run is over"));
}

TEST_F(SocketRun, SaysHowTheKernelShapesItsNamespaces) {
  const Ended run = program("run " + folder_.file("two.yaml") + " --netns" + quick);
  if (run.code == 2) GTEST_SKIP() << run.output;  // not root, or not with this kernel
  EXPECT_EQ(run.code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("each node in a network namespace: tbf rates, "));
}

TEST_F(SocketRun, SaysWhatIsWrongWithANode) {
  const std::string scenario = " --scenario " + folder_.file("two.yaml");
  Ended node = program("node --plain --listen 127.0.0.1:7740 --id nobody" + scenario);
  EXPECT_EQ(node.code, 2);
  EXPECT_THAT(node.output, HasSubstr("no such node; there are 0 edge/site 1, 1 edge/site 2"));
  node = program("node --plain --listen here --id 0" + scenario);
  EXPECT_EQ(node.code, 2);
  EXPECT_THAT(node.output, HasSubstr("write it like 10.0.0.2:7000"));
  node = program("node --listen 127.0.0.1:7740 --id 0" + scenario);
  EXPECT_EQ(node.code, 2);
  EXPECT_THAT(node.output, HasSubstr("--credentials"));
}

TEST_F(SocketRun, RefusesWhatOnlyASimulatorCanKnow) {
  const Ended run = program("run " + folder_.file("two.yaml") +
                            " --world sockets --set balancing.knowledge=exact" + quick);
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.output, HasSubstr("reads the servers' memory"));
}

TEST_F(SocketRun, StandsBesideItsPrediction) {
  const Ended run = program("compare " + folder_.file("two.yaml") + " -o " + folder_.file("c.evk") +
                            " --vary world=simgrid,sockets --seeds 2 --baseline simgrid" + quick);
  EXPECT_EQ(run.code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("predicted  measured"));
  EXPECT_THAT(run.output, HasSubstr("an idle loop of 1 ms was woken"));
}

}  // namespace
}  // namespace evenkeel::test

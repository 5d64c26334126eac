// Every policy on every kind of knowledge, in a small world whose servers all crash once: no run
// fails, and none loses a request without saying so.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "models/balancing/knowledge.h"
#include "models/balancing/policy.h"
#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

class EveryPolicy : public testing::TestWithParam<std::string> {};

TEST_P(EveryPolicy, RunsOnEveryKnowledgeThroughACrash) {
  const Folder folder;
  const std::string scenario = folder.write("s.yaml", small_scenario);
  for (const Entry& kind : knowledge().entries()) {
    const Ended ended = program(
        "run " + scenario +
        " --json --set duration=6s --set warm_up=1s --set network.model=latency" +
        " --set 'faults=[{at: 2 s, crash: edge, for: 500 ms}]' --set workload.ask.timeout=1s" +
        " --set 'mpc={protocol: plaintext, parties: edge}'" +
        " --set balancing.policy=" + GetParam() + " --set balancing.knowledge=" + kind.name);
    ASSERT_EQ(ended.code, 0) << kind.name << ": " << ended.output;
    const auto json = nlohmann::json::parse(ended.output);
    EXPECT_GT(json["completed"].get<long>(), 300) << kind.name;
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Entry& entry : policies().entries()) all.push_back(entry.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicy, testing::ValuesIn(names()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace evenkeel::test

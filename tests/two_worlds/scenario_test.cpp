// A whole scenario in both worlds: the same requests, the same bytes between the same nodes.
#include <fmt/format.h>

#include <fstream>

#include "sim/metrics/result_file.h"
#include "sim/scenario/reader.h"
#include "sim/study/run.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

// All requests come in the first half second; what they lead to is over before the end.
std::string scenario_text(const Folder& folder) {
  std::string trace = "time,who\n";
  for (int i = 0; i < 60; ++i) trace += fmt::format("{:.3f},{}\n", i * 0.008, i % 5);
  folder.write("trace.csv", trace);
  return R"(name: both
duration: 1500 ms
topology: {generate: {star: {n: 3, latency: 2 ms, bandwidth: 100 Mbit/s}}}
nodes:
  server: {at: every site, cores: 2, speed: 1 Gop/s}
devices:
  device: {at: cloud, count: 5}
workload:
  ask:
    from: device
    arrivals: {trace: {file: trace.csv, time: time}}
    input: 20 kB
    output: 3 kB
    work: {exponential: 2 Mop}
    timeout: 1 s
balancing: {at: site, policy: round_robin, knowledge: own}
)";
}

RunResult run_in(const Folder& folder, const std::string& settings,
                 const std::string& faults = {}) {
  const std::string out = folder.file("out.evk");
  std::filesystem::remove(out);
  in_child([&] {
    ScenarioDocument document =
        parse_scenario(scenario_text(folder) + faults, "both.yaml", folder.path(), catalogues());
    document.set("world", settings == "simgrid" ? "simgrid" : "sockets");
    if (settings == "processes") document.set("sockets.processes", "true");
    if (settings == "burn") document.set("sockets.burn", "true");
    RunResult result = run_scenario(
        read(document), {.seed = 3, .program = std::string{EVENKEEL_BINARY_DIR} + "/evenkeel"});
    ResultFile{out, ResultFile::Mode::write}.add_run(result);
  });
  const ResultFile file{out, ResultFile::Mode::read};
  return file.read_run(file.runs().at(0));
}

std::vector<std::string> events_of(const RunResult& run) {
  std::vector<std::string> events;
  for (const RunEvent& event : run.events)
    events.push_back(event.kind + " " + event.node + " " + event.detail);
  return events;
}

class BothWorlds : public testing::TestWithParam<const char*> {};

TEST_P(BothWorlds, MoveTheSameBytesBetweenTheSameNodes) {
  const Folder folder;
  const RunResult simulated = run_in(folder, "simgrid");
  const RunResult real = run_in(folder, GetParam());
  EXPECT_EQ(simulated.world, "simgrid");
  EXPECT_EQ(real.world, "sockets");
  EXPECT_EQ(real.tally.sent, 60u);
  EXPECT_EQ(real.tally.completed, 60u);
  EXPECT_EQ(simulated.tally.completed, 60u);
  ASSERT_EQ(real.links.size(), simulated.links.size());
  for (std::size_t i = 0; i < real.links.size(); ++i) {
    EXPECT_EQ(real.links[i].name, simulated.links[i].name);
    EXPECT_EQ(real.links[i].bytes, simulated.links[i].bytes) << real.links[i].name;
  }
  for (std::size_t i = 0; i < real.nodes.size(); ++i)
    EXPECT_EQ(real.nodes[i].completed, simulated.nodes[i].completed) << real.nodes[i].name;
  // No request is answered sooner than the network and its work allow.
  EXPECT_GE(real.latency.mean, simulated.latency.mean * 0.99);
}

TEST_P(BothWorlds, SufferTheSameFaults) {
  const Folder folder;
  const std::string faults =
      "faults: [{at: 100 ms, crash: server/site 2, for: 300 ms}, {at: 700 ms, cut: [cloud, site "
      "1]}]\n";
  const RunResult simulated = run_in(folder, "simgrid", faults);
  const RunResult real = run_in(folder, GetParam(), faults);
  EXPECT_EQ(events_of(simulated).size(), 3u);
  EXPECT_EQ(events_of(real), events_of(simulated));
  EXPECT_LT(real.tally.completed, 60u);
  EXPECT_LT(simulated.tally.completed, 60u);
  EXPECT_EQ(real.tally.sent, simulated.tally.sent);
}

INSTANTIATE_TEST_SUITE_P(Every, BothWorlds, testing::Values("threads", "processes", "burn"),
                         [](const auto& one) { return std::string{one.param}; });

}  // namespace
}  // namespace evenkeel::test

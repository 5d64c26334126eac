// A scenario's data on its nodes: reads at every level, and layouts that change while it runs.
#include <gmock/gmock.h>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

const std::string registers = R"(
name: registers
duration: 40 s
topology: {generate: {star: {n: 6, latency: 0.25 ms, bandwidth: 1 Gbit/s}}}
nodes:
  store: {at: [site 1, site 2, site 3, site 4, site 5], cores: 2, speed: 2 Gop/s}
devices:
  client: {at: every site, count: 1, link: {latency: 0.1 ms, bandwidth: 1 Gbit/s}}
storage:
  on: store
  timeout: 0.2 s
  sync_period: 3 s
  tables: {registers: {columns: [name integer, value integer]}}
workload:
  write: {from: client, rate: 5 /s, does: {put: {table: registers, row: 'key, unique'}}, key: {over: 3}}
  read:  {from: client, rate: 10 /s, does: {get: {table: registers, key: key}}, key: {over: 3}}
)";

/// The scenario with more settings, run in a child; `look` sees its result there.
void run_with(const std::vector<std::string>& settings,
              const std::function<void(const RunResult&)>& look) {
  in_child([&] {
    ScenarioDocument document = parse_scenario(registers, "registers.yaml", ".", catalogues());
    for (const std::string& setting : settings) document.set(setting);
    const RunResult result = run_scenario(read(document), {.seed = 3});
    for (const RunEvent& event : result.events)
      EXPECT_NE(event.kind, violation_event) << event.detail;
    EXPECT_GT(result.tally.completed, 3000U);
    look(result);
  });
}

double counted(const RunResult& result, const std::string& name) {
  const auto found = std::ranges::find(result.counts, name, &CountResult::name);
  return found == result.counts.end() ? 0 : found->total;
}

std::size_t events(const RunResult& result, const std::string& kind) {
  return static_cast<std::size_t>(std::ranges::count(result.events, kind, &RunEvent::kind));
}

const std::string cut_off = "faults=[{at: 10 s, isolate: store/site 2, for: 15 s}]";

TEST(DataNodes, KeepTheirPromisesWhileAReplicaIsCutOff) {
  run_with({cut_off}, [](const RunResult& result) {
    EXPECT_LT(result.tally.lost(), result.tally.sent / 100);
    EXPECT_EQ(counted(result, "stale answers"), 0);
  });
}

TEST(DataNodes, ChangeTheirLayoutWithoutLosingAWrite) {
  run_with({"storage.on=[store]", "storage.copies=3",
            "storage.changes=[{at: 5 s, remove: store/site 1}, {at: 20 s, add: store/site 1, "
            "remove: [store/site 2, store/site 3]}]",
            "storage.copies=2"},
           [](const RunResult& result) { EXPECT_EQ(events(result, "layout changed"), 2U); });
}

TEST(DataNodes, ChangeTheirLayoutWhileTheFirstOfThemIsDown) {
  run_with({"storage.changes=[{at: 5 s, remove: store/site 4}]",
            "faults=[{at: 4 s, crash: store/site 1, for: 30 s}]"},
           [](const RunResult& result) { EXPECT_EQ(events(result, "layout changed"), 1U); });
}

// Each within what it promises, which the run itself checks: only `any` may be older than 5 s.
TEST(DataNodes, AnswerFromTheNearestReplicaAsFreshAsWasAsked) {
  for (const std::string level : {"read_your_writes", "bounded", "any"})
    run_with({"workload.read.does.get.level=" + level, "workload.read.does.get.staleness=5 s",
              "faults=[{at: 10 s, partition: [site 2], for: 15 s}]"},
             [&](const RunResult& result) {
               const double oldest = counted(result, "stale answers: seconds out of date, at most");
               EXPECT_GT(oldest, 0) << level;
               if (level != "read_your_writes") {
                 EXPECT_EQ(oldest > 5, level == "any") << level << ": " << oldest;
               }
             });
}

TEST(DataNodes, MustBeEnoughAfterEveryChange) {
  ScenarioDocument document = parse_scenario(registers, "registers.yaml", ".", catalogues());
  document.set("storage.changes=[{at: 5 s, remove: [store/site 1, store/site 2, store/site 3]}]");
  in_child([&] { EXPECT_THROW(run_scenario(read(document), {}), UserError); });
}

}  // namespace
}  // namespace evenkeel::test

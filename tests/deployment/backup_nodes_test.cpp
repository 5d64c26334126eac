// A scenario's backups: what is brought back after all disks are lost is what there was.
#include <gmock/gmock.h>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

// 30 rows a second, each its own; all that keeps them is lost at 20 s.
const std::string backed_up = R"(
name: backed up
duration: 40 s
topology: {generate: {star: {n: 6, latency: 0.25 ms, bandwidth: 1 Gbit/s}}}
nodes:
  store: {at: [site 1, site 2, site 3, site 4, site 5], cores: 2, speed: 2 Gop/s}
  vault: {at: site 6, cores: 2, speed: 2 Gop/s}
devices:
  client: {at: every site, count: 1, link: {latency: 0.1 ms, bandwidth: 1 Gbit/s}}
storage:
  on: store
  timeout: 0.2 s
  sync_period: 3 s
  tables: {registers: {columns: [name integer, value integer]}}
  backup: {to: vault, every: 4 s}
workload:
  write: {from: client, rate: 5 /s, does: {put: {table: registers, row: 'unique, integer(1 1000)'}}}
faults: [{at: 20 s, lose_disk: store, for: 1 s}]
)";

struct Outcome {
  std::map<std::string, double> counted = {};
  std::vector<std::string> violations = {};
};

Outcome run(const std::vector<std::string>& settings) {
  ScenarioDocument document = parse_scenario(backed_up, "backed_up.yaml", ".", catalogues());
  for (const std::string& setting : settings) document.set(setting);
  const RunResult result = run_scenario(read(document), {.seed = 3});
  Outcome outcome;
  for (const CountResult& count : result.counts) outcome.counted[count.name] = count.total;
  for (const RunEvent& event : result.events)
    if (event.kind == violation_event) outcome.violations.push_back(event.detail);
  return outcome;
}

// The run itself compares every row that it finds in the end with those of the backup.
TEST(BackupNodes, BringBackTheRowsOfAPointInTime) {
  in_child([] {
    Outcome outcome = run({"storage.backup.restore=[{at: 22 s, to: 11 s}]"});
    EXPECT_THAT(outcome.violations, testing::IsEmpty());
    EXPECT_NEAR(outcome.counted["rows restored"], 30 * 8, 60);  // up to the backup of 8 s
    EXPECT_NEAR(outcome.counted["rows lost"], 30 * 12, 70);     // from there to the loss
  });
}

TEST(BackupNodes, BringBackTheNewestBackupIfNoTimeIsSaid) {
  in_child([] {
    Outcome outcome = run({"storage.backup.restore=[{at: 22 s}]"});
    EXPECT_THAT(outcome.violations, testing::IsEmpty());
    EXPECT_GT(outcome.counted["rows restored"], 30 * 14);
    EXPECT_LT(outcome.counted["rows lost"], 30 * 7);
  });
}

TEST(BackupNodes, AreMissedByTheJudgeWhereNothingIsBroughtBack) {
  in_child([] { EXPECT_THAT(run({}).violations, testing::Not(testing::IsEmpty())); });
}

}  // namespace
}  // namespace evenkeel::test

// What breaks while a backup is taken or restored: nothing that claims to be complete is not.
#include "tests/backup/backup_cluster.h"

namespace evenkeel::test {
namespace {

using Rows = std::map<std::string, std::int64_t>;

// F7: wherever the vault runs full, the backup fails, says so, and gives its room back.
TEST(BackupFaults, AVaultThatRunsFullAnywhereHasItsRoomBack) {
  std::uint64_t needed = 0;
  {
    BackupCluster cluster{{}};
    cluster.put_all(100, 1);
    cluster.taken();
    needed = cluster.vault().used_bytes();
  }
  std::size_t failed = 0;
  for (std::uint64_t share = 1; share <= 8; ++share) {
    BackupCluster cluster{{.vault = {.store = {.capacity_bytes = needed * share / 8}}}};
    cluster.put_all(100, 1);
    const auto info = cluster.take();
    if (info) continue;
    ++failed;
    EXPECT_EQ(info.error().code, ErrorCode::full) << info.error().detail;
    EXPECT_NE(info.error().detail.find("vault"), std::string::npos);
    EXPECT_EQ(cluster.vault().used_bytes(), 0U) << "of " << share << "/8";
    EXPECT_EQ(bytes_on(*cluster.world.disks[cluster.vault_node()]), 0U);
    EXPECT_EQ(cluster.listed(), 0U);
  }
  EXPECT_GE(failed, 7U);
}

TEST(BackupFaults, AFullVaultKeepsTheBackupsThatItHas) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(60, 1);
  const Rows before = cluster.rows_of(0, 4);
  const BackupInfo first = cluster.taken();
  const std::uint64_t used = cluster.vault().used_bytes();
  cluster.world.disks[cluster.vault_node()]->fill(true);
  cluster.put_all(60, 2);
  const auto info = cluster.take();
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::full);
  EXPECT_EQ(cluster.vault().used_bytes(), used);
  cluster.world.disks[cluster.vault_node()]->fill(false);
  ASSERT_TRUE(cluster.wait(cluster.backups_there().restore(first.id)));
  EXPECT_EQ(cluster.rows_of(4, 3), before);
}

TEST(BackupFaults, ADiskThatRunsFullInARestoreLeavesTheNodesClosed) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(100, 1);
  const BackupInfo backup = cluster.taken();
  for (const std::uint32_t node : {4U, 5U, 6U}) cluster.world.disks[node]->fill(true);
  const auto failed = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_FALSE(failed);
  for (const std::uint32_t node : {4U, 5U, 6U}) cluster.world.disks[node]->fill(false);
  const auto again = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(cluster.rows_of(4, 3), cluster.rows_of(0, 4));
}

// The coordinator or the vault stops at any moment: what is listed afterwards can be restored.
class StopsInABackup : public testing::TestWithParam<bool> {};

TEST_P(StopsInABackup, LeavesNoBackupThatClaimsToBeComplete) {
  const bool tears = GetParam();
  Duration takes{};
  {
    BackupCluster cluster{{}};
    cluster.put_all(100, 1);
    const Time began = cluster.world.now();
    cluster.taken();
    takes = cluster.world.now() - began - seconds(1.5);  // from when the rows are held
  }
  std::size_t complete = 0, none = 0;
  for (int step = 0; step < 12; ++step) {
    BackupCluster cluster{{.others = 3, .seed = 10 + static_cast<std::uint64_t>(step)}};
    cluster.put_all(100, 1);
    const Rows before = cluster.rows_of(0, 4);
    std::optional<Result<BackupInfo>> taken;
    const std::uint32_t vault = cluster.vault_node();
    cluster.world.node(vault).spawn(keep_result(cluster.backups().take(), taken));
    cluster.world.run_for(seconds(1.5) + takes * (2 * step + 1) / 20);
    cluster.world.node(vault).stop();
    Random random{static_cast<std::uint64_t>(step)};
    if (tears) {
      cluster.world.disks[vault]->lose_power(PowerLoss::tears, random);
    } else {
      cluster.world.disks[vault]->lose_power();
    }
    cluster.world.restart(vault);
    const auto listed = cluster.wait(cluster.backups().list());
    ASSERT_TRUE(listed);
    if (listed->empty()) {
      ++none;
      EXPECT_TRUE(cluster.take()) << "the next one must work";
      continue;
    }
    ++complete;
    ASSERT_TRUE(cluster.wait(cluster.backups_there().restore(listed->back().id)));
    EXPECT_EQ(cluster.rows_of(4, 3), before);
  }
  EXPECT_GT(none, 0U);
  EXPECT_GT(complete, 0U);
}
INSTANTIATE_TEST_SUITE_P(Power, StopsInABackup, testing::Bool());

TEST(BackupFaults, WhatAStoppedBackupBroughtGoesAfterAWhile) {
  BackupCluster cluster{{.vault = {.grace = seconds(30), .period = seconds(5)}}};
  cluster.put_all(100, 1);
  std::optional<Result<BackupInfo>> taken;
  const std::uint32_t vault = cluster.vault_node();
  cluster.world.node(vault).spawn(keep_result(cluster.backups().take(), taken));
  while (cluster.vault().objects() == 0) cluster.world.run_for(std::chrono::milliseconds{1});
  cluster.world.crash(vault);
  cluster.world.restart(vault);
  cluster.world.run_for(seconds(10));
  EXPECT_GT(cluster.vault().objects(), 0U);
  EXPECT_EQ(cluster.listed(), 0U);
  cluster.world.run_for(seconds(40));
  EXPECT_EQ(cluster.vault().objects(), 0U);
}

// A node that says at once that it has exported everything.
class LyingAgent {
 public:
  LyingAgent(Node& node, bool knows_indices) : service_(node, Port::backups) {
    knows_indices_ = knows_indices;
    service_.on(&LyingAgent::freeze_rows, *this);
    service_.on(&LyingAgent::release_rows, *this);
    service_.on(&LyingAgent::export_partitions, *this);
  }

 private:
  Task<Result<FreezeRows::Answer>> freeze_rows(NodeId, FreezeRows question) {
    co_return FreezeRows::Answer{question.clock, {registers_table()}};
  }
  Task<Result<Done>> release_rows(NodeId, ReleaseRows) { co_return Done{}; }
  Task<Result<ExportPartitions::Answer>> export_partitions(NodeId, ExportPartitions question) {
    ExportPartitions::Answer answer;
    for (const Partition partition : question.wanted)
      if (knows_indices_) answer.roots.push_back({partition, sha256(bytes_of("not yet")), 1});
    co_return std::move(answer);
  }
  Service service_;
  bool knows_indices_ = false;
};

// F14: the coordinator is told that an export has ended before it has.
TEST(BackupFaults, AnExportThatIsReportedTooEarlyMakesNoBackup) {
  BackupCluster cluster{{}};
  cluster.put_all(50, 1);
  const auto lying = std::make_unique<LyingAgent>(cluster.world.node(1), true);
  const auto info = cluster.take();
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::not_found);
  EXPECT_NE(info.error().detail.find("not complete"), std::string::npos) << info.error().detail;
  EXPECT_EQ(cluster.listed(), 0U);
}

// The same where the vault cannot know: only restoring it shows it.
TEST(BackupFaults, ComparingARestoredBackupFindsAnExportThatEndedTooEarly) {
  BackupCluster cluster{{.others = 3, .agent = {.flaw = Flaw::early_export}}};
  cluster.put_all(2000, 1);
  const BackupInfo backup = cluster.taken();
  ASSERT_TRUE(cluster.wait(cluster.backups_there().restore(backup.id)));
  EXPECT_NE(cluster.rows_of(4, 3), cluster.rows_of(0, 4));
}

// F14 as it was found: every backup of a run in which things break is restored and compared.
TEST(BackupFaults, EveryBackupOfAFaultyRunIsAStateThatThereWas) {
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    BackupCluster cluster{{.others = 3, .seed = seed}};
    cluster.world.settings.loss = 0.01;
    cluster.world.settings.duplication = 0.01;
    Random random{seed};
    struct Taken {
      std::uint64_t id;
      std::int64_t at_least;  // each row was at that value when it was asked for
      std::int64_t at_most;   // and at that when the backup ended
    };
    std::vector<Taken> all;
    std::int64_t round = 0;
    const auto write_all = [&] {
      ++round;
      for (int i = 0; i < 6; ++i) {
        const Row row{std::to_string(i), round};
        Result<Version> put = Error{ErrorCode::timeout, ""};
        while (!put) put = cluster.wait(cluster.records().put(registers_table(), row));
      }
    };
    for (int step = 0; step < 6; ++step) {
      write_all();
      std::optional<Result<BackupInfo>> taken;
      const std::int64_t before = round;
      cluster.world.node(cluster.vault_node()).spawn(keep_result(cluster.backups().take(), taken));
      const auto victim = static_cast<std::uint32_t>(random.below(4));
      const bool crashes = random.chance(0.5);
      if (crashes) cluster.world.crash(victim);
      for (int i = 0; i < 3; ++i) {
        cluster.world.run_for(seconds(0.8 * random.uniform()));
        write_all();
      }
      if (crashes) cluster.world.restart(victim);
      while (!taken) cluster.world.run_for(seconds(0.1));
      if (*taken) all.push_back({(*taken)->id, before, round});
    }
    cluster.world.settings.loss = 0;
    EXPECT_EQ(cluster.listed(), all.size());
    for (const Taken& one : all) {
      cluster.lose_all_disks(4, 3);
      const auto report = cluster.wait(cluster.backups_there().restore(one.id));
      ASSERT_TRUE(report) << report.error().detail;
      const Rows rows = cluster.rows_of(4, 3);
      ASSERT_EQ(rows.size(), 6U);
      for (const auto& [name, value] : rows) {
        EXPECT_GE(value, one.at_least) << name << ", seed " << seed;
        EXPECT_LE(value, one.at_most) << name << ", seed " << seed;
      }
      ++compared;
    }
  }
  EXPECT_GE(compared, 9U);
}

// A node that stops in the middle of a restore must not serve the half that it has.
TEST(BackupFaults, ANodeThatStopsInARestoreBeginsAsAfterALostDisk) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(300, 1);
  const BackupInfo backup = cluster.taken();
  std::optional<Result<RestoreReport>> restored;
  cluster.world.node(cluster.vault_node())
      .spawn(keep_result(cluster.backups_there().restore(backup.id), restored));
  while (cluster.rows_of(4, 3).size() < 100) cluster.world.run_for(std::chrono::milliseconds{1});
  ASSERT_FALSE(restored);
  for (const std::uint32_t node : {4U, 5U, 6U}) cluster.world.crash(node);
  for (const std::uint32_t node : {4U, 5U, 6U}) cluster.world.restart(node);
  cluster.world.run_for(seconds(5));
  for (const std::uint32_t node : {4U, 5U, 6U})
    EXPECT_TRUE(cluster.parts[node]->storage->replica().is_recovering());
  for (int i = 0; i < 700 && !restored; ++i) cluster.world.run_for(seconds(1));
  ASSERT_TRUE(restored);
  EXPECT_FALSE(*restored);
  const auto again = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(cluster.rows_of(4, 3), cluster.rows_of(0, 4));
}

TEST(BackupFaults, ANodeThatIsCutOffInARestoreCopiesFromTheOthers) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(300, 1);
  const BackupInfo backup = cluster.taken();
  std::optional<Result<RestoreReport>> restored;
  cluster.world.node(cluster.vault_node())
      .spawn(keep_result(cluster.backups_there().restore(backup.id), restored));
  while (cluster.rows_of(4, 3).size() < 100) cluster.world.run_for(std::chrono::milliseconds{1});
  cluster.world.crash(6);
  for (int i = 0; i < 1500 && !restored; ++i) cluster.world.run_for(seconds(1));
  ASSERT_TRUE(restored);
  ASSERT_TRUE(*restored) << restored->error().detail;
  cluster.world.restart(6);
  cluster.world.run_for(seconds(30));
  EXPECT_FALSE(cluster.parts[6]->storage->replica().is_recovering());
  EXPECT_EQ(cluster.rows_of(6, 1), cluster.rows_of(0, 4));
}

TEST(BackupFaults, ANodeThatDoesNotAnswerKeepsTheOthersFromBeingRestored) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(10, 1);
  const BackupInfo backup = cluster.taken();
  cluster.world.crash(5);
  const auto report = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unreachable);
  EXPECT_NE(report.error().detail.find("node 5"), std::string::npos) << report.error().detail;
}

}  // namespace
}  // namespace evenkeel::test

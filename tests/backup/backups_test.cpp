// Backups and restores, whole and real, over nodes that keep rows and files.
#include "tests/backup/backup_cluster.h"

namespace evenkeel::test {
namespace {

TEST(Backups, ARestoreBringsBackAllRowsAfterAllDisksAreLost) {
  BackupCluster cluster{{}};
  cluster.put_all(500, 1);
  cluster.put("7", 8);
  const Row gone{"9"};
  ASSERT_TRUE(cluster.wait(cluster.records().erase(registers_table(), gone)));
  const auto before = cluster.rows_of(0, 4);
  const BackupInfo backup = cluster.taken();
  EXPECT_EQ(backup.rows, 499U);
  cluster.lose_all_disks(0, 4);
  ASSERT_TRUE(cluster.rows_of(0, 4).empty());
  const auto report = cluster.wait(cluster.backups().restore(backup.id));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->rows, 499U);
  EXPECT_EQ(cluster.rows_of(0, 4), before);
  EXPECT_EQ(cluster.value("7"), 8);
  EXPECT_EQ(cluster.value("9"), std::nullopt);
  cluster.put("7", 9);
  EXPECT_EQ(cluster.value("7"), 9);
}

TEST(Backups, NobodyIsAnsweredBetweenTheLossAndTheEndOfTheRestore) {
  BackupCluster cluster{{}};
  cluster.put("a", 1);
  const BackupInfo backup = cluster.taken();
  cluster.lose_all_disks(0, 4);
  const Row key{"a"};
  EXPECT_FALSE(cluster.wait(cluster.records().get(registers_table(), key)));
  ASSERT_TRUE(cluster.wait(cluster.backups().restore(backup.id)));
  EXPECT_EQ(cluster.value("a"), 1);
}

TEST(Backups, RowsThatAreChangedByCompareAndSetComeBackAndGoOn) {
  BackupCluster cluster{{}};
  const Row key{std::string{"n"}};
  const Records::Next next = [](const std::optional<Row>& row) -> Result<std::optional<Row>> {
    return std::optional<Row>{{std::string{"n"}, row ? std::get<std::int64_t>((*row)[1]) + 1 : 1}};
  };
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(cluster.wait(cluster.records().change(counters_table(), key, next)));
  const BackupInfo backup = cluster.taken();
  cluster.lose_all_disks(0, 4);
  ASSERT_TRUE(cluster.wait(cluster.backups().restore(backup.id)));
  const auto now = cluster.wait(cluster.records().change(counters_table(), key, next));
  ASSERT_TRUE(now && *now) << now.error().detail;
  EXPECT_EQ(std::get<std::int64_t>((**now)[1]), 4);
}

TEST(Backups, FilesComeBackWithTheirBytes) {
  BackupCluster cluster{{.others = 3}};
  ASSERT_TRUE(cluster.wait_at(0, cluster.files(0).make_space("s", {.owner = "me"})));
  ASSERT_TRUE(cluster.wait_at(0, cluster.files(0).make_directory("/s/d")));
  const Blob large = draw_bytes(1, 20'000);
  const Blob small = draw_bytes(2, 100);
  ASSERT_TRUE(cluster.wait_at(0, cluster.files(0).put("/s/d/large", large, {})));
  ASSERT_TRUE(cluster.wait_at(1, cluster.files(1).put("/s/small", small, {})));
  const BackupInfo backup = cluster.taken();
  const auto report = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_TRUE(report) << report.error().detail;
  const auto got = cluster.wait_at(5, cluster.files(5).get("/s/d/large"));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(*got, large);
  EXPECT_EQ(*cluster.wait_at(6, cluster.files(6).get("/s/small")), small);
}

TEST(Backups, ABackupGoesOntoFewerAndOtherNodes) {
  BackupCluster cluster{{.members = 5, .others = 2}};
  cluster.put_all(300, 4);
  const BackupInfo backup = cluster.taken();
  const auto report = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(cluster.rows_of(5, 2), cluster.rows_of(0, 5));
}

TEST(Backups, AnyPointInTimeThatWasBackedUpComesBack) {
  BackupCluster cluster{{.others = 3}};
  std::vector<std::int64_t> cuts;
  std::vector<std::map<std::string, std::int64_t>> states;
  for (std::int64_t i = 1; i <= 3; ++i) {
    cluster.put_all(40 * i, i);
    states.push_back(cluster.rows_of(0, 4));
    cuts.push_back(cluster.taken().cut_ms);
  }
  for (const std::size_t i : {1U, 0U, 2U}) {
    cluster.lose_all_disks(4, 3);
    const auto report = cluster.wait(cluster.backups_there().restore_to(cuts[i] + 1));
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->backup.cut_ms, cuts[i]);
    EXPECT_EQ(cluster.rows_of(4, 3), states[i]);
  }
  const auto too_old = cluster.wait(cluster.backups_there().restore_to(cuts[0] - 1));
  ASSERT_FALSE(too_old);
  EXPECT_EQ(too_old.error().code, ErrorCode::not_found);
}

TEST(Backups, OnlyWhatChangedMoves) {
  BackupCluster cluster{{}};
  cluster.put_all(20'000, 1);
  const BackupInfo first = cluster.taken();
  const BackupInfo same = cluster.taken();
  EXPECT_EQ(same.moved_bytes, 0U);
  EXPECT_EQ(same.objects, 0U);
  cluster.put("17", 2);
  const BackupInfo changed = cluster.taken();
  EXPECT_EQ(changed.objects, 2U);  // a run of rows and the index of its partition
  EXPECT_GT(changed.moved_bytes, 0U);
  EXPECT_LT(changed.moved_bytes, first.moved_bytes / 50);
}

TEST(Backups, OnlyChunksThatAreNewMove) {
  BackupCluster cluster{{}};
  ASSERT_TRUE(cluster.wait_at(0, cluster.files(0).make_space("s", {.owner = "me"})));
  Blob bytes = draw_bytes(3, 64 * 4096);
  ASSERT_TRUE(cluster.wait_at(0, cluster.files(0).put("/s/f", bytes, {})));
  const BackupInfo first = cluster.taken();
  EXPECT_GT(first.moved_bytes, bytes.size());
  bytes[10 * 4096] ^= std::byte{1};
  ASSERT_TRUE(cluster.wait_at(0, cluster.files(0).put("/s/f", bytes, {})));
  const BackupInfo second = cluster.taken();
  EXPECT_GT(second.moved_bytes, 4096U);
  EXPECT_LT(second.moved_bytes, 4 * 4096U);
}

TEST(Backups, NodesThatHoldRowsAreNotRestoredOnto) {
  BackupCluster cluster{{}};
  cluster.put_all(20, 1);
  const BackupInfo backup = cluster.taken();
  cluster.put("0", 2);
  const auto report = cluster.wait(cluster.backups().restore(backup.id));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::conflict);
  EXPECT_EQ(cluster.value("0"), 2);
}

TEST(Backups, AnotherKeyOpensNothing) {
  BackupCluster cluster{{}};
  cluster.put_all(20, 1);
  const BackupInfo backup = cluster.taken();
  cluster.settings.key = 8;
  cluster.world.crash(cluster.vault_node());
  cluster.world.restart(cluster.vault_node());
  const auto report = cluster.wait(cluster.backups().restore(backup.id));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::denied);
  EXPECT_NE(report.error().detail.find("key"), std::string::npos);
}

TEST(Backups, TheVaultSeesNothingOfTheRows) {
  BackupCluster cluster{{}};
  cluster.put("a very special name", 1);
  cluster.taken();
  const Disk& disk = *cluster.world.disks[cluster.vault_node()];
  for (const std::string& file : disk.list()) {
    const std::string content = text_of(*disk.read(file, 0, 1 << 24));
    EXPECT_EQ(content.find("special"), std::string::npos) << file;
  }
}

TEST(Backups, ACorruptObjectIsNamedAndComesAnewWithTheNextBackup) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(200, 1);
  const BackupInfo backup = cluster.taken();
  MemoryDisk& disk = *cluster.world.disks[cluster.vault_node()];
  std::string file;
  for (const std::string& one : disk.list())
    if (one.starts_with("vault-") && *disk.size(one) > 300) file = one;
  flip_bit(disk, file, 200);
  const std::string name = file.substr(6, 12);
  const auto verified = cluster.wait(cluster.backups().verify(backup.id));
  ASSERT_TRUE(verified) << verified.error().detail;
  ASSERT_EQ(verified->bad.size(), 1U);
  EXPECT_EQ(to_string(verified->bad[0]), name);
  const auto report = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().detail.find(name), std::string::npos) << report.error().detail;
  cluster.taken();
  const auto again = cluster.wait(cluster.backups().verify(backup.id));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->bad.empty());
  const auto healed = cluster.wait(cluster.backups_there().restore(backup.id));
  ASSERT_TRUE(healed) << healed.error().detail;
  EXPECT_EQ(cluster.rows_of(4, 3), cluster.rows_of(0, 4));
}

TEST(Backups, APartitionWithoutAMajorityMakesNoBackup) {
  BackupCluster cluster{{}};
  cluster.put_all(50, 1);
  cluster.world.crash(0);
  cluster.world.crash(1);
  const auto info = cluster.take();
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::no_quorum);
  EXPECT_NE(info.error().detail.find("partition"), std::string::npos);
  EXPECT_EQ(cluster.listed(), 0U);
}

TEST(Backups, OneReplicaMayBeAwayOrHaveMissedWrites) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(50, 1);
  cluster.world.cut_off(2);
  cluster.put_all(50, 2);
  cluster.world.cut_off(2, false);
  cluster.world.cut_off(3);
  const BackupInfo backup = cluster.taken();
  ASSERT_TRUE(cluster.wait(cluster.backups_there().restore(backup.id)));
  for (const auto& [name, value] : cluster.rows_of(4, 3)) EXPECT_EQ(value, 2) << name;
  EXPECT_EQ(cluster.rows_of(4, 3).size(), 50U);
}

TEST(Backups, AClockThatIsTooWrongIsLeftOutAndNamed) {
  BackupCluster cluster{{}};
  cluster.put_all(50, 1);
  cluster.world.clock_errors[1] = seconds(5);
  EXPECT_TRUE(cluster.take());
  cluster.world.clock_errors[2] = seconds(-5);
  const auto info = cluster.take();
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::no_quorum);
  EXPECT_NE(info.error().detail.find("clock"), std::string::npos) << info.error().detail;
}

// The cut is an instant, give or take the clocks' errors, however long it takes to bring the rows.
TEST(Backups, WhatIsWrittenAfterTheCutIsNotInIt) {
  BackupCluster cluster{{.others = 3}};
  cluster.put_all(300, 1);
  cluster.world.clock_errors[1] = std::chrono::milliseconds{300};
  cluster.world.clock_errors[2] = std::chrono::milliseconds{-300};
  std::optional<Result<BackupInfo>> taken;
  cluster.world.node(cluster.vault_node()).spawn(keep_result(cluster.backups().take(), taken));
  cluster.world.run_for(seconds(1.6));  // the cut is at 1 s, and the nodes hold it by 1.5 s
  cluster.put_all(400, 2);
  cluster.put("0", 3);
  ASSERT_FALSE(taken) << "the writes came too late to be a test";
  while (!taken) cluster.world.run_for(seconds(0.1));
  ASSERT_TRUE(*taken) << taken->error().detail;
  ASSERT_TRUE(cluster.wait(cluster.backups_there().restore((*taken)->id)));
  const auto rows = cluster.rows_of(4, 3);
  EXPECT_EQ(rows.size(), 300U);
  for (const auto& [name, value] : rows) EXPECT_EQ(value, 1) << name;
}

TEST(Backups, NamedTablesAreBackedUpAlone) {
  BackupCluster cluster{{.others = 3, .backups = {.tables = {"counters"}}}};
  cluster.put_all(20, 1);
  const Row key{std::string{"n"}};
  const Records::Next one = [](const std::optional<Row>&) -> Result<std::optional<Row>> {
    return std::optional<Row>{{std::string{"n"}, std::int64_t{1}}};
  };
  ASSERT_TRUE(cluster.wait(cluster.records().change(counters_table(), key, one)));
  EXPECT_EQ(cluster.taken().rows, 1U);
}

}  // namespace
}  // namespace evenkeel::test

// The vault's store, its retention, the views of rows that are held, and the formats.
#include "models/storage/backup/vault_store.h"

#include "models/storage/backup/backup_format.h"
#include "models/storage/backup/frozen_rows.h"
#include "models/storage/backup/retention.h"
#include "tests/backup/backup_cluster.h"

namespace evenkeel::test {
namespace {

PutObject object_of(const std::string& text, std::uint64_t session = 1) {
  const Blob bytes = blob_of(text);
  return {.session = session, .name = sha256(bytes), .hash = sha256(bytes), .bytes = bytes};
}

struct OneVault {
  OneVault() { open(); }
  void open() { store = std::make_unique<VaultStore>(world.node(0), VaultStoreSettings{}); }
  ClusterWorld world{{.nodes = 1}};
  std::unique_ptr<VaultStore> store;
};

TEST(VaultStore, KeepsWhatWasPutThroughACrash) {
  OneVault vault;
  const PutObject object = object_of("bytes");
  ASSERT_TRUE(vault.store->put(object));
  vault.world.disks[0]->lose_power();
  vault.open();
  const auto got = vault.store->get(object.name);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, object.bytes);
}

TEST(VaultStore, RefusesBytesThatAreNotWhatWasHashed) {
  OneVault vault;
  PutObject object = object_of("bytes");
  object.bytes[0] ^= std::byte{1};
  const auto put = vault.store->put(object);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::malformed);
  EXPECT_FALSE(vault.store->has(object.name));
}

TEST(VaultStore, TakesNoObjectBeforeThoseBelowIt) {
  OneVault vault;
  const PutObject leaf = object_of("leaf");
  PutObject root = object_of("root");
  root.children = {leaf.name};
  const auto early = vault.store->put(root);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::not_found);
  EXPECT_NE(early.error().detail.find(to_string(leaf.name)), std::string::npos);
  ASSERT_TRUE(vault.store->put(leaf));
  EXPECT_TRUE(vault.store->put(root));
}

CommitBackup backup(std::uint64_t id, std::int64_t cut_ms, const Digest& root) {
  CommitBackup commit;
  commit.session = 1;
  commit.info.id = id;
  commit.info.cut_ms = cut_ms;
  commit.roots = {root};
  return commit;
}

TEST(VaultStore, KeepsWhatSomeBackupNeedsAndNothingElse) {
  OneVault vault;
  const PutObject shared = object_of("shared"), old = object_of("old"), lone = object_of("lone");
  PutObject first = object_of("first"), second = object_of("second");
  first.children = {shared.name, old.name};
  second.children = {shared.name};
  for (const PutObject& object : {shared, old, lone, first, second})
    ASSERT_TRUE(vault.store->put(object));
  ASSERT_TRUE(vault.store->commit(backup(1, 10, first.name)));
  ASSERT_TRUE(vault.store->commit(backup(2, 20, second.name)));
  vault.world.run_for(seconds(10));
  vault.store->collect(vault.world.now());
  EXPECT_FALSE(vault.store->has(lone.name));
  EXPECT_TRUE(vault.store->has(old.name));
  ASSERT_TRUE(vault.store->drop(1));
  vault.store->collect(vault.world.now());
  EXPECT_FALSE(vault.store->has(old.name));
  EXPECT_FALSE(vault.store->has(first.name));
  EXPECT_TRUE(vault.store->has(shared.name));
  EXPECT_EQ(vault.store->used_bytes(), bytes_on(*vault.world.disks[0]));
}

TEST(VaultStore, DoesNotBelieveATornManifest) {
  OneVault vault;
  CommitBackup commit;
  commit.session = 1;
  commit.info.id = 1;
  commit.manifest = draw_bytes(1, 3000);
  ASSERT_TRUE(vault.store->commit(commit));
  for (const std::string& file : vault.world.disks[0]->list())
    ASSERT_TRUE(vault.world.disks[0]->truncate(file, 2000));
  vault.open();
  EXPECT_TRUE(vault.store->backups("").empty());
  EXPECT_TRUE(vault.world.disks[0]->list().empty());
}

std::vector<BackupInfo> taken_each(std::int64_t period_ms, std::int64_t until_ms) {
  std::vector<BackupInfo> all;
  for (std::int64_t at = 0; at <= until_ms; at += period_ms)
    all.push_back({.id = static_cast<std::uint64_t>(at / period_ms) + 1, .cut_ms = at});
  return all;
}

constexpr std::int64_t minute_ms = 60'000;

TEST(Retention, KeepsAllOfAnHourThenOneAnHourADayAWeek) {
  const std::int64_t now = 100 * 24 * 60 * minute_ms;
  std::vector<BackupInfo> all = taken_each(10 * minute_ms, now);
  const std::vector<std::uint64_t> gone = outlived(all, now, {});
  const std::set<std::uint64_t> gone_set(gone.begin(), gone.end());
  std::erase_if(all, [&](const BackupInfo& one) { return gone_set.contains(one.id); });
  const auto kept = [&](std::int64_t from_min, std::int64_t to_min) {
    return std::ranges::count_if(all, [&](const BackupInfo& one) {
      const std::int64_t age = now - one.cut_ms;
      return age > from_min * minute_ms && age <= to_min * minute_ms;
    });
  };
  EXPECT_EQ(kept(-1, 60), 7);
  EXPECT_EQ(kept(60, 24 * 60), 23);
  EXPECT_EQ(kept(24 * 60, 30 * 24 * 60), 29);
  EXPECT_EQ(kept(30 * 24 * 60, 100 * 24 * 60), 10);
}

TEST(Retention, WhatStaysIsWhatWouldHaveStayedAllAlong) {
  // Judged after each backup, as a vault does, or once in the end.
  const RetentionRule rule{.all = std::chrono::hours{1},
                           .hourly = std::chrono::hours{6},
                           .daily = std::chrono::hours{48},
                           .weekly = std::chrono::hours{400}};
  const std::vector<BackupInfo> all = taken_each(20 * minute_ms, 5 * 24 * 60 * minute_ms);
  std::vector<BackupInfo> kept;
  for (const BackupInfo& one : all) {
    kept.push_back(one);
    const auto gone = outlived(kept, one.cut_ms, rule);
    std::erase_if(
        kept, [&](const BackupInfo& its) { return std::ranges::find(gone, its.id) != gone.end(); });
  }
  std::vector<BackupInfo> once = all;
  const auto gone = outlived(once, all.back().cut_ms, rule);
  std::erase_if(
      once, [&](const BackupInfo& its) { return std::ranges::find(gone, its.id) != gone.end(); });
  EXPECT_EQ(kept, once);
}

TEST(Retention, TheNewestStaysWhateverItsAge) {
  const std::vector<BackupInfo> all = taken_each(minute_ms, minute_ms);
  EXPECT_EQ(outlived(all, std::int64_t{1} << 50, {}), std::vector<std::uint64_t>{1});
}

struct OneStore {
  OneStore() : store(disk, 1) {
    EXPECT_TRUE(store.open());
    EXPECT_TRUE(store.define(registers_table()));
  }
  void put(const std::string& name, std::int64_t value) {
    const Row row{name, value};
    StoredRow stored{.at = row_key(registers_table(), row), .version = {++counter, 0, 0}};
    stored.values = row;
    RowStore::Batch batch{store};
    EXPECT_TRUE(store.write("registers", stored));
    EXPECT_TRUE(batch.commit());
  }
  std::map<std::string, std::int64_t> scan(FrozenRows& frozen, std::uint32_t limit) {
    std::map<std::string, std::int64_t> found;
    for (std::size_t p = 0; p < partitions; ++p) {
      ScanRows range{.table = "registers", .partition = static_cast<Partition>(p), .limit = limit};
      while (true) {
        const auto rows = frozen.scan(1, range);
        EXPECT_TRUE(rows);
        if (!rows || rows->empty()) break;
        for (const StoredRow& row : *rows)
          if (row.values)
            found[std::get<std::string>((*row.values)[0])] =
                std::get<std::int64_t>((*row.values)[1]);
        range.from = rows->back().at.key + '\0';
      }
    }
    return found;
  }
  MemoryDisk disk;
  RowStore store;
  std::uint64_t counter = 0;
};

TEST(FrozenRows, ShowTheRowsOfTheirInstantWhateverIsWrittenLater) {
  OneStore one;
  std::map<std::string, std::int64_t> before;
  for (int i = 0; i < 600; ++i) {
    one.put(std::to_string(i), i);
    before[std::to_string(i)] = i;
  }
  FrozenRows frozen{one.store};
  ASSERT_TRUE(frozen.freeze(1));
  for (int i = 300; i < 900; ++i) one.put(std::to_string(i), -i);
  for (const std::uint32_t limit : {1U, 2U, 1000U}) EXPECT_EQ(one.scan(frozen, limit), before);
}

TEST(FrozenRows, AreLostRatherThanToKeepMoreThanTheirRoom) {
  OneStore one;
  for (int i = 0; i < 50; ++i) one.put(std::to_string(i), i);
  FrozenRows frozen{one.store, 1000};
  ASSERT_TRUE(frozen.freeze(1));
  for (int i = 0; i < 50; ++i) one.put(std::to_string(i), -i);
  const auto rows = frozen.scan(1, {.table = "registers", .limit = 10});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::full);
}

TEST(FrozenRows, AreGoneWhenTheStoreIsOpenedAnew) {
  OneStore one;
  one.put("a", 1);
  FrozenRows frozen{one.store};
  ASSERT_TRUE(frozen.freeze(1));
  ASSERT_TRUE(one.store.open());
  const auto rows = frozen.scan(1, {.table = "registers", .limit = 10});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::not_found);
}

TEST(BackupFormat, EqualRowsHaveEqualRunsAndOneChangeMakesOneNew) {
  std::vector<StoredRow> rows;
  for (int i = 0; i < 2000; ++i) {
    Row row{"row " + std::to_string(10'000 + i), std::int64_t{i}};
    StoredRow stored{.at = row_key(registers_table(), row), .version = {1, 2, 3}};
    stored.at.partition = 0;
    stored.values = std::move(row);
    rows.push_back(std::move(stored));
  }
  const auto hashes = [](const std::vector<StoredRow>& of) {
    std::set<Digest> all;
    for (const RowRun& run : cut_into_runs(registers_table(), of)) all.insert(sha256(encoded(run)));
    return all;
  };
  const std::set<Digest> before = hashes(rows);
  EXPECT_EQ(hashes(rows), before);
  EXPECT_GT(before.size(), 15U);
  EXPECT_LT(before.size(), 70U);
  rows[1000].version.counter = 9;
  const std::set<Digest> changed = hashes(rows);
  std::vector<Digest> fresh;
  std::ranges::set_difference(changed, before, std::back_inserter(fresh));
  EXPECT_EQ(fresh.size(), 1U);
  rows.erase(rows.begin() + 500);
  const std::set<Digest> without = hashes(rows);
  fresh.clear();
  std::ranges::set_difference(without, changed, std::back_inserter(fresh));
  EXPECT_LE(fresh.size(), 1U);
}

TEST(BackupFormat, AnyBytesAreAManifestOrNone) {
  Manifest whole{.scope = {.tables = {registers_table()}}, .cut_ms = 5};
  for (int p = 0; p < 20; ++p)
    whole.partitions.push_back({static_cast<Partition>(p), sha256(bytes_of("x")), 3});
  const Blob good = encoded(whole);
  ASSERT_TRUE(decoded<Manifest>(good) && decoded<Manifest>(good)->is_sound());
  Random random{1};
  std::size_t sound = 0;
  for (int i = 0; i < 20'000; ++i) {
    Blob bad = good;
    for (std::uint64_t flips = 1 + random.below(4); flips > 0; --flips)
      bad[random.below(bad.size())] = static_cast<std::byte>(random());
    bad.resize(random.below(bad.size() + 1));
    const auto read = decoded<Manifest>(bad);
    if (read && read->is_sound()) ++sound;
  }
  EXPECT_LT(sound, 20'000U);
  whole.partitions.push_back(whole.partitions.front());
  EXPECT_FALSE(whole.is_sound());
}

}  // namespace
}  // namespace evenkeel::test

// A backup and its restore onto empty nodes, in virtual time and on sockets.
#include "models/storage/backup/backup_node.h"
#include "models/storage/backup/backups.h"
#include "models/storage/storage.h"
#include "tests/storage/cluster.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

VaultClientSettings the_vault() { return {.vault = c, .timeout = seconds(5)}; }

BackupKey the_key() {
  Random random{1};
  return BackupKey{draw_secret_key(random)};
}

// Node a writes rows, which only it keeps; c brings them onto b.
Task<> keep_rows_for_a_backup(Node& node, const Placement& placement, bool writes) {
  const StorageSettings settings{.replica = {.timeout = seconds(5)},
                                 .records = {.timeout = seconds(5)}};
  Storage storage{node, placement, settings};
  BackupNode backup_node{node};
  backup_node.take_part(storage.replica(), nullptr, the_key(),
                        {.vault = the_vault(), .timeout = seconds(5)});
  for (std::int64_t i = 0; writes && i < 50; ++i) {
    const TableSchema table = registers_table();
    const Row row{"key " + std::to_string(i), i};
    Task<Result<Version>> putting = storage.records().put(table, row);
    [[maybe_unused]] const Result<Version> put = co_await std::move(putting);
  }
  co_await node.sleep(seconds(1000));
}

Task<> back_up_and_restore(Node& node, const Placement& from, const Placement& onto, Notes& notes) {
  BackupNode backup_node{node};
  backup_node.keep_objects({});
  const BackupSettings settings{.vault = the_vault()};
  Backups here{node, from, the_key(), settings};
  Backups there{node, onto, the_key(), settings};
  co_await node.sleep(seconds(1));
  Task<Result<BackupInfo>> taking = here.take();
  const Result<BackupInfo> taken = co_await std::move(taking);
  notes.add(taken ? "rows " + std::to_string(taken->rows) : taken.error().detail);
  if (!taken) co_return;
  Task<Result<RestoreReport>> restoring = there.restore(taken->id);
  const Result<RestoreReport> restored = co_await std::move(restoring);
  notes.add(restored ? "restored " + std::to_string(restored->rows) : restored.error().detail);
  Records records{node, onto, {.timeout = seconds(5)}};
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < 50; ++i) {
    const TableSchema table = registers_table();
    const Row key{"key " + std::to_string(i)};
    Task<Result<StoredRow>> getting = records.get(table, key);
    const Result<StoredRow> got = co_await std::move(getting);
    if (got && got->values) sum += std::get<std::int64_t>((*got->values)[1]);
  }
  notes.add("sum " + std::to_string(sum));
  co_await node.sleep(seconds(1000));
}

TEST_P(TwoWorlds, ABackupOfOneNodeIsRestoredOntoAnother) {
  in_world([this] {
    Notes notes;
    const FixedPlacement from{even_layout(1)};
    Layout layout = even_layout(1);
    layout.members.front().node = b;
    for (auto& replicas : layout.replicas) replicas = {b};
    const FixedPlacement onto{layout};
    play(
        {.boots = {{a, [&](Node& node) { node.spawn(keep_rows_for_a_backup(node, from, true)); }},
                   {b, [&](Node& node) { node.spawn(keep_rows_for_a_backup(node, onto, false)); }},
                   {c,
                    [&](Node& node) { node.spawn(back_up_and_restore(node, from, onto, notes)); }}},
         .length = seconds(6)});
    EXPECT_THAT(notes.all(), testing::ElementsAre("rows 50", "restored 50", "sum 1225"));
  });
}

}  // namespace
}  // namespace evenkeel::test

// Nodes that keep rows and files, other nodes that a backup may be restored onto, and a vault.
#pragma once

#include <gtest/gtest.h>

#include "models/storage/backup/backup_node.h"
#include "models/storage/backup/backups.h"
#include "models/storage/files/file_node.h"
#include "models/storage/storage.h"
#include "tests/files/cluster.h"
#include "tests/storage/cluster.h"

namespace evenkeel::test {

class BackupCluster {
 public:
  struct Settings {
    std::uint32_t members = 4;  // nodes 0, 1, ...
    std::uint32_t others = 0;   // the nodes behind them, a cluster of their own
    std::uint64_t seed = 1;
    VaultSettings vault = {};
    BackupAgentSettings agent = {};
    BackupSettings backups = {};
    std::uint64_t key = 7;
  };

  explicit BackupCluster(const Settings& its_settings)
      : settings(its_settings),
        here(layout(0, its_settings.members)),
        there(layout(its_settings.members, its_settings.others)),
        parts(its_settings.members + its_settings.others + 1),
        world(
            {.nodes = its_settings.members + its_settings.others + 1, .seed = its_settings.seed}) {
    settings.agent.vault =
        settings.backups.vault = {.vault = NodeId{vault_node()}, .timeout = seconds(2)};
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i](Node& node) {
        parts[i].reset();
        parts[i] = std::make_unique<Parts>(*this, node);
      });
    world.start();
  }
  ~BackupCluster() { world.stop(); }

  std::uint32_t vault_node() const { return settings.members + settings.others; }
  VaultStore& vault() { return parts[vault_node()]->backup_node->vault().store(); }
  Backups& backups() { return *parts[vault_node()]->backups; }
  Backups& backups_there() { return *parts[vault_node()]->backups_there; }
  /// A client's, on the vault's node.
  Records& records() { return *parts[vault_node()]->records; }
  Files& files(std::uint32_t i) { return parts[i]->file_node->files(); }

  template <class T>
  T wait(Task<T> task, Duration limit = seconds(600)) {
    return run(world, vault_node(), std::move(task), limit);
  }
  template <class T>
  T wait_at(std::uint32_t node, Task<T> task) {
    return run(world, node, std::move(task));
  }

  void put(const std::string& name, std::int64_t value) {
    const Row row{name, value};
    const auto put = wait(records().put(registers_table(), row));
    EXPECT_TRUE(put) << put.error().detail;
  }
  /// Rows with names from "0" on; many at once.
  void put_all(std::int64_t count, std::int64_t value) {
    std::vector<Row> rows;
    for (std::int64_t i = 0; i < count; ++i) rows.push_back({std::to_string(i), value});
    const auto put = wait(records().put_all(registers_table(), rows));
    EXPECT_TRUE(put) << put.error().detail;
  }
  std::optional<std::int64_t> value(const std::string& name) {
    const Row key{name};
    const auto got = wait(records().get(registers_table(), key));
    EXPECT_TRUE(got) << got.error().detail;
    if (!got || !got->values) return std::nullopt;
    return std::get<std::int64_t>((*got->values)[1]);
  }
  /// What the nodes from `first` on have on their disks: of each row the newest.
  std::map<std::string, std::int64_t> rows_of(std::uint32_t first, std::uint32_t count) {
    std::map<std::string, StoredRow> newest;
    for (std::uint32_t i = first; i < first + count; ++i)
      for (std::size_t p = 0; p < partitions; ++p) {
        const auto rows = parts[i]->storage->store().scan({.table = registers_table().name,
                                                           .partition = static_cast<Partition>(p),
                                                           .limit = 100'000});
        if (!rows) continue;
        for (const StoredRow& row : *rows) {
          StoredRow& known = newest[row.at.key];
          if (known.version < row.version) known = row;
        }
      }
    std::map<std::string, std::int64_t> found;
    for (const auto& [key, row] : newest)
      if (row.values)
        found[std::get<std::string>(row.values->front())] =
            std::get<std::int64_t>(row.values->back());
    return found;
  }

  Result<BackupInfo> take() { return wait(backups().take()); }
  BackupInfo taken() {
    const auto info = take();
    EXPECT_TRUE(info) << info.error().detail;
    return info ? *info : BackupInfo{};
  }
  std::size_t listed() {
    const auto all = wait(backups().list());
    EXPECT_TRUE(all) << all.error().detail;
    return all ? all->size() : 0;
  }
  void lose_disk(std::uint32_t i) {
    world.crash(i);
    world.disks[i]->lose_all();
  }
  void lose_all_disks(std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t i = first; i < first + count; ++i) lose_disk(i);
    for (std::uint32_t i = first; i < first + count; ++i) world.restart(i);
    world.run_for(seconds(1));
  }

  static Layout layout(std::uint32_t first, std::uint32_t count) {
    if (count == 0) return even_layout(1);
    Layout made = even_layout(count);
    for (Member& member : made.members) member.node = NodeId{index(member.node) + first};
    for (auto& replicas : made.replicas)
      for (NodeId& node : replicas) node = NodeId{index(node) + first};
    return made;
  }
  static BackupKey key(std::uint64_t seed) {
    Random random{seed};
    return BackupKey{draw_secret_key(random)};
  }

  struct Parts {
    Parts(BackupCluster& cluster, Node& node) {
      backup_node = std::make_unique<BackupNode>(node);
      const Settings& settings = cluster.settings;
      const std::uint32_t i = index(node.id());
      const Placement& placement = i < settings.members ? cluster.here : cluster.there;
      if (i == cluster.vault_node()) {
        backup_node->keep_objects(settings.vault);
        records = std::make_unique<Records>(node, cluster.here);
        backups =
            std::make_unique<Backups>(node, cluster.here, key(settings.key), settings.backups);
        backups_there =
            std::make_unique<Backups>(node, cluster.there, key(settings.key), settings.backups);
        return;
      }
      storage = std::make_unique<Storage>(node, placement, StorageSettings{});
      FileNodeSettings files;
      files.files.chunk_bytes = 4096;
      file_node = std::make_unique<FileNode>(node, storage->records(), placement, files);
      backup_node->take_part(storage->replica(), &file_node->files().chunks(), key(settings.key),
                             settings.agent);
    }
    std::unique_ptr<Storage> storage;
    std::unique_ptr<FileNode> file_node;
    std::unique_ptr<Records> records;
    std::unique_ptr<Backups> backups;
    std::unique_ptr<Backups> backups_there;
    std::unique_ptr<BackupNode> backup_node;  // last: it uses the others
  };

  Settings settings;
  FixedPlacement here;
  FixedPlacement there;
  std::vector<std::unique_ptr<Parts>> parts;
  ClusterWorld world;
};

}  // namespace evenkeel::test

// Nodes that keep rows for each other, in one process.
#pragma once

#include <gtest/gtest.h>

#include "models/runtime/together.h"
#include "models/storage/storage.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

inline TableSchema registers_table() {
  return {.name = "registers",
          .columns = {{"name", ColumnType::text}, {"value", ColumnType::integer}}};
}

inline TableSchema counters_table() {
  return {.name = "counters",
          .columns = {{"name", ColumnType::text}, {"value", ColumnType::integer}},
          .kind = TableKind::cas};
}

inline Layout even_layout(std::uint32_t nodes, std::uint32_t copies = 3) {
  Layout layout{.version = 1, .copies = copies};
  for (std::uint32_t i = 0; i < nodes; ++i) layout.members.push_back({NodeId{i}, i});
  for (std::size_t p = 0; p < partitions; ++p) {
    auto& replicas = layout.replicas.emplace_back();
    for (std::uint32_t c = 0; c < std::min(copies, nodes); ++c)
      replicas.push_back(NodeId{static_cast<std::uint32_t>((p + c) % nodes)});
  }
  return layout;
}

/// The first `members` nodes of a world keep rows; all can write and read them.
class StorageCluster {
 public:
  explicit StorageCluster(const ClusterWorld::Settings& settings, std::uint32_t members = 3,
                          const StorageSettings& storage = {})
      : placement(even_layout(members)), world(settings), storages_(settings.nodes) {
    for (std::uint32_t i = 0; i < settings.nodes; ++i)
      world.node(i).on_start([this, i, members, storage](Node& node) {
        storages_[i].reset();
        clients_[i].reset();
        if (i < members) {
          storages_[i] = std::make_unique<Storage>(node, placement, storage);
        } else {
          clients_[i] = std::make_unique<Records>(node, placement, storage.records);
        }
      });
    world.start();
  }
  ~StorageCluster() { world.stop(); }

  Records& records(std::uint32_t i) {
    return storages_[i] ? storages_[i]->records() : *clients_[i];
  }
  Storage& storage(std::uint32_t i) { return *storages_[i]; }

  /// Runs the task, and the world until it is done or so much time has passed.
  template <class T>
  std::optional<T> run(Task<T> task, Duration limit = seconds(60)) {
    std::optional<T> outcome;
    world.node(0).spawn(keep(std::move(task), outcome));
    const Time end = world.now() + limit;
    while (!outcome && world.now() < end) world.run_for(std::chrono::milliseconds{1});
    return outcome;
  }

  FixedPlacement placement;
  ClusterWorld world;

 private:
  template <class T>
  static Task<> keep(Task<T> task, std::optional<T>& outcome) {
    T value = co_await std::move(task);
    outcome.emplace(std::move(value));
  }

  std::vector<std::unique_ptr<Storage>> storages_;
  std::map<std::uint32_t, std::unique_ptr<Records>> clients_;
};

}  // namespace evenkeel::test

// Nodes that all keep rows, answer queries and ask them.
#pragma once

#include <gmock/gmock.h>

#include "models/access/access.h"
#include "models/access/query_service.h"
#include "models/storage/storage.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

struct AccessNode {
  AccessNode(Node& node, const Placement& placement, const StorageSettings& storage_settings,
             const AccessSettings& access_settings, const QueryServiceSettings& query_settings)
      : storage(node, placement, storage_settings),
        queries(node, storage.replica(), placement, query_settings),
        access(node, storage.records(), placement, access_settings) {}
  Storage storage;
  QueryService queries;
  Access access;
};

inline Layout scattered_layout(std::uint32_t nodes, std::uint32_t copies) {
  Layout layout{.version = 1, .copies = copies};
  for (std::uint32_t i = 0; i < nodes; ++i) layout.members.push_back({.node = NodeId{i}});
  for (std::uint32_t p = 0; p < partitions; ++p) {
    std::vector<NodeId>& its = layout.replicas.emplace_back();
    for (std::uint32_t c = 0; c < copies; ++c) its.push_back(NodeId{(p + c * (1 + p % 2)) % nodes});
  }
  return layout;
}

class AccessCluster {
 public:
  struct Settings {
    ClusterWorld::Settings world = {.nodes = 5};
    std::uint32_t copies = 3;
    StorageSettings storage = {};
    AccessSettings access = {};
    QueryServiceSettings queries = {};
  };

  explicit AccessCluster(const Settings& settings)
      : world(settings.world), placement(scattered_layout(settings.world.nodes, settings.copies)) {
    nodes.resize(world.size());
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i, settings](Node& node) {
        nodes[i] = std::make_unique<AccessNode>(node, placement, settings.storage, settings.access,
                                                settings.queries);
      });
    world.start();
  }
  // Modules outlive the tasks that use them.
  ~AccessCluster() { world.stop(); }

  Access& access(std::uint32_t i = 0) { return nodes[i]->access; }

  /// Runs the task on node i until it is done, which must be within a minute.
  template <class T>
  Result<T> wait(Task<Result<T>> task, std::uint32_t i = 0) {
    return world.wait(i, std::move(task));
  }

  Result<QueryResult> query(const std::string& sql, ReadOptions options = {}, std::uint32_t i = 0) {
    return wait(access(i).query(sql, {}, std::move(options)), i);
  }

  /// Puts rows onto all their replicas' disks, as if they had always been there.
  void fill(const TableSchema& table, const std::vector<Row>& rows) {
    const Result<Done> defined = wait(access().define(table));
    ASSERT_TRUE(defined.has_value()) << defined.error().detail;
    for (std::uint32_t i = 0; i < world.size(); ++i) {
      RowStore& store = nodes[i]->storage.store();
      RowStore::Batch batch{store};
      for (const Row& row : rows) {
        StoredRow stored{.at = row_key(table, row), .version = {1, 0, 1}, .values = row};
        const auto& replicas = placement.readable().replicas[stored.at.partition];
        if (std::ranges::find(replicas, NodeId{i}) == replicas.end()) continue;
        ASSERT_TRUE(store.write(table.name, stored).has_value());
      }
      ASSERT_TRUE(batch.commit().has_value());
    }
  }

  ClusterWorld world;
  FixedPlacement placement;
  std::vector<std::unique_ptr<AccessNode>> nodes;
};

inline TableSchema readings_table() {
  return {.name = "readings",
          .columns = {{"site", ColumnType::text},
                      {"at", ColumnType::integer},
                      {"value", ColumnType::real}},
          .key_columns = 2,
          .placed_by = 1};
}

inline Row reading(const std::string& site, std::int64_t at, double value) {
  return {site, at, value};
}

inline std::int64_t as_integer(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer == nullptr ? -1 : *integer;
}
inline double as_real(const Value& value) {
  const auto* real = std::get_if<double>(&value);
  return real == nullptr ? -1 : *real;
}

}  // namespace evenkeel::test

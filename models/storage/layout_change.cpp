#include "models/storage/layout_change.h"

#include <algorithm>

namespace evenkeel {
namespace {

TableSchema layouts_table() {
  return {.name = "layouts",
          .columns = {{"version", ColumnType::integer}, {"layout", ColumnType::blob}},
          .kind = TableKind::cas};
}

Task<Result<Layout>> decide(Records& records, Layout proposed) {
  const auto version = static_cast<std::int64_t>(proposed.version);
  const Row mine{version, encoded(proposed)};
  Records::Next first_stays =
      [mine](const std::optional<Row>& there) -> Result<std::optional<Row>> {
    return there ? there : mine;
  };
  Row key{version};
  Task<Result<std::optional<Row>>> changing =
      records.change(layouts_table(), std::move(key), std::move(first_stays));
  const Result<std::optional<Row>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  const Blob* bytes =
      *changed && (*changed)->size() == 2 ? std::get_if<Blob>(&(**changed)[1]) : nullptr;
  std::optional<Layout> decided;
  if (bytes != nullptr) decided = decoded<Layout>(*bytes);
  if (!decided) co_return Error{ErrorCode::malformed, "the row of this version is no layout"};
  co_return std::move(*decided);
}

bool holds(const std::vector<NodeId>& replicas, NodeId node) {
  return std::ranges::find(replicas, node) != replicas.end();
}

/// Partitions by how many older replicas are still to be copied from.
std::map<Partition, std::size_t> to_copy(const Layout& older, const Layout& newer, NodeId self) {
  std::map<Partition, std::size_t> missing;
  for (std::size_t p = 0; p < partitions; ++p) {
    const std::vector<NodeId>& before = older.replicas[p];
    const std::vector<NodeId>& after = newer.replicas[p];
    if (!holds(after, self) || std::ranges::is_permutation(before, after)) continue;
    const std::size_t own = holds(before, self) ? 1 : 0;
    const std::size_t needed = Quorum::majority(before.size()) - own;
    if (needed > 0) missing[static_cast<Partition>(p)] = needed;
  }
  return missing;
}

Task<Result<Done>> copy(Storage& storage, NodeId self, Layout older, Layout newer) {
  if (storage.replica().is_recovering())
    co_return Error{ErrorCode::unreachable, "the node still recovers from the loss of its disk"};
  std::map<Partition, std::size_t> missing = to_copy(older, newer, self);
  for (const Member& member : older.members) {
    if (member.node == self) continue;
    std::vector<Partition> wanted;
    for (const auto& [partition, needed] : missing)
      if (needed > 0 && holds(older.replicas[partition], member.node)) wanted.push_back(partition);
    if (wanted.empty()) continue;
    Task<Result<Done>> comparing = storage.anti_entropy().compare(member.node, wanted);
    const Result<Done> compared = co_await std::move(comparing);
    if (!compared) continue;
    for (const Partition partition : wanted) --missing[partition];
  }
  for (const auto& [partition, needed] : missing)
    if (needed > 0)
      co_return Error{ErrorCode::no_quorum, "too few old replicas of partition " +
                                                std::to_string(partition) + " can be reached"};
  co_return Done{};
}

}  // namespace

Layouts::Decide decide_by(Records& records) {
  return [&records](Layout proposed) { return decide(records, std::move(proposed)); };
}

Layouts::Synchronise copy_rows(Storage& storage, NodeId self) {
  return [&storage, self](Layout older, Layout newer) {
    return copy(storage, self, std::move(older), std::move(newer));
  };
}

}  // namespace evenkeel

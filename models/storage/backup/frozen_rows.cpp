#include "models/storage/backup/frozen_rows.h"

namespace evenkeel {

FrozenRows::FrozenRows(RowStore& store, std::size_t most_kept_bytes)
    : store_(store), most_kept_bytes_(most_kept_bytes) {
  store_.on_replace([this](const std::string& table, const RowKey& key) { keep(table, key); });
}

FrozenRows::~FrozenRows() { store_.on_replace({}); }

Result<Done> FrozenRows::freeze(std::uint64_t id) {
  if (views_.size() >= most_views && !views_.contains(id))
    return Error{ErrorCode::overloaded, "too many backups at once; wait for one to end"};
  views_[id] = {.times_opened = store_.times_opened()};
  return Done{};
}

void FrozenRows::keep(const std::string& table, const RowKey& key) {
  for (auto& [id, view] : views_) {
    if (view.is_lost || view.kept.contains({table, key})) continue;
    const Result<StoredRow> row = store_.read(table, key);
    if (row) view.kept_bytes += table.size() + encoded_size(*row) + key.key.size();
    view.is_lost = !row || view.kept_bytes > most_kept_bytes_;
    if (view.is_lost) {
      view.kept.clear();
    } else {
      view.kept.emplace(Place{table, key}, *row);
    }
  }
}

Result<std::vector<StoredRow>> FrozenRows::scan(std::uint64_t id, const ScanRows& range) {
  const auto found = views_.find(id);
  if (found == views_.end() || found->second.times_opened != store_.times_opened())
    return Error{ErrorCode::not_found, "this replica's rows are not held for the backup any more"};
  const View& view = found->second;
  if (view.is_lost)
    return Error{ErrorCode::full,
                 "too many rows changed while the backup was taken; give it more "
                 "bandwidth, or take it when less is written"};
  Result<std::vector<StoredRow>> now = store_.scan(range);
  if (!now) return now;
  const auto first = view.kept.lower_bound(Place{range.table, RowKey{range.partition, range.from}});
  std::map<Key, StoredRow> rows;
  // Whether there is more behind it is not known.
  const std::optional<Key> last = now->empty() ? std::nullopt : std::optional{now->back().at.key};
  for (StoredRow& row : *now) rows[row.at.key] = std::move(row);
  for (auto kept = first; kept != view.kept.end(); ++kept) {
    const auto& [table, at] = kept->first;
    if (table != range.table || at.partition != range.partition) break;
    if (last && *last < at.key) break;  // what is kept of a row stands where the row is now
    rows[at.key] = kept->second;
  }
  std::vector<StoredRow> all;
  for (auto& [key, row] : rows) all.push_back(std::move(row));
  return all;
}

}  // namespace evenkeel

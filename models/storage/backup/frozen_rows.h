// A replica's rows as they were at one instant, while they go on changing: what is replaced is kept
// from then on, in memory. Bounded: a view that would keep more than its room is lost.
#pragma once

#include <map>

#include "models/storage/row_store.h"

namespace evenkeel {

class FrozenRows {
 public:
  static constexpr std::size_t most_views = 4;

  /// The store outlives it.
  explicit FrozenRows(RowStore& store, std::size_t most_kept_bytes = 64 << 20);
  FrozenRows(const FrozenRows&) = delete;
  ~FrozenRows();

  /// From now on the view `id` is of this instant. ErrorCode::overloaded: too many views.
  Result<Done> freeze(std::uint64_t id);
  void release(std::uint64_t id) { views_.erase(id); }

  /// Rows, erased ones too, as RowStore::scan gives them; no more than fit into a message: go on
  /// behind the last, until none come. ErrorCode::not_found: there is no such view, or no more.
  Result<std::vector<StoredRow>> scan(std::uint64_t id, const ScanRows& range);

 private:
  using Place = std::pair<std::string, RowKey>;
  struct View {
    std::uint64_t times_opened = 0;        // of the store: opened anew, it may have lost rows
    std::map<Place, StoredRow> kept = {};  // as they were; one never written has no version
    std::size_t kept_bytes = 0;
    bool is_lost = false;  // it had to keep too much
  };

  void keep(const std::string& table, const RowKey& key);

  RowStore& store_;
  std::size_t most_kept_bytes_;
  std::map<std::uint64_t, View> views_;
};

}  // namespace evenkeel

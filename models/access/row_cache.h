// Rows that a client has read and may read again without asking, as long as a replica would tell it
// of a change.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>

#include "models/runtime/time.h"
#include "models/storage/table.h"

namespace evenkeel {

/// Holds at most so many rows; the one not used for the longest time makes room.
class RowCache {
 public:
  explicit RowCache(std::size_t most_rows) : most_rows_(most_rows) {}

  struct Entry {
    StoredRow row = {};
    Time as_of{};    // all that was acknowledged before is in it
    Time expires{};  // replicas tell no changes after this
  };

  void put(const std::string& table, Entry entry) {
    if (most_rows_ == 0) return;
    const Place place{table, entry.row.at};
    erase(place);
    if (entries_.size() >= most_rows_) erase(order_.back());
    order_.push_front(place);
    entries_.emplace(place, std::pair{std::move(entry), order_.begin()});
  }

  const Entry* get(const std::string& table, const RowKey& at, Time now) {
    const auto found = entries_.find({table, at});
    if (found == entries_.end()) return nullptr;
    if (found->second.first.expires <= now) {
      erase(Place{found->first});
      return nullptr;
    }
    order_.splice(order_.begin(), order_, found->second.second);
    return &found->second.first;
  }

  /// There is a newer version than what is held, if anything is.
  void changed(const std::string& table, const RowKey& at, const Version& version) {
    const auto found = entries_.find({table, at});
    if (found != entries_.end() && found->second.first.row.version < version)
      erase(Place{found->first});
  }

  std::size_t size() const { return entries_.size(); }

 private:
  using Place = std::pair<std::string, RowKey>;

  void erase(const Place& place) {
    const auto found = entries_.find(place);
    if (found == entries_.end()) return;
    const auto in_order = found->second.second;
    entries_.erase(found);
    order_.erase(in_order);
  }

  std::size_t most_rows_;
  std::list<Place> order_;  // last used first
  std::map<Place, std::pair<Entry, std::list<Place>::iterator>> entries_;
};

}  // namespace evenkeel

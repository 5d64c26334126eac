#include "models/access/session.h"

#include <algorithm>

namespace evenkeel {

void AccessSession::remember(const std::string& table, const RowKey& at, const Version& version) {
  if (version == Version{}) return;
  if (count_ >= most_rows) {
    for (const auto& [name, rows] : rows_)
      for (const auto& [key, its] : rows) quorum_.emplace(name, key.partition);
    rows_.clear();
    count_ = 0;
  }
  const auto [found, is_new] = rows_[table].try_emplace(at, version);
  if (is_new) {
    ++count_;
  } else {
    found->second = std::max(found->second, version);
  }
}

void AccessSession::remember_partition(const std::string& table, Partition partition) {
  quorum_.emplace(table, partition);
}

Version AccessSession::version_of(const std::string& table, const RowKey& at) const {
  const auto rows = rows_.find(table);
  if (rows == rows_.end()) return {};
  const auto found = rows->second.find(at);
  return found == rows->second.end() ? Version{} : found->second;
}

bool AccessSession::needs_quorum(const std::string& table, Partition partition) const {
  return quorum_.contains({table, partition});
}

std::vector<NeededRow> AccessSession::needs(const std::string& table,
                                            std::span<const Partition> of) const {
  std::vector<NeededRow> needed;
  const auto rows = rows_.find(table);
  if (rows == rows_.end()) return needed;
  for (const auto& [at, version] : rows->second)
    if (std::ranges::find(of, at.partition) != of.end()) needed.push_back({at, version});
  return needed;
}

}  // namespace evenkeel

// What one user has written and read: whoever reads on in this session sees no less.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "models/access/query_messages.h"

namespace evenkeel {

/// Bounded: what it cannot remember row by row any more, it remembers as partitions that must be
/// read from a quorum.
class AccessSession {
 public:
  static constexpr std::size_t most_rows = 5000;

  /// Written or read with this version.
  void remember(const std::string& table, const RowKey& at, const Version& version);
  /// Something of the partition was written, with unknown versions.
  void remember_partition(const std::string& table, Partition partition);
  /// What an answer must be no older than; zeros if nothing is known.
  Version version_of(const std::string& table, const RowKey& at) const;
  bool needs_quorum(const std::string& table, Partition partition) const;
  /// Of the partitions.
  std::vector<NeededRow> needs(const std::string& table, std::span<const Partition> of) const;

 private:
  std::map<std::string, std::map<RowKey, Version>> rows_;
  std::set<std::pair<std::string, Partition>> quorum_;
  std::size_t count_ = 0;
};

}  // namespace evenkeel

// Replicas compare what they have, two at a time, and take from each other what is newer: digests
// of partitions first, then of their buckets, then keys and versions, then rows. So do replicas
// that lost their disk.
#pragma once

#include <map>

#include "models/storage/replica.h"

namespace evenkeel {

class AntiEntropy {
 public:
  /// Runs from now on. All outlive the node's tasks.
  AntiEntropy(Node& node, Replica& replica, const Placement& placement,
              const ReplicaSettings& settings);
  AntiEntropy(const AntiEntropy&) = delete;

  /// Compares all partitions that both keep, in any layout in force; when it is done both have the
  /// newer of each row. Only `only`, if given.
  Task<Result<Done>> compare(NodeId peer, std::vector<Partition> shared);
  /// The partitions that this node and the peer keep, in the layouts in force.
  std::vector<Partition> shared_with(NodeId peer) const;
  std::vector<NodeId> peers() const;
  /// How replicas come to agree on a row of a table of kind cas, where copying it could make chosen
  /// what was only proposed.
  using Settle = std::function<Task<Result<Done>>(TableSchema, Row)>;
  void settle_by(Settle settle) { settle_ = std::move(settle); }

 private:
  Task<> run();
  Task<> recover();
  void verify_now_and_then();
  bool has_copied_enough(const std::vector<NodeId>& from) const;
  Task<Result<Done>> learn_tables(NodeId peer);
  Task<Result<Done>> compare_table(NodeId peer, TableSchema table, std::vector<Partition> shared);
  Task<Result<Done>> compare_partition(NodeId peer, TableSchema table, Partition partition);
  Task<Result<Done>> pull(NodeId peer, TableSchema table, std::vector<RowKey> keys);
  Task<Result<Done>> push(NodeId peer, TableSchema table, std::vector<RowKey> keys);
  Task<Result<Done>> settle_all(TableSchema table, std::vector<RowKey> keys);
  Task<Result<Done>> copy_promises(NodeId peer, TableSchema table, Partition partition);
  Task<> forget_old_erasures(std::vector<Partition> agreed_by_all);

  using Place = std::pair<std::string, Partition>;
  struct Candidates {  // erased rows that all replicas had at that time
    Time since{};
    ListBuckets::Answer rows;
  };

  Node& node_;
  Replica& replica_;
  const Placement& placement_;
  ReplicaSettings settings_;
  std::map<Place, Candidates> erased_;
  std::size_t periods_ = 0;
  Settle settle_;
};

}  // namespace evenkeel

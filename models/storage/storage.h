// The storage module of one node: the rows it keeps, their replication, and a client for all rows.
#pragma once

#include "models/storage/anti_entropy.h"
#include "models/storage/records.h"

namespace evenkeel {

struct StorageSettings {
  ReplicaSettings replica = {};
  RecordSettings records = {};
};

/// Lives as long as the node's incarnation. Where the disk cannot be read, the store starts empty
/// and recovers from the other replicas, as after a lost disk.
class Storage {
 public:
  /// The node and the placement outlive the node's tasks.
  Storage(Node& node, const Placement& placement, const StorageSettings& settings);
  Storage(const Storage&) = delete;

  Records& records() { return records_; }
  Replica& replica() { return *replica_; }
  AntiEntropy& anti_entropy() { return *anti_entropy_; }
  RowStore& store() { return store_; }

 private:
  Task<Result<Done>> settle(TableSchema table, Row key);

  RowStore store_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<AntiEntropy> anti_entropy_;
  Records records_;
};

}  // namespace evenkeel

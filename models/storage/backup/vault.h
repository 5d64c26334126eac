// A vault: the node, far from those that keep the data, where backups are. It has no key: it sees
// names, sizes and which objects belong together, and checks that what comes is what was sent and
// what it gives is what came.
//
// A backup is there from the moment that its manifest is durable, and the manifest is taken only
// when every object below it is there. Whatever stops before that leaves no backup, only objects:
// they go when their session says so, or when nobody has needed them for `grace`.
#pragma once

#include "models/runtime/service.h"
#include "models/storage/backup/retention.h"
#include "models/storage/backup/vault_store.h"

namespace evenkeel {

struct VaultSettings {
  VaultStoreSettings store = {};
  RetentionRule keep = {};
  Duration grace = seconds(3600);  // longer than a backup takes
  Duration period = seconds(60);   // between looks for what may go
  double ops_per_byte = 1.1;       // to hash: an estimate, 1.8 GB/s at 2 Gop/s
};

/// Lives as long as the node's incarnation.
class Vault {
 public:
  /// Answers through the service, which is on Port::backups. Both outlive the node's tasks.
  Vault(Node& node, Service& service, const VaultSettings& settings = {});
  Vault(const Vault&) = delete;

  VaultStore& store() { return store_; }

 private:
  Task<Result<HasObjects::Answer>> has_objects(NodeId from, HasObjects question);
  Task<Result<Done>> put_object(NodeId from, PutObject question);
  Task<Result<Blob>> get_object(NodeId from, GetObject question);
  Task<Result<Done>> commit_backup(NodeId from, CommitBackup question);
  Task<Result<std::uint64_t>> abandon_backup(NodeId from, AbandonBackup question);
  Task<Result<ListBackups::Answer>> list_backups(NodeId from, ListBackups question);
  Task<Result<FetchManifest::Answer>> fetch_manifest(NodeId from, FetchManifest question);
  Task<Result<CheckObjects::Answer>> check_objects(NodeId from, CheckObjects question);
  Task<Result<Done>> drop_backup(NodeId from, DropBackup question);

  Task<> tidy_up();
  void drop_outlived();
  std::int64_t wall_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(node_.wall_clock()).count();
  }
  Work work(std::size_t bytes) const {
    return {settings_.ops_per_byte * static_cast<double>(bytes)};
  }

  Node& node_;
  VaultSettings settings_;
  VaultStore store_;
};

}  // namespace evenkeel

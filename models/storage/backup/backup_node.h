// All of backups that stands on one node: a vault, or what takes part where data is kept, or both,
// behind one port.
#pragma once

#include "models/storage/backup/backup_agent.h"
#include "models/storage/backup/vault.h"

namespace evenkeel {

/// Lives as long as the node's incarnation.
class BackupNode {
 public:
  explicit BackupNode(Node& node) : node_(node), service_(node, Port::backups) {}
  BackupNode(const BackupNode&) = delete;

  void keep_objects(const VaultSettings& settings) { vault_.emplace(node_, service_, settings); }
  /// As BackupAgent's constructor says.
  void take_part(Replica& replica, Chunks* chunks, const BackupKey& key,
                 const BackupAgentSettings& settings) {
    agent_.emplace(node_, service_, replica, chunks, key, settings);
  }
  /// If this node takes part; null if not.
  BackupAgent* agent() { return agent_ ? &*agent_ : nullptr; }
  /// If this node is one.
  Vault& vault() { return *vault_; }

 private:
  Node& node_;
  Service service_;
  std::optional<Vault> vault_;
  std::optional<BackupAgent> agent_;
};

}  // namespace evenkeel

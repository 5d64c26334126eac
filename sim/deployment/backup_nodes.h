// A scenario's backups: the vault that keeps them and takes them, and what takes part on the nodes
// that keep data.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/storage/backup/backup_node.h"
#include "models/storage/backup/backups.h"
#include "sim/deployment/data_nodes.h"

namespace evenkeel {

class BackupNodes {
 public:
  /// All outlive it. UserError if no node is there to keep backups.
  BackupNodes(const Scenario& scenario, const Deployment& deployment, const DataNodes& data,
              std::size_t nodes);
  BackupNodes(const BackupNodes&) = delete;

  /// What stood on the node is gone; before its data module starts anew.
  void forget(NodeId node) { nodes_[index(node)].reset(); }
  /// Starts what stands on this node, whose data module is there; called whenever it boots.
  void boot(Node& node);
  /// From now on what takes part on that node needs leave, and what takes backups there shows
  /// grants.
  void guard(NodeId node, const BackupRule& rule, const BackupShows& shows);
  /// When the run is over: shows the witness each backup that is there, and what each restore
  /// brought back. Lives as long as the witness is asked.
  void be_seen_by(Witness& witness);

 private:
  struct Modules {
    explicit Modules(Node& node) : backup_node(node) {}
    BackupNode backup_node;
    std::unique_ptr<Backups> backups;  // on the vault's node
  };
  struct Restored {
    std::uint64_t backup = 0;
    Time at{};
  };
  using Span = std::pair<Time, Time>;
  using Tables = std::map<std::string, Witness::Values>;

  BackupAgentSettings agent_settings() const;
  BackupSettings backup_settings() const;
  VaultSettings vault_settings() const;
  Task<> take_regularly(Node& node, Backups& backups);
  Task<> restore_when_due(Node& node, Backups& backups, RestoreChoice restore);
  void look_at_backups(Witness& witness);
  void look_at_restore(Witness& witness, const Restored& restored,
                       std::map<std::uint64_t, Tables>& backups);
  bool is_backed_up(const std::string& table) const;
  /// Nothing if it cannot be read any more.
  std::optional<Tables> tables_of(std::uint64_t backup, VaultStore& vault) const;

  const Scenario& scenario_;
  const BackupChoice* choice_ = nullptr;  // null: no backups
  const DataNodes& data_;
  BackupKey key_;
  NodeId vault_{};
  Probe* probe_ = nullptr;
  std::map<std::uint64_t, Span> cut_within_;  // of each backup
  std::vector<Restored> restored_;
  std::vector<std::unique_ptr<Modules>> nodes_;  // by NodeId
};

}  // namespace evenkeel

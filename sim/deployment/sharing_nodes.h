// All of sharing on a scenario's nodes (party_plan.h says whose they are): guards before the data,
// contracts, audit trails, the catalogue, files that spread from peer to peer.
#pragma once

#include "models/processing/batch_worker.h"
#include "models/processing/event_source.h"
#include "models/processing/stream_job.h"
#include "models/sharing/guarded_access.h"
#include "models/sharing/offers.h"
#include "sim/actions/shared_client.h"
#include "sim/deployment/data_nodes.h"
#include "sim/deployment/party_plan.h"
#include "sim/deployment/sharing_watch.h"

namespace evenkeel {

class SharingNodes {
 public:
  /// All outlive it. UserError as of PartyPlan.
  SharingNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
               const DataNodes& data);
  SharingNodes(const SharingNodes&) = delete;

  /// Nothing is shared.
  bool empty() const { return !scenario_.sharing; }
  /// Adds the data sets that actions may be about.
  void describe_to(ActionSetting& setting) const;
  /// Starts what stands on this node; called whenever it boots, after the data nodes' modules.
  void boot(Node& node);
  /// Adds what actions on that node may use. Valid until it boots again.
  void offer(NodeId node, ModuleClients& clients) const;
  /// Puts the node's guard before the rows that batches read there; called after boot.
  void guard(Node& node, BatchWorker& worker);
  /// The same for a stream of the rows of this table.
  void guard(Node& node, EventSource& source, const std::string& stream, const TableSchema& table);
  /// What jobs of a stream on that node show to whoever keeps the table.
  StreamShows stream_shows(Node& node, const std::string& stream, const std::string& table,
                           const std::string& purpose);
  /// The guard before backups of what that node keeps; null where there is none.
  BackupRule backup_rule(NodeId node);
  /// What backups that are taken on that node show; null: it is of no party.
  BackupShows backup_shows(NodeId node);
  bool is_foreign(NodeId node, const std::string& table) const {
    return parties_ && parties_->is_foreign(node, table);
  }
  /// Accuses whoever serves without a grant, and looks at all audit trails at the end.
  void be_seen_by(Witness& witness);

  /// Where something is shared.
  const PartyDirectory& directory() const { return parties_->directory(); }
  const std::map<std::string, DataSetId>& data_sets() const { return parties_->data_sets(); }
  /// Null on a node of no party.
  Sharing* sharing(NodeId node) const;
  GrantDesk* desk(NodeId node) const;
  /// Writes into the node's audit trail; on a node of a party.
  Task<> note(Node& node, AuditRecord record);

 private:
  // In the order in which they are made.
  struct Modules {
    std::unique_ptr<Offers> offers;
    std::unique_ptr<Sharing> sharing;
    std::unique_ptr<GuardedAccess> guarded;
    std::unique_ptr<StoredBlocks> blocks;
    std::unique_ptr<BlockSwarm> swarm;
    std::unique_ptr<SharedFiles> files;
    std::unique_ptr<GrantDesk> desk;
    SharedClient client;
  };

  SharingSettings settings_of(NodeId node, Modules& modules) const;
  SwarmSettings swarm_settings(std::size_t party) const;
  Task<Result<BackupTokens>> show_backup(NodeId node, NodeId to, BackupScope scope, bool restores);
  Task<Result<Blob>> show(NodeId node, NodeId to, DataSetId id, GrantRequest request);
  void notice_lost_disk(Node& node, Modules& modules);

  Task<> publish(Node& node, Modules& modules);
  Task<> take_back(Node& node, Modules& modules, RevocationChoice event);
  Task<> watch_catalogue(Node& node, Modules& modules) const;

  const Scenario& scenario_;
  const Platform& platform_;
  const DataNodes& data_;
  std::optional<PartyPlan> parties_;
  std::unique_ptr<SharingWatch> watch_;
  std::vector<std::unique_ptr<Modules>> nodes_;  // by NodeId
};

}  // namespace evenkeel

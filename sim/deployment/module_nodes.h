// The modules of a scenario on its nodes, one part of them a file.
#pragma once

#include "sim/deployment/backup_nodes.h"
#include "sim/deployment/data_nodes.h"
#include "sim/deployment/pool_nodes.h"
#include "sim/deployment/processing_nodes.h"
#include "sim/deployment/secret_nodes.h"
#include "sim/deployment/sharing_nodes.h"

namespace evenkeel {

class ModuleNodes {
 public:
  /// The scenario, the deployment and the platform outlive it. UserError if they do not fit.
  ModuleNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform)
      : data_(scenario, deployment, platform),
        secrets_(scenario, platform),
        backups_(scenario, deployment, data_, platform.size()),
        sharing_(scenario, deployment, platform, data_),
        pools_(scenario, data_, sharing_),
        processing_(scenario, deployment, platform, data_, sharing_) {}
  ModuleNodes(const ModuleNodes&) = delete;

  /// The scenario has no modules.
  bool empty() const { return data_.empty() && sharing_.empty() && processing_.empty(); }
  /// Adds what actions may be about.
  void describe_to(ActionSetting& setting) const {
    data_.describe_to(setting);
    secrets_.describe_to(setting);
    sharing_.describe_to(setting);
    pools_.describe_to(setting);
    processing_.describe_to(setting);
  }
  /// Some node still copies what a lost disk had.
  bool is_repairing() const { return data_.is_repairing() || secrets_.is_repairing(); }
  /// Starts what stands on this node; called whenever it boots.
  void boot(Node& node) {
    backups_.forget(node.id());
    data_.boot(node);
    secrets_.boot(node);
    backups_.boot(node);
    sharing_.boot(node);
    pools_.boot(node);
    backups_.guard(node.id(), sharing_.backup_rule(node.id()), sharing_.backup_shows(node.id()));
    processing_.boot(node);
  }
  /// What owners let others ask about together, and their side of it in a multi-party computation.
  const std::vector<Pool>& pools() const { return pools_.all(); }
  std::vector<double> pool_numbers(NodeId node, const Meeting& meeting) const {
    return pools_.numbers_for(node, meeting);
  }
  /// The node's council has come to be; called after boot.
  void meet(Node& node, Council& council) { pools_.meet(node, council); }
  /// Lets the node's server do the modules' jobs; called after boot.
  void serve(Node& node, Server& server) { processing_.serve(node, server); }
  /// What actions on that node may use. Valid until it boots again.
  ModuleClients clients(NodeId node) const {
    ModuleClients clients;
    data_.offer(node, clients);
    secrets_.offer(node, clients);
    sharing_.offer(node, clients);
    pools_.offer(node, clients);
    processing_.offer(node, clients);
    return clients;
  }
  /// Says to the witness what is promised, and at the end of the run what there is. Lives as long
  /// as the witness is asked.
  void be_seen_by(Witness& witness) {
    data_.be_seen_by(witness);
    secrets_.be_seen_by(witness);
    backups_.be_seen_by(witness);
    sharing_.be_seen_by(witness);
    processing_.be_seen_by(witness);
  }

 private:
  DataNodes data_;
  SecretNodes secrets_;
  BackupNodes backups_;
  SharingNodes sharing_;
  PoolNodes pools_;
  ProcessingNodes processing_;
};

}  // namespace evenkeel

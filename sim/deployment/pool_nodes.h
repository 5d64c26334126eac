// The data pools of a scenario on its nodes: where owners answer for their rows, and where one may
// ask. What is computed for them, the nodes of `mpc` compute.
#pragma once

#include <map>
#include <memory>

#include "models/sharing/pooling/pool_desk.h"
#include "sim/actions/action.h"
#include "sim/deployment/data_nodes.h"
#include "sim/deployment/sharing_nodes.h"

namespace evenkeel {

class PoolNodes {
 public:
  /// All outlive it. UserError if an owner has no node with access to its rows.
  PoolNodes(const Scenario& scenario, const DataNodes& data, SharingNodes& sharing);
  PoolNodes(const PoolNodes&) = delete;

  const std::vector<Pool>& all() const { return pools_; }
  void describe_to(ActionSetting& setting) const;
  /// Starts what stands on this node; called whenever it boots, after sharing.
  void boot(Node& node);
  /// The node's council has come to be; called after boot.
  void meet(Node& node, Council& council);
  /// What the node's owner enters into this computation; nothing if it has granted none.
  std::vector<double> numbers_for(NodeId node, const Meeting& meeting) const;
  /// Adds what actions on that node may use. Valid until it boots again.
  void offer(NodeId node, ModuleClients& clients) const;

 private:
  void note_service(Node& node, const Meeting& meeting);

  const DataNodes& data_;
  SharingNodes& sharing_;
  std::vector<Pool> pools_;
  std::map<NodeId, std::unique_ptr<PoolOwner>> owners_;
  std::map<NodeId, std::unique_ptr<PoolDesk>> desks_;
};

}  // namespace evenkeel

// The nodes that keep a scenario's secrets, and those that put and get them.
#pragma once

#include <map>
#include <memory>

#include "models/storage/secrets/secret_keeping.h"
#include "models/storage/secrets/secret_upkeep.h"
#include "sim/actions/action.h"
#include "sim/faults/checks/witness.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"

namespace evenkeel {

class SecretNodes {
 public:
  /// The platform outlives it. UserError if the keepers are too few or too many.
  SecretNodes(const Scenario& scenario, const Platform& platform);
  SecretNodes(const SecretNodes&) = delete;

  bool empty() const { return settings_.keepers.empty(); }
  void describe_to(ActionSetting& setting) const { setting.keeps_secrets = !empty(); }
  /// Starts what stands on this node; called whenever it boots.
  void boot(Node& node);
  /// Some keeper gets back what a lost disk had.
  bool is_repairing() const;
  void offer(NodeId node, ModuleClients& clients) const;
  /// When the run is over: shows the witness every secret that the keepers' disks give back.
  void be_seen_by(Witness& witness);

 private:
  struct Keeper {
    Keeper(Node& its_node, const SecretSettings& settings)
        : node(its_node), keeper(its_node, settings), upkeep(keeper) {}
    Node& node;
    ShareKeeper keeper;
    SecretUpkeep upkeep;
  };

  void look_at(Witness& witness) const;

  SecretSettings settings_;
  std::map<NodeId, std::unique_ptr<Keeper>> keepers_;
  std::map<NodeId, std::unique_ptr<SecretKeeping>> clients_;
};

}  // namespace evenkeel

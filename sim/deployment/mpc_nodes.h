// The nodes that meet for multi-party computations: who computes, who owns numbers, and the epochs
// in which servers' loads are computed on.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "models/balancing/balancers.h"
#include "models/balancing/server.h"
#include "models/mpc/council.h"
#include "models/sharing/pooling/pool.h"
#include "sim/actions/action.h"
#include "sim/actions/secret_computations.h"
#include "sim/deployment/deployment.h"
#include "sim/deployment/owned_numbers.h"
#include "sim/deployment/query_nodes.h"
#include "sim/workload/service.h"

namespace evenkeel {

class MpcNodes {
 public:
  /// All outlive it. UserError if the parties are too few or too many for the protocol, or a
  /// computation cannot run under it.
  MpcNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform);
  MpcNodes(const MpcNodes&) = delete;
  ~MpcNodes();

  /// The scenario computes nothing so.
  bool empty() const { return !scenario_.mpc; }

  /// Loads that stay secret: whose, and who learns of them. Before anything boots.
  void keep_secret(const SecretReports& secret, std::vector<NodeId> servers,
                   std::vector<NodeId> balancers);

  /// A pool's questions, and who says what an owner enters into one. Before anything boots;
  /// UserError if the protocol cannot compute them.
  void hold(const std::vector<Pool>& pools,
            std::function<std::vector<double>(NodeId, const Meeting&)> numbers);

  /// Starts what stands on this node; called whenever it boots, before its server and balancers.
  void boot(Node& node);
  /// A node's own, once it has booted; they outlive their node's incarnation.
  void serve(NodeId node, const Server& server) { servers_[node] = &server; }
  void balance(NodeId node, Balancers& balancers) { balancers_[node] = &balancers; }

  Council* council(NodeId node) const {
    const auto found = councils_.find(node);
    return found == councils_.end() ? nullptr : found->second.get();
  }
  /// What comes of private queries and computations is judged.
  void be_seen_by(Witness& witness) {
    queries_.be_seen_by(witness);
    witness_ = &witness;
  }
  /// The names of the scenario's computations and private queries.
  void describe_to(ActionSetting& setting) const;
  /// What actions on that node may ask for. Valid until it boots again.
  SecretComputations* computations(NodeId node) const;

 private:
  class Holder;  // holds computations for requests at a node

  /// Why these parties cannot compute it so.
  std::optional<Error> reason_against_holding(const std::shared_ptr<const Function>& function,
                                              const Problem& problem) const;
  void place_parties(const Platform& platform);
  void place_computations(const Deployment& deployment, const Platform& platform);
  std::vector<NodeId> owners_named(const std::vector<Name>& names, const Deployment& deployment,
                                   const Platform& platform) const;
  void judge(Node& node, const OwnedNumbers& owned, const Meeting& meeting,
             const std::vector<double>& answer);
  std::vector<double> own(Node& node, const Meeting& meeting) const;
  std::vector<double> load_of(NodeId node, const std::string& function) const;
  Task<> hold_epochs(Node& node);

  const Scenario& scenario_;
  const Platform& platform_;
  QueryNodes queries_;
  CouncilRules rules_;
  std::optional<SecretReports> secret_;
  std::vector<NodeId> secret_servers_;
  std::vector<NodeId> secret_balancers_;
  std::function<std::vector<double>(NodeId, const Meeting&)> pool_numbers_;
  std::set<std::string> pools_;  // the names of their functions
  std::map<std::string, OwnedNumbers, std::less<>> computations_;
  std::map<NodeId, std::unique_ptr<Council>> councils_;
  std::map<NodeId, std::unique_ptr<Holder>> holders_;
  std::map<NodeId, const Server*> servers_;
  std::map<NodeId, Balancers*> balancers_;
  Witness* witness_ = nullptr;
};

}  // namespace evenkeel

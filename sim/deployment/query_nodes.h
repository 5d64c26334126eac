// The nodes of a scenario's private queries: what each has, drawn by the run's seed, and whether
// what comes of a query is what plain arithmetic says.
#pragma once

#include <map>
#include <memory>

#include "models/mpc/queries/private_queries.h"
#include "sim/actions/action.h"
#include "sim/faults/checks/witness.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"
#include "sim/workload/private_holdings.h"

namespace evenkeel {

class QueryNodes {
 public:
  /// Both outlive it. UserError if a node is not there.
  QueryNodes(const Scenario& scenario, const Platform& platform);
  QueryNodes(const QueryNodes&) = delete;

  bool empty() const { return rules_.queries.empty(); }
  void describe_to(ActionSetting& setting) const;
  /// Whoever learns a wrong answer accuses before the witness.
  void be_seen_by(Witness& witness) { witness_ = &witness; }
  /// Starts what stands on this node; called whenever it boots. The sessions outlive it.
  void boot(Node& node, Sessions& sessions);
  /// On that node; null if the scenario has no private queries. Valid until it boots again.
  PrivateQueries* at(NodeId node) const;
  /// Which row is asked for by a key.
  std::uint64_t row_of(const std::string& name, std::uint64_t key) const;

 private:
  void add(const std::string& name, const PrivateQuery& query, std::uint64_t common,
           const std::vector<Name>& nodes, const Place& place);
  const PrivateHolding* holding(NodeId node, const std::string& name) const;
  void check(Node& node, const std::string& name, Seat seat, std::uint64_t place,
             const PrivateAnswer& answer);

  const Scenario& scenario_;
  const Platform& platform_;
  PrivateQueryRules rules_;
  std::map<std::string, DrawnHoldings, std::less<>> drawn_;
  std::map<NodeId, std::unique_ptr<PrivateQueries>> at_;
  Witness* witness_ = nullptr;
};

}  // namespace evenkeel

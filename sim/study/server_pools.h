// Which servers may answer which requests, and how they look from a place.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/balancing/balancer.h"
#include "models/balancing/server.h"
#include "sim/actions/action.h"
#include "sim/deployment/deployment.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"

namespace evenkeel {

class ServerPools {
 public:
  /// Servers that the same request classes may use, by their place in Deployment::servers.
  using Pool = std::vector<std::size_t>;

  /// `servers`: those that run, by the same place; null for one that is down or elsewhere. All
  /// outlive it.
  ServerPools(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
              const std::vector<std::unique_ptr<Server>>& servers)
      : scenario_(scenario), deployment_(deployment), platform_(platform), servers_(servers) {}

  /// Once; `actions` by request class, null for those that servers answer. UserError if nobody
  /// answers a class, or if it is not said who chooses.
  void make(std::span<const std::unique_ptr<Action>> actions);

  bool empty() const { return pools_.empty(); }
  const std::vector<Pool>& all() const { return pools_; }
  /// By request class; meaningless where none is asked.
  const std::vector<std::size_t>& of_class() const { return of_class_; }
  /// Valid as long as this.
  std::unique_ptr<Choices> choices_from(NodeId place, const Pool& pool);

 private:
  Pool servers_for(std::size_t number, const Action* action) const;
  Pool reachable_from(NodeId place, const Pool& pool) const;
  const ServerSet& server_set(Pool pool);

  const Scenario& scenario_;
  const Deployment& deployment_;
  const Platform& platform_;
  const std::vector<std::unique_ptr<Server>>& servers_;
  std::vector<Pool> pools_;
  std::vector<std::size_t> of_class_;
  std::vector<std::pair<Pool, std::unique_ptr<ServerSet>>> server_sets_;
};

}  // namespace evenkeel

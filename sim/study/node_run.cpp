#include "sim/study/node_run.h"

namespace evenkeel {

NodeRun::NodeRun(const Scenario& scenario, const Deployment& deployment, Platform platform,
                 NodeId self, const SocketSettings& settings, LinkClocks& clocks)
    : duration_(scenario.duration),
      platform_(std::move(platform)),
      world_(platform_, self, settings, clocks, log_),
      experiment_(
          scenario, deployment, platform_,
          {.world = world_,
           .find = [this, self](NodeId id) { return id == self ? &world_.node() : nullptr; },
           .all = false},
          settings.seed),
      faults_(faults_of(scenario, platform_, settings.seed), platform_, world_,
              {.seed = settings.seed, .tells = [self](NodeId node) {
                 return node == self || (node == FaultPlan::of_no_node && index(self) == 0);
               }}) {}

void NodeRun::run(SocketWorld::Clock::time_point start) { world_.run(start, duration_); }

NodeOutcome NodeRun::outcome() && {
  return {std::move(log_), world_.energy_j(), world_.link_bytes(), world_.mpc_link_bytes()};
}

}  // namespace evenkeel

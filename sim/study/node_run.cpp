#include "sim/study/node_run.h"

namespace evenkeel {

NodeRun::NodeRun(const Scenario& scenario, const Setup& setup, NodeId self,
                 const SocketSettings& settings, LinkClocks& clocks)
    : duration_(scenario.duration),
      platform_(setup.platform.twin()),
      world_(platform_, self, settings, clocks, log_),
      experiment_(
          scenario, setup.deployment, platform_,
          {.world = world_,
           .find = [this, self](NodeId id) { return id == self ? &world_.node() : nullptr; },
           .all = false},
          settings.seed),
      faults_(faults_of(scenario, platform_, settings.seed), platform_, world_,
              {.seed = settings.seed,
               .tells =
                   [self](NodeId node) {
                     return node == self || (node == FaultPlan::of_no_node && index(self) == 0);
                   }}),
      links_(world_, platform_.links().size(),
             default_bucket(recorder_settings(scenario, setup, settings.seed, 0)),
             [this] { return world_.link_bytes(); }) {}

void NodeRun::run(SocketWorld::Clock::time_point start) { world_.run(start, duration_); }

NodeOutcome NodeRun::outcome() && {
  NodeOutcome outcome{.log = std::move(log_),
                      .energy_j = world_.energy_j(),
                      .link_bytes = world_.link_bytes(),
                      .mpc_link_bytes = world_.mpc_link_bytes()};
  const LinkBytes noted = links_.finish(duration_);
  for (std::uint32_t link = 0; !noted.empty() && link < noted.front().size(); ++link) {
    if (noted.back()[link] == 0) continue;
    std::vector<double>& its = outcome.link_bytes_until[link];
    for (const std::vector<double>& bucket : noted) its.push_back(bucket[link]);
  }
  return outcome;
}

}  // namespace evenkeel

#include "sim/study/simulation.h"

namespace evenkeel {
namespace {

WorldSettings world_settings(const Scenario& scenario, std::uint64_t seed) {
  const bool fluid = scenario.network.model == NetworkSettings::Model::fluid;
  return {.network = fluid ? WorldSettings::Network::fluid : WorldSettings::Network::latency,
          .small_message = scenario.network.small_message,
          .tcp_calibration = scenario.network.tcp_calibration,
          .seed = seed};
}

}  // namespace

Simulation::Simulation(const Scenario& scenario, const Setup& setup, std::uint64_t seed,
                       Probe& probe)
    : world(setup.platform, world_settings(scenario, seed), probe),
      nodes{.world = world,
            .find = [this](NodeId id) { return &world.node(id); },
            .witness = &witness},
      experiment(scenario, setup.deployment, setup.platform, nodes, seed),
      breaks(faults_of(scenario, setup.platform, seed)),
      faults(breaks, setup.platform, world,
             {.seed = seed, .is_repairing = [this] { return experiment.is_repairing(); }}) {}

// While all is there that the nodes' tasks use.
Simulation::~Simulation() {
  for (std::uint32_t i = 0; i < world.size(); ++i) world.node(NodeId{i}).stop();
}

}  // namespace evenkeel

// What a scenario means before it runs in any world: its nodes on its graph, and what is recorded
// of them.
#pragma once

#include "sim/deployment/deployment.h"
#include "sim/metrics/run_recorder.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"

namespace evenkeel {

struct Setup {
  Deployment deployment;
  Platform platform;
};

/// UserError, or ScenarioErrors for names that the graph does not know.
Setup set_up(const Scenario& scenario);

/// The graph of the scenario. It follows from the scenario's own seed, not from the run's: all runs
/// of a study share it. ScenarioErrors for names that it does not know.
Graph build_topology(const Scenario& scenario);

RecorderSettings recorder_settings(const Scenario& scenario, const Setup& setup, std::uint64_t seed,
                                   std::uint64_t kept_requests);

/// What the platform's nodes and links used, from what a world measured: joules by node, bytes by
/// link, and those of multi-party computations.
WorldUsage usage_of(const Platform& platform, Duration duration, std::span<const double> energy_j,
                    std::span<const double> link_bytes, std::span<const double> mpc_link_bytes);

}  // namespace evenkeel

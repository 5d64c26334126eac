// One run: a scenario and a seed in, a set of results out. The same scenario, seed and program
// give the same fingerprint.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/metrics/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/graph.h"

namespace evenkeel {

/// The graph of the scenario. It follows from the scenario's own seed, not from the run's: all runs
/// of a study share it. ScenarioErrors for names that it does not know.
Graph build_topology(const Scenario& scenario);

struct RunOptions {
  std::uint64_t seed = 1;
  std::uint64_t kept_requests = 20'000;
  /// Called now and then with the share of virtual time that has passed, 0 .. 1.
  std::function<void(double)> on_progress = {};
};

/// At most one call a process (SimGrid allows one engine). Fills in all but `scenario_hash`,
/// `chosen` and `version`. UserError for what only a run finds out.
RunResult run_scenario(const Scenario& scenario, const RunOptions& options);

}  // namespace evenkeel

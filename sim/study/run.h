// One run: a scenario and a seed in, a set of results out. In virtual time the same scenario, seed
// and program give the same fingerprint.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/metrics/run_result.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

struct RunOptions {
  std::uint64_t seed = 1;
  std::uint64_t kept_requests = 20'000;
  /// Called now and then with the share of the world's time that has passed, 0 .. 1.
  std::function<void(double)> on_progress = {};
};

/// In the scenario's world. At most one call a process (SimGrid allows one engine). Fills in all
/// but `scenario_hash`, `chosen` and `version`. UserError for what only a run finds out.
RunResult run_scenario(const Scenario& scenario, const RunOptions& options);

}  // namespace evenkeel

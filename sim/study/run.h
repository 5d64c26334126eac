// One run: a scenario and a seed in, a set of results out. In virtual time the same scenario, seed
// and program give the same fingerprint.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <string>

#include "sim/metrics/run_result.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

struct RunOptions {
  std::uint64_t seed = 1;
  std::uint64_t kept_requests = 20'000;
  /// Called now and then with the share of the world's time that has passed, 0 .. 1.
  std::function<void(double)> on_progress = {};
  /// On sockets, asked several times a second: true ends the run with `Stopped`.
  std::function<bool()> is_stopped = {};
  /// This program, to be started for each node where the scenario wants processes.
  std::string program = "/proc/self/exe";
};

/// The user stopped the run.
struct Stopped : std::exception {
  const char* what() const noexcept override { return "stopped"; }
};

/// In the scenario's world. At most one call a process (SimGrid allows one engine). Fills in all
/// but `scenario_hash`, `chosen` and `version`. UserError for what only a run finds out.
RunResult run_scenario(const Scenario& scenario, const RunOptions& options);

}  // namespace evenkeel

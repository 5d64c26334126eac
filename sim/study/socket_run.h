// A run in real time: every node with a loop of its own, all of them on this machine.
#pragma once

#include "sim/study/run.h"

namespace evenkeel {

/// As run_scenario, for a scenario whose world is `sockets`. Takes its duration in real time.
RunResult run_on_sockets(const Scenario& scenario, const RunOptions& options);

}  // namespace evenkeel

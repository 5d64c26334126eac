// Follows one request of a run in virtual time, by running it again: it is the same run.
#pragma once

#include <functional>

#include "sim/scenario/scenario.h"
#include "sim/trace/request_trace.h"

namespace evenkeel {

struct TraceWish {
  std::uint64_t seed = 1;
  std::uint64_t request = 0;  // RequestRecord::number
  /// Called now and then with the share of the world's time that has passed, 0 .. 1.
  std::function<void(double)> on_progress = {};
};

/// Runs until the request has ended and for as long again, for what follows from it: at most once a
/// process, as run_scenario. UserError for a scenario on sockets, which no run repeats, and for a
/// request that is never sent.
RequestTrace trace_request(const Scenario& scenario, const TraceWish& wish);

}  // namespace evenkeel

// The baseline of `fluid`: a program that does the same transfers and computations straight on
// SimGrid, with nothing around them. No policy, no messages, no records.
#pragma once

#include "tests/bench/scenarios.h"

namespace evenkeel::bench {

/// The activities of the requests that the load's scenario draws: a request's transfer, a queue for
/// the core, the computation, the answer's transfer; servers in turn. The number of requests.
std::uint64_t run_bare(const Load& load, double message_bytes);

}  // namespace evenkeel::bench

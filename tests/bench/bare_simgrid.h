// The baseline of `fluid`: a program that does the same transfers and computations straight on
// SimGrid, with nothing around them. No policy, no messages, no records.
#pragma once

#include "tests/bench/scenarios.h"

namespace evenkeel::bench {

/// Requests with the load's rate and work (Poisson, exponential; its own draws): a transfer, a
/// queue for the core, the computation, the answer's transfer; servers in turn. How many.
std::uint64_t run_bare(const Load& load, double message_bytes);

}  // namespace evenkeel::bench

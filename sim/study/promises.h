// What a scenario's protocol promises, as its results tell it.
#pragma once

#include "sim/metrics/mpc_result.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

/// Fills in the words; none where the scenario has no section 'mpc'.
void state_promises(MpcResult& result, const Scenario& scenario);

}  // namespace evenkeel

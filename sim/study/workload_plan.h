// What a scenario's devices ask for, as the workload wants it told.
#pragma once

#include "sim/deployment/deployment.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/graph.h"
#include "sim/workload/workload.h"

namespace evenkeel {

WorkloadPlan plan_workload(const Scenario& scenario, const Deployment& deployment,
                           const Graph& graph, std::uint64_t seed);

}  // namespace evenkeel

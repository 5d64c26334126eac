// Names of places, tiers and links in a scenario, checked once its topology is there.
#pragma once

#include <vector>

#include "sim/scenario/mistake.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/graph.h"

namespace evenkeel {

/// Every name that the graph does not know, sorted by place; also selectors that ask for more
/// places than there are, and nodes named in faults that stand nowhere.
std::vector<Mistake> unknown_names(const Scenario& scenario, const Graph& graph);

/// ScenarioErrors if `unknown_names` finds any.
void check_names(const Scenario& scenario, const Graph& graph);

}  // namespace evenkeel

// From a document to a scenario: every mistake in one go, each with its place.
#pragma once

#include <vector>

#include "sim/scenario/document.h"
#include "sim/scenario/mistake.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

/// Everything that is wrong with the document, sorted by place; also with each value that
/// `compare.vary` would set. Names of places are checked by `check_names`, once there is a graph.
std::vector<Mistake> validate(const ScenarioDocument& document);

/// The scenario. ScenarioErrors if anything is wrong.
Scenario read(const ScenarioDocument& document);

/// Adds names of populations, classes, node kinds and baselines that the scenario does not define.
void check_references(const Scenario& scenario, std::vector<Mistake>& mistakes);

}  // namespace evenkeel

// What tells runs of one study from those of another.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/document.h"

namespace evenkeel {

/// The scenario but for what no run depends on: comparison, question, charts.
ScenarioDocument without_comparison(ScenarioDocument document);

/// 32 hexadecimal digits that change with anything that runs depend on: what `without_comparison`
/// leaves, and the content of the files (or folders of files) that the scenario names. UserError if
/// one cannot be read.
std::string study_hash(const ScenarioDocument& document, std::vector<std::string> files);

}  // namespace evenkeel

// A comparison as text for a terminal, and as one JSON object.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/study/comparison.h"

namespace evenkeel {

struct ComparisonView {
  StudyInfo info = {};
  std::vector<VariantRuns> variants = {};
  std::string result_path = {};
};

/// The question, how it was run, two tables (what was measured; the verdicts), those of multi-party
/// computations where there are any, and what follows in plain words. At most 100 columns.
std::string to_text(const ComparisonView& view);

/// {scenario, question, variants, comparisons, runs}; the runs as `to_json` gives them, NaN as
/// null.
nlohmann::json to_json(const ComparisonView& view);

}  // namespace evenkeel

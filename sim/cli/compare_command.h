// `evenkeel compare`: one scenario under each combination of the varied values and under several
// seeds, and what may be concluded from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace evenkeel {

struct CompareOptions {
  std::string scenario = {};
  std::vector<std::string> vary = {};  // "path=v1,v2,..."; replaces the scenario's own
  std::vector<std::string> sets = {};  // "path=value"
  std::optional<int> seeds = {};
  std::optional<int> jobs = {};  // default: cores
  std::optional<std::string> baseline = {};
  std::optional<std::string> out = {};  // default: result-<name>.evenkeel
  bool json = false;
  std::string progress = "text";  // or json
};

/// The exit code: 0; 1 if a run failed; 130 if it was interrupted. What is finished is kept in the
/// result file either way, and the same command continues there. UserError for mistakes in the
/// options and the scenario, all before anything runs.
int compare_command(const CompareOptions& options);

}  // namespace evenkeel

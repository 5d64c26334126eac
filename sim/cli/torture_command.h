// `evenkeel torture`: a scenario under random faults, seed after seed, with all invariants.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace evenkeel {

struct TortureOptions {
  std::string scenario = {};
  std::vector<std::string> sets = {};     // "path=value"
  std::optional<std::string> seeds = {};  // "A..B", or one
  std::optional<int> jobs = {};           // default: cores
  std::optional<std::string> time = {};   // "10min": no new run starts after it
  bool keep_going = false;
  bool plan = false;  // only print what would break
};

/// The exit code: 0; 1 if an invariant broke or a run failed; 130 if it was interrupted. UserError
/// for mistakes in the options and the scenario.
int torture_command(const TortureOptions& options);

}  // namespace evenkeel

// A scenario under random faults, seed after seed, each run in a child process of its own: which
// invariants broke, which runs failed, and whether the same seed gives the same run twice.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/run_cells.h"

namespace evenkeel {

struct TortureRequest {
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 100;
  int jobs = 1;
  std::optional<double> time_s = {};  // no new run starts after it
  bool keep_going = false;            // after a failure
  /// In the child.
  std::function<RunResult(std::uint64_t seed)> run = {};
  std::function<void(const CellProgress&)> on_progress = [](const CellProgress&) {};
  std::function<bool()> is_stopped = [] { return false; };
  std::function<double()> now_s = {};  // a steady clock
};

/// One thing that went wrong with one seed.
struct TortureFailure {
  std::uint64_t seed = 0;
  std::string invariant = {};  // "run" if the run itself failed, "determinism" if it did not repeat
  double at_s = 0;             // of the run
  std::string why = {};
};

struct TortureOutcome {
  std::uint64_t runs = 0;   // seeds that were run to their end, or failed
  std::uint64_t twice = 0;  // of them, those run twice
  std::uint64_t requests = 0;
  std::map<std::string, std::uint64_t> events = {};  // by kind: what broke, and what was mended
  std::vector<TortureFailure> failures = {};         // by seed
  bool stopped = false;
};

/// One seed in a hundred, the first among them, is run twice. Stops at the first seed that fails,
/// once all seeds before it are through, unless it is to keep going: what is found does not depend
/// on the number of jobs.
TortureOutcome torture(const TortureRequest& request);

/// A number that depends on all that happened in a run: requests, events and counts.
std::uint64_t trace_of(const RunResult& result);

/// The table of what was run and what broke, with `replay(seed)` for each seed that failed.
std::string torture_text(const TortureOutcome& outcome,
                         const std::function<std::string(std::uint64_t seed)>& replay);

}  // namespace evenkeel

// A comparison before anything runs: what the user asked for, read and checked.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/result_file.h"
#include "sim/scenario/document.h"
#include "sim/scenario/scenario.h"
#include "sim/study/comparison.h"
#include "sim/study/run_cells.h"

namespace evenkeel {

struct CompareRequest {
  std::string scenario = {};
  std::vector<std::string> vary = {};  // "path=v1,v2"; any replaces the scenario's own
  std::vector<std::string> sets = {};  // "path=value"
  std::optional<int> seeds = {};
  std::optional<std::string> baseline = {};
  std::string version = {};  // of the program: its runs are kept apart from another's
};

struct ComparePlan {
  Scenario scenario = {};           // as written, settings applied
  std::vector<Choice> chosen = {};  // of each variant
  std::vector<Scenario> variants = {};
  std::vector<Cell> cells = {};  // seed by seed, so that a stopped study has pairs
  std::uint64_t seeds = 0;
  StudyInfo info = {};         // but for its directory, which depends on where it is written
  std::string directory = {};  // of the scenario's file
};

/// Finds what only the whole of a scenario shows, such as names that its topology lacks.
using ScenarioCheck = std::function<void(const Scenario&)>;

/// Every combination of values is read and checked. The runs are known by the scenario without its
/// `compare`, question and charts: more seeds or another metric run nothing again. ScenarioErrors
/// with all mistakes at once.
ComparePlan plan_comparison(const CompareRequest& request, const Catalogues& from,
                            const ScenarioCheck& check);

/// "result-city-cameras.evenkeel"
std::string default_result_path(const Scenario& scenario);

/// As one word of a shell command.
std::string quoted_for_shell(const std::string& word);

/// The shell command that runs one cell alone.
std::string replay_command(const CompareRequest& request, const Cell& cell);

}  // namespace evenkeel

// Runs the cells of a study in child processes, some at a time, and keeps each result as it
// finishes. Whatever happens, what has finished is not run again.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sim/metrics/result_file.h"
#include "sim/study/child_process.h"

namespace evenkeel {

/// One run of a study: its key in the file, and the variant that it belongs to.
struct Cell {
  RunKey key = {};
  std::size_t variant = 0;
};

struct CellProgress {
  std::size_t all = 0;
  std::size_t kept = 0;  // finished before, by an earlier call
  std::size_t done = 0;  // finished now, failed ones included
  std::size_t running = 0;
};

/// What becomes of a run. kept: an earlier call had finished it.
enum class CellState { kept, started, finished, failed };

struct RunCells {
  std::string out = {};  // the result file
  int jobs = 1;
  std::vector<Cell> cells = {};
  /// In the child. Its result gets the key of its cell.
  std::function<RunResult(const Cell&)> run = {};
  std::function<void(const CellProgress&)> on_progress = [](const CellProgress&) {};
  std::function<void(std::size_t cell, CellState)> on_cell = [](std::size_t, CellState) {};
  /// Asked several times a second: true stops the study, and kills what is running.
  std::function<bool()> is_stopped = [] { return false; };
};

struct CellFailure {
  std::size_t cell = 0;
  ChildEnd end = {};
};

struct CellsOutcome {
  CellProgress progress = {};
  std::vector<CellFailure> failures = {};  // in the order of the cells
  bool stopped = false;
};

/// Runs what the file does not have yet. A run is in the file once it and all before it have
/// ended, so that the file does not depend on the number of jobs. UserError if the file cannot be
/// read or written, or another process runs a study into it.
CellsOutcome run_cells(const RunCells& study);

}  // namespace evenkeel

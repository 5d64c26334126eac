// Runs the cells of a study in child processes, some at a time, and keeps each result as it
// finishes. Whatever happens, what has finished is not run again.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
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
  double underway = 0;  // the shares of those that run, added up
  double left_s = std::numeric_limits<double>::quiet_NaN();  // about; NaN: nothing was measured
};

/// What becomes of a run. kept: an earlier call had finished it.
enum class CellState { kept, started, finished, failed };

/// Tells what share of a run is over, 0 .. 1. Cheap; for the child.
using ShareTold = std::function<void(double)>;

/// Seconds of a steady clock.
double steady_now_s();

struct RunCells {
  std::string out = {};  // the result file
  int jobs = 1;
  std::vector<Cell> cells = {};
  /// In the child. Its result gets the key of its cell.
  std::function<RunResult(const Cell&, const ShareTold&)> run = {};
  std::function<void(const CellProgress&)> on_progress = [](const CellProgress&) {};
  std::function<void(std::size_t cell, CellState)> on_cell = [](std::size_t, CellState) {};
  /// A run has come a percent further, or more.
  std::function<void(std::size_t cell, double share)> on_share = [](std::size_t, double) {};
  std::function<double()> now_s = steady_now_s;
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

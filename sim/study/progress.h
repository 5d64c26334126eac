// A bar with the time left on a terminal; elsewhere a line now and then.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "sim/study/run_cells.h"

namespace evenkeel {

/// "12 of 40 runs (4 from before), 2 running, about 3 min left". The rate is that of the runs
/// finished since the start.
std::string progress_text(const CellProgress& progress, double elapsed_s);

class ProgressBar {
 public:
  /// `now_s` is a steady clock.
  ProgressBar(std::ostream& out, bool is_terminal, std::function<double()> now_s);
  /// Clears the bar.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const CellProgress& progress);

 private:
  std::ostream& out_;
  bool is_terminal_;
  std::function<double()> now_s_;
  double started_s_;
  double next_line_s_;
};

/// The same for programs: one JSON object a line, `event` says which.
///   plan:     all the runs, by number:
///   {"event":"plan","result":..,"cells":[{"seed":..,"chosen":{..}}]} cell:     what became of one:
///   {"event":"cell","cell":3,"state":"kept|started|finished|failed"} progress:
///   {"event":"progress","all":..,"kept":..,"done":..,"running":..,"elapsed_s":..,
///             "left_s":.. or null}; after each change, and at most twice a second otherwise
class ProgressLines {
 public:
  ProgressLines(std::ostream& out, std::function<double()> now_s);

  void plan(const std::string& result, const std::vector<Cell>& cells);
  void cell(std::size_t cell, CellState state);
  void show(const CellProgress& progress);

 private:
  std::ostream& out_;
  std::function<double()> now_s_;
  double started_s_;
  double next_s_ = 0;
  bool changed_ = true;
};

}  // namespace evenkeel

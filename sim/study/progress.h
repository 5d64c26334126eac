// A bar with the time left on a terminal; elsewhere a line now and then.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "sim/study/run_cells.h"

namespace evenkeel {

/// "12 of 40 runs (4 from before), 2 running, about 3 min left". Where the progress does not say
/// how long, the rate is that of the runs finished since the start.
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
///   {"event":"plan","result":..,"cells":[{"seed":..,"chosen":{..}}]}: all the runs, by number
///   {"event":"cell","cell":3,"state":"kept|started|finished|failed"}: what became of one
///   {"event":"share","cell":3,"share":0.42}: how much of one that runs is over
///   {"event":"progress","all":..,"kept":..,"done":..,"running":..,"elapsed_s":..,
///    "left_s":.. or null}: after each change, and at most twice a second otherwise
class ProgressLines {
 public:
  ProgressLines(std::ostream& out, std::function<double()> now_s);

  void plan(const std::string& result, const std::vector<Cell>& cells);
  void cell(std::size_t cell, CellState state);
  void share(std::size_t cell, double share);
  void show(const CellProgress& progress);

 private:
  std::ostream& out_;
  std::function<double()> now_s_;
  double started_s_;
  double next_s_ = 0;
  bool changed_ = true;
};

}  // namespace evenkeel

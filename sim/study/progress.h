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

}  // namespace evenkeel

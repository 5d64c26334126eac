// Where child processes leave finished runs until they are merged into the study's file: a folder
// beside it, each run in a small result file of its own. What a killed study left there is found by
// the next one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "sim/metrics/result_file.h"

namespace evenkeel {

class FinishedRuns {
 public:
  /// Makes the folder `<out>.parts`. UserError if it cannot, or if another process works on it.
  explicit FinishedRuns(const std::string& out);
  /// Removes the folder and all that is in it.
  ~FinishedRuns();
  FinishedRuns(const FinishedRuns&) = delete;
  FinishedRuns& operator=(const FinishedRuns&) = delete;

  /// Merges whole runs that an earlier process left, where `wanted`; removes all others.
  void recover(const std::function<bool(const RunKey&)>& wanted);

  /// In the child: the run is kept once this returns.
  void put(std::size_t number, const RunResult& result) const;
  /// In the parent: moves the run into the study's file, in one transaction.
  void merge(std::size_t number);

 private:
  std::string part(std::size_t number) const;

  std::string out_;
  std::string folder_;
  int lock_ = -1;
};

}  // namespace evenkeel

// How long the rest of a study takes, by what its runs have taken so far: finished ones, and those
// that have come far enough to be measured. Runs of one variant are taken to be alike; one of which
// nothing is known yet, to be like the mean of all others.
#pragma once

#include <cstddef>
#include <map>

namespace evenkeel {

class TimeLeft {
 public:
  /// So many runs go on at a time.
  explicit TimeLeft(std::size_t jobs) : jobs_(jobs) {}

  /// One more run of this variant is to come. `now_s` is a steady clock.
  void waits(std::size_t variant) { ++waiting_[variant]; }
  void starts(std::size_t run, std::size_t variant, double now_s);
  /// What share of the run is over, 0 .. 1. What it takes before the first share is no measure of
  /// its speed, so that one alone says nothing.
  void reaches(std::size_t run, double share, double now_s);
  /// A run that failed tells nothing of the others.
  void ends(std::size_t run, bool is_fine, double now_s);

  /// NaN as long as nothing was measured.
  double seconds(double now_s) const;

 private:
  struct Point {
    double share = 0;
    double at_s = 0;
  };
  struct Running {
    std::size_t variant = 0;
    double started_s = 0;
    Point first = {};
    Point last = {};
  };
  struct Measured {
    double sum_s = 0;
    double runs = 0;
    void add(const Measured& other) {
      sum_s += other.sum_s;
      runs += other.runs;
    }
    double mean_s() const { return sum_s / runs; }  // NaN if there are none
  };

  static double whole_run_s(const Running& run, double now_s);

  std::size_t jobs_;
  std::map<std::size_t, Running> running_;
  std::map<std::size_t, std::size_t> waiting_;  // by variant
  std::map<std::size_t, Measured> finished_;
};

}  // namespace evenkeel

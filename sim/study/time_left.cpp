#include "sim/study/time_left.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evenkeel {

void TimeLeft::starts(std::size_t run, std::size_t variant, double now_s) {
  if (waiting_[variant] > 0) --waiting_[variant];
  running_[run] = {.variant = variant, .started_s = now_s};
}

void TimeLeft::reaches(std::size_t run, double share, double now_s) {
  const auto found = running_.find(run);
  if (found == running_.end() || share <= found->second.last.share) return;
  Running& its = found->second;
  its.last = {.share = share, .at_s = now_s};
  if (its.first.share == 0) its.first = its.last;
}

void TimeLeft::ends(std::size_t run, bool is_fine, double now_s) {
  const auto found = running_.find(run);
  if (found == running_.end()) return;
  const Running& its = found->second;
  if (is_fine) finished_[its.variant].add({now_s - its.started_s, 1});
  running_.erase(found);
}

/// NaN: not known yet.
double TimeLeft::whole_run_s(const Running& run, double now_s) {
  if (run.last.share <= run.first.share) return std::numeric_limits<double>::quiet_NaN();
  const double each_s = (run.last.at_s - run.first.at_s) / (run.last.share - run.first.share);
  const double whole_s = run.first.at_s - run.started_s + each_s * (1 - run.first.share);
  return std::max(whole_s, now_s - run.started_s);
}

double TimeLeft::seconds(double now_s) const {
  std::map<std::size_t, Measured> by_variant = finished_;
  for (const auto& [number, run] : running_) {
    const double whole_s = whole_run_s(run, now_s);
    if (!std::isnan(whole_s) && !finished_.contains(run.variant))
      by_variant[run.variant].add({whole_s, 1});
  }
  Measured all;
  for (const auto& [variant, measured] : by_variant) all.add(measured);
  const auto expected_s = [&](std::size_t variant) {
    const auto found = by_variant.find(variant);
    return found == by_variant.end() ? all.mean_s() : found->second.mean_s();
  };
  double work_s = 0, longest_s = 0;
  std::size_t open = running_.size();
  for (const auto& [number, run] : running_) {
    const double whole_s = whole_run_s(run, now_s);
    const double left_s =
        (std::isnan(whole_s) ? expected_s(run.variant) : whole_s) - (now_s - run.started_s);
    work_s += std::isnan(left_s) ? left_s : std::max(0.0, left_s);
    longest_s = std::max(longest_s, left_s);
  }
  for (const auto& [variant, count] : waiting_) {
    if (count == 0) continue;
    work_s += static_cast<double>(count) * expected_s(variant);
    open += count;
  }
  if (open == 0) return 0;
  return std::max(work_s / static_cast<double>(std::min(jobs_, open)), longest_s);
}

}  // namespace evenkeel

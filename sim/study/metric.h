// The figures that a comparison can be about (`compare.metric`).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sim/metrics/run_result.h"

namespace evenkeel {

struct Metric {
  std::string name;
  std::string unit;  // as in ComparisonRow
  std::string said;  // "99 % of requests are answered within"
  bool higher_is_better = false;
  bool is_percentile = false;  // its intervals are by bootstrap
  double least_margin = 0;     // a difference up to this never matters, whatever the baseline
  std::function<double(const RunResult&)> value = {};  // NaN where the run has none
};

std::span<const Metric> comparison_metrics();
/// One of these, or a named count of the runs after `count_prefix`, of which less is better.
/// UserError, with the names that there are.
Metric metric_named(std::string_view name);

/// Of a named count of the run; 0 if it counted none.
double total_of(const RunResult& run, std::string_view count);
/// Of the requests that ended.
double lost_share(const RunResult& run);
double late_share(const RunResult& run);
/// Of the busiest node that serves.
double highest_utilisation(const RunResult& run);

}  // namespace evenkeel

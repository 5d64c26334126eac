// The figures that a comparison can be about (`compare.metric`).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sim/metrics/run_result.h"

namespace evenkeel {

struct Metric {
  std::string_view name;
  std::string_view unit;  // as in ComparisonRow
  std::string_view said;  // "99 % of requests are answered within"
  bool higher_is_better = false;
  bool is_percentile = false;  // its intervals are by bootstrap
  double least_margin = 0;     // a difference up to this never matters, whatever the baseline
  double (*value)(const RunResult&) = nullptr;  // NaN where the run has none
};

std::span<const Metric> comparison_metrics();
/// UserError, with the names that there are.
const Metric& metric_named(std::string_view name);

/// Of the requests that ended.
double lost_share(const RunResult& run);
double late_share(const RunResult& run);
double fallback_share(const RunResult& run);
/// Of the busiest node that serves.
double highest_utilisation(const RunResult& run);

}  // namespace evenkeel

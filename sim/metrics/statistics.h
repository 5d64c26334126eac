// The plain statistics of a run: percentiles, intervals, warm-up, imbalance. No state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/metrics/run_result.h"

namespace evenkeel {

/// The value below which a share `p` of `values` lies, linear between order statistics (type 7 of
/// Hyndman and Fan 1996). Reorders `values`; NaN if there are none.
double percentile(std::span<std::int64_t> values, double p);

/// Mean, percentiles and maximum in seconds of latencies in nanoseconds; ci95_mean is left open.
/// Reorders `latencies`.
LatencySummary summarise_latencies(std::span<std::int64_t> latencies);

/// Half width of the 95 % interval of the mean of a stationary, correlated sequence: the means of
/// 30 equal runs of it are taken as independent (Schmeiser 1982), Student t with 29 degrees of
/// freedom. What does not fill the runs is left off at the start. NaN below 60 values.
double batch_means_ci95(std::span<const double> values);

/// How many of the first batches the rule MSER (White 1997, "An effective truncation heuristic for
/// bias reduction in simulation output") cuts: the d in [0, n/2] with the least
/// sum over i >= d of (Z_i - mean)^2 / (n - d)^2, the first one of equals.
struct Truncation {
  std::size_t batches = 0;
  bool doubtful = false;  // the least is at n/2: the sequence never settled
};
Truncation mser(std::span<const double> batch_means);

Imbalance imbalance_of(std::span<const double> loads);

}  // namespace evenkeel

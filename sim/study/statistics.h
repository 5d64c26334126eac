// What may be concluded from few independent values, one a seed: intervals and sample sizes.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace evenkeel {

/// A mean and its 95 % interval; low and high are NaN below two values, all are NaN without any.
struct Estimate {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  std::size_t values = 0;

  bool has_interval() const { return values >= 2; }
};

/// By Student's t with n - 1 degrees of freedom.
Estimate t_estimate(std::span<const double> values);

/// By the bootstrap of the mean, for values that are far from normal, such as percentiles of runs:
/// the expanded percentile interval of Hesterberg (2015, "What teachers should know about the
/// bootstrap", section 4.3), whose level is widened so that it is not too narrow for few values.
/// Below 8 values, of which resampling cannot show enough, the same as t_estimate. Deterministic.
Estimate bootstrap_estimate(std::span<const double> values);

/// How many more values would decide, if mean and spread stayed as they are: the interval (Student
/// t) would then either leave out 0 or lie within +-margin. Empty below two values, and above
/// 10,000.
std::optional<std::size_t> more_to_decide(std::span<const double> differences, double margin);

}  // namespace evenkeel

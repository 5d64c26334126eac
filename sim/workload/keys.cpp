#include "sim/workload/keys.h"

#include <algorithm>
#include <cmath>

#include "models/runtime/check.h"
#include "models/runtime/portable_math.h"
#include "sim/workload/growth.h"

namespace evenkeel {
Keys::Keys(std::uint64_t count, double exponent) : count_(count), exponent_(exponent) {
  EVENKEEL_CHECK(count >= 1 && count <= max_count, "keys are 1 to 2^53");
  EVENKEEL_CHECK(exponent >= 0 && exponent <= max_exponent, "Zipf's exponent is 0 to 100");
  if (exponent == 0) return;
  integral_first_ = integral(1.5) - 1;
  integral_last_ = integral(static_cast<double>(count) + 0.5);
  shortcut_ = 2 - integral_inverse(integral(2.5) - weight(2));
}

// h(x) = x^-s, its integral H(x) = (x^(1-s) - 1) / (1-s), or log x where s = 1, and the inverse of
// H.
double Keys::weight(double x) const { return portable::exp(-exponent_ * portable::log(x)); }

double Keys::integral(double x) const {
  const double log_x = portable::log(x);
  return growth((1 - exponent_) * log_x) * log_x;
}

double Keys::integral_inverse(double y) const {
  const double t = std::max(-1.0, y * (1 - exponent_));
  return portable::exp(log_growth(t) * y);
}

std::uint64_t Keys::sample(Random& random) const {
  if (exponent_ == 0) return count_ == 1 ? 0 : random.below(count_);
  while (true) {
    const double u = integral_last_ + random.uniform() * (integral_first_ - integral_last_);
    const double x = integral_inverse(u);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, static_cast<double>(count_));
    if (rank - x <= shortcut_ || u >= integral(rank + 0.5) - weight(rank))
      return static_cast<std::uint64_t>(rank) - 1;
  }
}

}  // namespace evenkeel

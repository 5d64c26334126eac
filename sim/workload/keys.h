// The key of a request: one of n, uniform or by Zipf's law. Constant time and memory for any n:
// rejection-inversion of Hormann & Derflinger, "Rejection-inversion to generate variates from
// monotone discrete distributions", ACM TOMACS 6(3), 1996.
#pragma once

#include <cstdint>

#include "models/runtime/random.h"

namespace evenkeel {

class Keys {
 public:
  static constexpr std::uint64_t max_count = std::uint64_t{1} << 53;
  static constexpr double max_exponent = 100;

  /// Keys 0 .. count-1; P(key = k) is in proportion to (k+1)^-exponent; 0: uniform.
  /// count in 1 .. max_count, exponent in 0 .. max_exponent.
  explicit Keys(std::uint64_t count = 1, double exponent = 0);

  std::uint64_t sample(Random& random) const;

 private:
  double weight(double x) const;
  double integral(double x) const;
  double integral_inverse(double x) const;

  std::uint64_t count_;
  double exponent_;
  double integral_first_ = 0;  // H(1.5) - h(1)
  double integral_last_ = 0;   // H(count + 0.5)
  double shortcut_ = 0;        // s of the paper: accept at once below it
};

}  // namespace evenkeel

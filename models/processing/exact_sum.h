// Sums of doubles without rounding errors: the exact sum as an expansion of doubles that do not
// overlap (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997, section 2), rounded once
// at the end. So sums do not depend on order, and partial sums merge exactly.
#pragma once

#include <vector>

namespace evenkeel {

class ExactSum {
 public:
  void add(double x);
  void merge(const ExactSum& other);
  /// Correctly rounded.
  double value() const;
  /// The same for all sums with one value: its nearest double, then that of the rest, and so on.
  std::vector<double> terms() const;
  /// False, and nothing changed, if these are no terms of a sum.
  bool set_terms(const std::vector<double>& terms);

 private:
  std::vector<double> partials_;  // ascending by magnitude, none zero
};

}  // namespace evenkeel

// From values to places on an axis, and the round values to mark there.
#pragma once

#include <vector>

namespace evenkeel::report {

class Scale {
 public:
  /// Both widen the range to round values. A log scale needs values above zero.
  static Scale linear(double low, double high, int ticks = 5);
  static Scale log(double low, double high);

  /// The same scale for values in another unit.
  Scale times(double factor) const;
  /// Where `low` and `high` are to lie.
  Scale onto(double from, double to) const;

  /// Values outside the range are put on its edge.
  double operator()(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  bool is_log_ = false;
  double low_ = 0;
  double high_ = 1;
  double from_ = 0;
  double to_ = 1;
  std::vector<double> ticks_;
};

}  // namespace evenkeel::report

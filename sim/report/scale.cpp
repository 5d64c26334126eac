#include "sim/report/scale.h"

#include <algorithm>
#include <cmath>

namespace evenkeel::report {
namespace {

/// The least of 1, 2, 5 times a power of ten that is not below `value`.
double nice_above(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= value * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

double nice_below(double value) {
  const double power = std::pow(10, std::floor(std::log10(value) + 1e-12));
  for (const double digit : {5.0, 2.0}) {
    if (digit * power <= value * (1 + 1e-9)) return digit * power;
  }
  return power;
}

/// The powers of ten within the range; with 2 and 5 times them where it is short.
std::vector<double> log_ticks(double low, double high) {
  const double decades = std::log10(high / low);
  std::vector<double> ticks;
  const auto every = static_cast<int>(std::ceil(decades / 10));
  for (int exponent = static_cast<int>(std::floor(std::log10(low) + 1e-9));
       std::pow(10, exponent) <= high * (1 + 1e-9); ++exponent) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * std::pow(10, exponent);
      const bool wanted = digit == 1 ? exponent % std::max(every, 1) == 0 : decades <= 3.2;
      if (wanted && tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

Scale Scale::linear(double low, double high, int ticks) {
  if (!(high > low)) high = low + (low == 0 ? 1 : std::abs(low));
  const double step = nice_above((high - low) / ticks);
  Scale scale;
  scale.low_ = std::floor(low / step + 1e-9) * step;
  scale.high_ = std::ceil(high / step - 1e-9) * step;
  const auto steps = static_cast<int>(std::lround((scale.high_ - scale.low_) / step));
  for (int i = 0; i <= steps; ++i) scale.ticks_.push_back(scale.low_ + i * step);
  return scale;
}

Scale Scale::log(double low, double high) {
  Scale scale;
  scale.is_log_ = true;
  scale.low_ = nice_below(low);
  scale.high_ = nice_above(std::max(high, low));
  if (scale.high_ < scale.low_ * 1.5) scale.high_ = nice_above(scale.low_ * 1.5);
  scale.ticks_ = log_ticks(scale.low_, scale.high_);
  return scale;
}

Scale Scale::times(double factor) const {
  Scale scale = *this;
  scale.low_ *= factor;
  scale.high_ *= factor;
  for (double& tick : scale.ticks_) tick *= factor;
  return scale;
}

Scale Scale::onto(double from, double to) const {
  Scale scale = *this;
  scale.from_ = from;
  scale.to_ = to;
  return scale;
}

double Scale::operator()(double value) const {
  const double within = std::clamp(value, low_, high_);
  const double part =
      is_log_ ? std::log(within / low_) / std::log(high_ / low_) : (within - low_) / (high_ - low_);
  return from_ + part * (to_ - from_);
}

}  // namespace evenkeel::report

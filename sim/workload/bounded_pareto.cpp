// Pareto between two bounds: density in proportion to x^-(alpha+1) on [min, max]. The usual model
// of job sizes where a few make up much of the load (Harchol-Balter, "Performance Modeling and
// Design of Computer Systems", 2013, chapter 20).
#include <algorithm>
#include <cmath>

#include "models/runtime/portable_math.h"
#include "sim/workload/amounts.h"
#include "sim/workload/growth.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

/// E[X^k] / min^k as a function of r = max/min:
/// alpha / (1 - r^-alpha) times the integral of x^(k-alpha-1) over [1, r].
double relative_moment(double alpha, double k, double log_ratio) {
  const double exponent = (k - alpha) * log_ratio;
  return growth(exponent) / growth(-alpha * log_ratio);
}

class BoundedPareto final : public Distribution {
 public:
  struct Settings {
    double alpha = 1.5;
    double min = 0.1;
    double max = 100;
    double mean = 0;

    void describe(Fields& fields) {
      constexpr double default_min = 0.1;
      fields.number("alpha", alpha, Unit::none, {"the tail: P(X > x) falls as x^-alpha", 0.01, 20});
      fields.number("min", min, Unit::work, {"the least amount", least_amount, max_amount});
      fields.number("max", max, Unit::work, {"the largest amount", least_amount, max_amount});
      fields.number("mean", mean, Unit::work,
                    {"instead of min: the mean; 0: from min", 0, max_amount});
      if (mean > 0 && min != default_min) fields.refuse("mean", "give either min or mean");
      if (mean >= max) fields.refuse("mean", "must be below max");
      if (mean == 0 && min >= max) fields.refuse("min", "must be below max");
      if (mean > 0 && mean < max && !reachable())
        fields.refuse("mean", "is too small for this alpha and max");
    }

   private:
    bool reachable() const { return std::abs(BoundedPareto{*this}.mean() - mean) <= 1e-9 * mean; }
  };

  explicit BoundedPareto(const Settings& settings)
      : alpha_(settings.alpha),
        min_(settings.mean > 0 ? min_for(settings) : settings.min),
        max_(settings.max),
        log_ratio_(portable::log(max_ / min_)),
        survival_(portable::exp(-alpha_ * log_ratio_)) {}

  double sample(Random& random) const override {
    const double u = random.uniform();  // F(x) = (1 - (min/x)^alpha) / (1 - (min/max)^alpha)
    const double x = min_ * portable::exp(-portable::log(1 - u * (1 - survival_)) / alpha_);
    return std::clamp(x, min_, max_);
  }
  double mean() const override { return min_ * relative_moment(alpha_, 1, log_ratio_); }
  double cv2() const override {
    const double first = relative_moment(alpha_, 1, log_ratio_);
    return std::max(0.0, relative_moment(alpha_, 2, log_ratio_) / (first * first) - 1);
  }

 private:
  /// The mean grows with min, so bisection (of its logarithm) finds it.
  static double min_for(const Settings& settings) {
    double low = 0;  // of ln(max / min)
    double high = 300;
    for (int step = 0; step < 200; ++step) {
      const double middle = (low + high) / 2;
      const double mean =
          settings.max * portable::exp(-middle) * relative_moment(settings.alpha, 1, middle);
      (mean > settings.mean ? low : high) = middle;
    }
    return settings.max * portable::exp(-low);
  }

  double alpha_;
  double min_;
  double max_;
  double log_ratio_;
  double survival_;  // (min/max)^alpha
};

const Registered entry{service_times(), distribution_entry<BoundedPareto>(
                                            "bounded_pareto", "a power law between two bounds")};

}  // namespace
}  // namespace evenkeel

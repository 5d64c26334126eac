// Gamma by its mean and shape (cv^2 = 1/shape); Erlang-k is shape k.
// Marsaglia & Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000.
#include "sim/workload/gamma.h"

#include <cmath>

#include "models/runtime/portable_math.h"
#include "sim/workload/amounts.h"
#include "sim/workload/service.h"

namespace evenkeel {

double standard_gamma(double shape, Random& random) {
  if (shape < 1) {
    // Gamma(a) = Gamma(a+1) U^(1/a), section 6 of the paper.
    const double larger = standard_gamma(shape + 1, random);
    return larger * portable::exp(-random.exponential() / shape);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = random.normal();
    const double t = 1 + c * x;
    if (t <= 0) continue;
    const double v = t * t * t;
    if (-random.exponential() < 0.5 * x * x + d - d * v + d * portable::log(v)) return d * v;
  }
}

namespace {

class Gamma final : public Distribution {
 public:
  struct Settings {
    double mean = 1;
    double cv = 0.5;
    double shape = 0;

    void describe(Fields& fields) {
      constexpr double default_cv = 0.5;
      fields.number("mean", mean, Unit::work, {"the mean", least_amount, max_amount});
      fields.number("cv", cv, Unit::none,
                    {"coefficient of variation: standard deviation / mean", 0.01, 30});
      fields.number("shape", shape, Unit::none,
                    {"instead of cv: 1/cv^2, the k of Erlang-k; 0: from cv", 0, 1e4});
      if (shape > 0 && cv != default_cv) fields.refuse("shape", "give either cv or shape");
      if (shape > 0 && shape < 1e-3)
        fields.refuse("shape", "must be 0 (take it from cv) or at least 0.001");
    }
  };

  explicit Gamma(const Settings& settings)
      : mean_(settings.mean),
        shape_(settings.shape > 0 ? settings.shape : 1 / (settings.cv * settings.cv)) {}

  double sample(Random& random) const override {
    return mean_ / shape_ * standard_gamma(shape_, random);
  }
  double mean() const override { return mean_; }
  double cv2() const override { return 1 / shape_; }

 private:
  double mean_;
  double shape_;
};

const Registered entry{service_times(),
                       distribution_entry<Gamma>("gamma", "by cv or shape; shape k is Erlang-k")};

}  // namespace
}  // namespace evenkeel

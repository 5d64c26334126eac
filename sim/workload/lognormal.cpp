// Lognormal by its mean and coefficient of variation: exp(m + s N) with s^2 = ln(1 + cv^2) and
// m = ln(mean) - s^2/2.
#include <cmath>

#include "models/runtime/portable_math.h"
#include "sim/workload/amounts.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

class Lognormal final : public Distribution {
 public:
  struct Settings {
    double mean = 1;
    double cv = 1;

    void describe(Fields& fields) {
      fields.number("mean", mean, Unit::work, {"the mean", least_amount, max_amount});
      fields.number("cv", cv, Unit::none,
                    {"coefficient of variation: standard deviation / mean", 0, 100});
    }
  };

  explicit Lognormal(const Settings& settings)
      : settings_(settings),
        variance_(portable::log(1 + cv2())),
        sigma_(std::sqrt(variance_)),
        median_(settings.mean / std::sqrt(1 + cv2())) {}

  double sample(Random& random) const override {
    return median_ * portable::exp(sigma_ * random.normal());
  }
  double mean() const override { return settings_.mean; }
  double cv2() const override { return settings_.cv * settings_.cv; }

 private:
  Settings settings_;
  double variance_;  // of the logarithm
  double sigma_;
  double median_;
};

const Registered entry{
    service_times(),
    distribution_entry<Lognormal>("lognormal", "the exponential of a normal; a heavy tail")};

}  // namespace
}  // namespace evenkeel

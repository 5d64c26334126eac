// Exponential: no memory, coefficient of variation 1.
#include "sim/workload/amounts.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

class Exponential final : public Distribution {
 public:
  struct Settings {
    double mean = 1;

    void describe(Fields& fields) {
      fields.number("mean", mean, Unit::work, {"the mean", least_amount, max_amount});
    }
  };

  explicit Exponential(const Settings& settings) : mean_(settings.mean) {}

  double sample(Random& random) const override { return mean_ * random.exponential(); }
  double mean() const override { return mean_; }
  double cv2() const override { return 1; }

 private:
  double mean_;
};

const Registered entry{
    service_times(),
    distribution_entry<Exponential>("exponential", "memoryless; coefficient of variation 1")};

}  // namespace
}  // namespace evenkeel

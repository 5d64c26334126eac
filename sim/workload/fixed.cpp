// Always the same amount.
#include "sim/workload/amounts.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

class Fixed final : public Distribution {
 public:
  struct Settings {
    double value = 1;

    void describe(Fields& fields) {
      fields.number("value", value, Unit::work, {"the amount, each time", 0, max_amount});
    }
  };

  explicit Fixed(const Settings& settings) : value_(settings.value) {}

  double sample(Random&) const override { return value_; }
  double mean() const override { return value_; }
  double cv2() const override { return 0; }

 private:
  double value_;
};

const Registered entry{service_times(), distribution_entry<Fixed>("fixed", "always the same")};

}  // namespace
}  // namespace evenkeel

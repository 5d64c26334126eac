// Two amounts: mostly the small one, sometimes the large one.
#include "sim/workload/amounts.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

class Bimodal final : public Distribution {
 public:
  struct Settings {
    double small = 1;
    double large = 10;
    double share = 0.1;

    void describe(Fields& fields) {
      fields.number("small", small, Unit::work, {"the small amount", 0, max_amount});
      fields.number("large", large, Unit::work, {"the large amount", 0, max_amount});
      fields.number("share", share, Unit::none, {"how likely the large one is", 0, 1});
      if (small > large) fields.refuse("small", "must not be above large");
    }
  };

  explicit Bimodal(const Settings& settings) : settings_(settings) {}

  double sample(Random& random) const override {
    return random.chance(settings_.share) ? settings_.large : settings_.small;
  }
  double mean() const override {
    return settings_.small + settings_.share * (settings_.large - settings_.small);
  }
  double cv2() const override {
    const double gap = settings_.large - settings_.small;
    const double variance = settings_.share * (1 - settings_.share) * gap * gap;
    return mean() > 0 ? variance / (mean() * mean()) : 0;
  }

 private:
  Settings settings_;
};

const Registered entry{service_times(),
                       distribution_entry<Bimodal>("bimodal", "one of two amounts")};

}  // namespace
}  // namespace evenkeel

// How many of all values, or of all totals over the owners, are above a public threshold; or which.
#include <cmath>
#include <limits>

#include "models/mpc/functions/interval_test.h"

namespace evenkeel {
namespace {

class Threshold final : public IntervalTest {
 public:
  struct Settings {
    double above = 0;
    IntervalTest::Settings test = {};
    void describe(Fields& fields) {
      fields.number("above", above, Unit::none, {"what must be exceeded"});
      test.describe(fields);
    }
  };
  explicit Threshold(const Settings& settings)
      : IntervalTest(settings.test), above_(settings.above) {}

 private:
  bool contains(double value) const override { return value > above_; }
  Interval interval(double units_in_one) const override {
    return {std::floor(above_ * units_in_one) + 1, std::numeric_limits<double>::infinity()};
  }

  double above_;
};

const Registered entry{functions(),
                       function_entry<Threshold>("threshold", "how many are above a threshold")};

}  // namespace
}  // namespace evenkeel

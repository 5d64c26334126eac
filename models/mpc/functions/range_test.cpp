// How many of all values, or of all totals over the owners, are in a public range: lowest <= x <
// end; or which.
#include <cmath>

#include "models/mpc/functions/interval_test.h"

namespace evenkeel {
namespace {

class RangeTest final : public IntervalTest {
 public:
  struct Settings {
    double lowest = 0;
    double end = 1000;
    IntervalTest::Settings test = {};
    void describe(Fields& fields) {
      fields.number("lowest", lowest, Unit::none, {"the least that is in the range"});
      fields.number(
          "end", end, Unit::none,
          {"the least above it that is not; nothing is in the range unless this is more"});
      test.describe(fields);
    }
  };
  explicit RangeTest(const Settings& settings)
      : IntervalTest(settings.test), lowest_(settings.lowest), end_(settings.end) {}

 private:
  bool contains(double value) const override { return lowest_ <= value && value < end_; }
  Interval interval(double units_in_one) const override {
    return {std::ceil(lowest_ * units_in_one), std::ceil(end_ * units_in_one)};
  }

  double lowest_;
  double end_;
};

const Registered entry{functions(),
                       function_entry<RangeTest>("range_test", "how many are in a range")};

}  // namespace
}  // namespace evenkeel

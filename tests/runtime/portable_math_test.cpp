// Our log, exp and pow against the C library's, in units of the last place.
#include "models/runtime/portable_math.h"

#include <gmock/gmock.h>
#include <bit>
#include <cmath>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

/// How many doubles lie between the two.
double ulps(double x, double y) {
  if (x == y) return 0;
  const double spacing = std::nextafter(std::abs(y), INFINITY) - std::abs(y);
  return std::abs(x - y) / spacing;
}

TEST(PortableMath, LogIsWithinTwoUlpOfTheCLibrary) {
  Random random{1};
  double worst = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const double x =
        i % 2 == 0 ? 1 - random.uniform()
                   : std::ldexp(1 + random.uniform(), static_cast<int>(random.below(2000)) - 1000);
    worst = std::max(worst, ulps(portable::log(x), std::log(x)));
  }
  EXPECT_LE(worst, 2);
}

TEST(PortableMath, ExpIsWithinTwoUlpOfTheCLibrary) {
  Random random{2};
  double worst = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const double x = i % 2 == 0 ? random.uniform() * 2 - 1 : random.uniform() * 1400 - 700;
    worst = std::max(worst, ulps(portable::exp(x), std::exp(x)));
  }
  EXPECT_LE(worst, 2);
}

TEST(PortableMath, PowIsAsExactAsItsExponentAllows) {
  Random random{3};
  for (int i = 0; i < 1'000'000; ++i) {
    const double x = 10 * random.uniform();
    const double y = 20 * random.uniform() - 10;
    const double bound = 2 + 2 * std::abs(y * std::log(x));
    ASSERT_LE(ulps(portable::pow(x, y), std::pow(x, y)), bound) << x << " ^ " << y;
  }
}

TEST(PortableMath, HasTheLimitsOfTheCLibrary) {
  EXPECT_EQ(portable::log(0), -INFINITY);
  EXPECT_EQ(portable::log(1), 0);
  EXPECT_EQ(portable::log(INFINITY), INFINITY);
  EXPECT_EQ(portable::exp(0), 1);
  EXPECT_EQ(portable::exp(1000), INFINITY);
  EXPECT_EQ(portable::exp(-1000), 0);
  EXPECT_EQ(portable::pow(2, 0), 1);
  EXPECT_EQ(portable::pow(0, 2), 0);
  EXPECT_TRUE(std::isnan(portable::log(NAN)));
  EXPECT_TRUE(std::isnan(portable::exp(NAN)));
  const double tiny = std::numeric_limits<double>::denorm_min();
  EXPECT_LE(ulps(portable::log(tiny), std::log(tiny)), 2);
}

}  // namespace
}  // namespace evenkeel

// Distances and portable functions against the C library, and against known lengths.
#include "sim/topology/geo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "models/runtime/random.h"
#include "sim/topology/text.h"

namespace evenkeel {
namespace {

TEST(PortableSine, AgreesWithTheCLibrary) {
  // The library's argument is off by up to 4e-16 itself, from turning degrees into radians.
  for (double degrees = -360; degrees <= 360; degrees += 0.37) {
    const double radians = degrees * std::numbers::pi / 180;
    EXPECT_NEAR(portable::sin_degrees(degrees), std::sin(radians), 2e-15);
    EXPECT_NEAR(portable::cos_degrees(degrees), std::cos(radians), 2e-15);
  }
  for (double x = 0; x <= 1; x += 0.0007) EXPECT_NEAR(portable::asin(x), std::asin(x), 5e-16);
  EXPECT_DOUBLE_EQ(portable::asin(1), std::numbers::pi / 2);
}

TEST(Distance, FromPoleToPoleIsHalfAGreatCircle) {
  EXPECT_NEAR(distance_m({90, 0}, {-90, 123}), std::numbers::pi * earth_radius_m, 1e-3);
}

TEST(Distance, IsWhatTheHaversineFormulaSays) {
  Random random(1);
  const auto radians = [](double degrees) { return degrees * std::numbers::pi / 180; };
  for (int i = 0; i < 1000; ++i) {
    const Coordinates a{180 * random.uniform() - 90, 360 * random.uniform() - 180};
    const Coordinates b{180 * random.uniform() - 90, 360 * random.uniform() - 180};
    const double across = std::sin(radians(b.longitude - a.longitude) / 2);
    const double up = std::sin(radians(b.latitude - a.latitude) / 2);
    const double h =
        up * up + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * across * across;
    const double expected = 2 * earth_radius_m * std::asin(std::sqrt(h));
    EXPECT_NEAR(distance_m(a, b), expected, 1e-8 * expected + 0.2);
  }
}

TEST(Distance, OfNearPlacesIsPrecise) {
  // A ten-thousandth of a degree of a meridian: 11.1195 m.
  EXPECT_NEAR(distance_m({50, 8}, {50.0001, 8}), 11.119508, 1e-5);
  EXPECT_EQ(distance_m({50, 8}, {50, 8}), 0);
}

TEST(Text, SpellsAmountsShortly) {
  EXPECT_EQ(spelled(std::chrono::microseconds{1500}), "1.5 ms");
  EXPECT_EQ(spelled(Duration{0}), "0 ms");
  EXPECT_EQ(spelled_bandwidth(1e9), "1 Gbit/s");
  EXPECT_EQ(spelled_bandwidth(155e6), "155 Mbit/s");
  EXPECT_EQ(counted(1234567, "link", "links"), "1,234,567 links");
}

TEST(Text, ReadsNumbersStrictly) {
  EXPECT_EQ(parsed_number(" 1.5e3 "), 1500);
  EXPECT_EQ(parsed_number("+2"), 2);
  for (const char* text : {"", "x", "1,5", "1 2", "nan", "inf", "0x10", "1e999", "--1", "+-1"})
    EXPECT_FALSE(parsed_number(text).has_value()) << text;
}

TEST(Text, KnowsUnits) {
  EXPECT_EQ(bandwidth_unit("Mbit/s"), 1e6);
  EXPECT_EQ(bandwidth_unit("GBps"), 8e9);
  EXPECT_EQ(bandwidth_unit("MiBps"), 8.0 * 1024 * 1024);
  EXPECT_FALSE(bandwidth_unit("parsec").has_value());
  EXPECT_EQ(time_unit("us"), 1e-6);
}

TEST(Text, MakesNamesPrintable) {
  EXPECT_EQ(printable("  K\xC3\xB6ln\t"), "K\xC3\xB6ln");
  EXPECT_EQ(printable("a\nb"), "a b");
  EXPECT_EQ(printable("\xC3"), "\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_LE(printable(std::string(1000, 'x')).size(), 200u);
}

}  // namespace
}  // namespace evenkeel

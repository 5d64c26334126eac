// Scales, and numbers as people read them.
#include <gmock/gmock.h>

#include <cmath>

#include "sim/report/format.h"
#include "sim/report/scale.h"
#include "sim/report/svg.h"

namespace evenkeel::report {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Scale, MarksRoundValues) {
  EXPECT_THAT(Scale::linear(0, 97).ticks(), ElementsAre(0, 20, 40, 60, 80, 100));
  EXPECT_THAT(Scale::log(0.03, 0.7).ticks(),
              ElementsAre(DoubleEq(0.02), DoubleEq(0.05), DoubleEq(0.1), DoubleEq(0.2),
                          DoubleEq(0.5), DoubleEq(1)));
  EXPECT_THAT(Scale::log(1, 1e5).ticks(), ElementsAre(1, 10, 100, 1000, 1e4, 1e5));
}

TEST(Scale, PutsValuesInProportion) {
  const Scale linear = Scale::linear(0, 100).onto(50, 250);
  EXPECT_DOUBLE_EQ(linear(25), 100);
  EXPECT_DOUBLE_EQ(linear(1000), 250);
  const Scale log = Scale::log(1, 1e4).onto(0, 400);
  EXPECT_DOUBLE_EQ(log(100), 200);
  EXPECT_DOUBLE_EQ(log(0), 0);
}

TEST(Scale, SurvivesARangeOfNothing) {
  for (const double value : {0.0, 3.0, -2.0, 1e-9, 1e12}) {
    const Scale scale = Scale::linear(value, value);
    EXPECT_LT(scale.low(), scale.high());
    EXPECT_GE(scale.ticks().size(), 2U);
  }
  const Scale log = Scale::log(2, 2);
  EXPECT_LT(log.low(), log.high());
}

TEST(Format, ChoosesTheUnit) {
  EXPECT_EQ(time(0.01234), "12.3 ms");
  EXPECT_EQ(time(2), "2 s");
  EXPECT_EQ(time(3.2e-6), "3.2 µs");
  EXPECT_EQ(time(0.99999), "1 s");
  EXPECT_EQ(time(std::nan("")), "–");
  EXPECT_EQ(time_with_interval(0.0123, 0.00041), "12.3 ± 0.41 ms");
  EXPECT_EQ(energy(1234), "1.23 kJ");
  EXPECT_EQ(share(0.1234), "12.3 %");
  EXPECT_EQ(number(1250000), "1\u202f250\u202f000");
  EXPECT_EQ(number(-123), "-123");
  EXPECT_EQ(plain(0.5), "0.5");
}

TEST(Format, EscapesMarkupAndWhatIsNoText) {
  EXPECT_EQ(escaped("a<b>&\"c\"'"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;");
  EXPECT_EQ(escaped("ü€😀"), "ü€😀");
  EXPECT_EQ(escaped("\x01\xff\xc3"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // half a surrogate pair
}

TEST(Format, ShortensByCharacters) {
  EXPECT_EQ(shortened("Überlänge", 4), "Übe…");
  EXPECT_EQ(shortened("kurz", 4), "kurz");
}

TEST(HeatColour, RunsFromDarkToBright) {
  EXPECT_EQ(heat_colour(0), "#440154");
  EXPECT_EQ(heat_colour(1), "#fde725");
  EXPECT_EQ(heat_colour(-5), heat_colour(0));
}

TEST(SeriesInk, DiffersInColourOrDash) {
  EXPECT_EQ(series_ink(1).colour, series_ink(9).colour);
  EXPECT_NE(series_ink(1).dash, series_ink(9).dash);
  EXPECT_THAT(series_ink(3).colour, HasSubstr("--c3"));
}

}  // namespace
}  // namespace evenkeel::report

// The table of units against plain arithmetic.
#include "sim/scenario/quantity.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

struct Written {
  const char* text;
  Unit unit;
  double value;
};

const Written table[] = {
    {"1 ns", Unit::time, 1e-9},
    {"1 us", Unit::time, 1e-6},
    {"20 ms", Unit::time, 0.02},
    {"1.5 s", Unit::time, 1.5},
    {"2 min", Unit::time, 120},
    {"1 h", Unit::time, 3600},
    {"1 d", Unit::time, 86400},
    {"7 B", Unit::bytes, 7},
    {"180 kB", Unit::bytes, 180'000},
    {"2 MB", Unit::bytes, 2'000'000},
    {"3 GB", Unit::bytes, 3e9},
    {"1 TB", Unit::bytes, 1e12},
    {"1 KiB", Unit::bytes, 1024},
    {"1 MiB", Unit::bytes, 1'048'576},
    {"1 GiB", Unit::bytes, 1'073'741'824},
    {"9 bit/s", Unit::bandwidth, 9},
    {"10 kbit/s", Unit::bandwidth, 1e4},
    {"10 Mbit/s", Unit::bandwidth, 1e7},
    {"1 Gbit/s", Unit::bandwidth, 1e9},
    {"1 MB/s", Unit::bandwidth, 8e6},
    {"5 op", Unit::work, 5},
    {"5 kop", Unit::work, 5e3},
    {"5 Mop", Unit::work, 5e6},
    {"2 Gop", Unit::work, 2e9},
    {"2 Top", Unit::work, 2e12},
    {"20 Gop/s", Unit::speed, 2e10},
    {"2 /s", Unit::rate, 2},
    {"2/s", Unit::rate, 2},
    {"30 /min", Unit::rate, 0.5},
    {"3600 /h", Unit::rate, 1},
    {"500 mW", Unit::power, 0.5},
    {"35 W", Unit::power, 35},
    {"2 kW", Unit::power, 2000},
    {"0.05 EUR/core-hour", Unit::price, 0.05},
    {"5 km", Unit::distance, 5000},
    {"36 km/h", Unit::velocity, 10},
    {"+1e3 ms", Unit::time, 1},
    {".5 s", Unit::time, 0.5},
    {"5. s", Unit::time, 5},
    {"-0.25", Unit::none, -0.25},
};

TEST(Quantity, HasTheValueThatItsUnitSays) {
  for (const Written& written : table) {
    const auto parsed = parse_quantity(written.text, written.unit);
    ASSERT_TRUE(std::holds_alternative<double>(parsed)) << written.text;
    EXPECT_DOUBLE_EQ(std::get<double>(parsed), written.value) << written.text;
  }
}

TEST(Quantity, IsMatchedByItsPattern) {
  for (const Written& written : table)
    EXPECT_TRUE(std::regex_search(written.text, std::regex{quantity_pattern(written.unit, true)}))
        << written.text;
}

TEST(Quantity, MatchesItsPatternExactlyWhenItCanBeRead) {
  Random random{7};
  const std::string characters = "0123456789+-.eE msGkMBop/hdWbit";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = table[random.below(std::size(table))].text;
    for (std::uint64_t edits = random.below(3); edits > 0; --edits)
      text[random.below(text.size())] = characters[random.below(characters.size())];
    const Unit unit = table[random.below(std::size(table))].unit;
    static std::map<Unit, std::regex> patterns;
    if (!patterns.contains(unit)) patterns[unit] = std::regex{quantity_pattern(unit, true)};
    const auto parsed = parse_quantity(text, unit);
    const auto* bad = std::get_if<BadQuantity>(&parsed);
    const bool too_extreme =
        bad != nullptr && bad->message.find("than any number") != std::string::npos;
    EXPECT_EQ(bad == nullptr || too_extreme, std::regex_search(text, patterns[unit])) << text;
  }
}

TEST(Quantity, IsWrittenSoThatItIsReadBackAsTheSame) {
  EXPECT_EQ(format_quantity(0.02, Unit::time), "20 ms");
  EXPECT_EQ(format_quantity(180'000, Unit::bytes), "180 kB");
  EXPECT_EQ(format_quantity(0, Unit::time), "0 s");
  EXPECT_EQ(format_quantity(5400, Unit::time), "1.5 h");
  EXPECT_EQ(format_quantity(1e9, Unit::bandwidth), "1 Gbit/s");
  Random random{1};
  for (int i = 0; i < 2000; ++i) {
    const double value = random.exponential() * 1e6;
    const auto back = parse_quantity(format_quantity(value, Unit::work), Unit::work);
    EXPECT_NEAR(std::get<double>(back), value, value * 1e-5);
  }
}

}  // namespace
}  // namespace evenkeel

// The table of units, and numbers written with them.
#include "sim/scenario/quantity.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "models/runtime/check.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {
namespace {

struct UnitName {
  std::string_view name;
  double factor;         // one of it in the base unit
  bool is_usual = true;  // used when a value is printed
};

struct UnitKind {
  Unit unit;
  std::string_view noun;
  std::string_view example;
  std::vector<UnitName> names;  // smallest first
};

const std::vector<UnitKind>& unit_kinds() {
  static const std::vector<UnitKind> kinds = {
      {Unit::time,
       "a time",
       "20 ms",
       {{"ns", 1e-9},
        {"us", 1e-6},
        {"ms", 1e-3},
        {"s", 1},
        {"min", 60},
        {"h", 3600},
        {"d", 86400}}},
      {Unit::bytes,
       "an amount of data",
       "180 kB",
       {{"B", 1},
        {"kB", 1e3},
        {"KiB", 1024, false},
        {"MB", 1e6},
        {"MiB", 1048576, false},
        {"GB", 1e9},
        {"GiB", 1073741824, false},
        {"TB", 1e12},
        {"TiB", 1099511627776, false}}},
      {Unit::bandwidth,
       "a bandwidth",
       "10 Mbit/s",
       {{"bit/s", 1},
        {"B/s", 8, false},
        {"kbit/s", 1e3},
        {"kB/s", 8e3, false},
        {"Mbit/s", 1e6},
        {"MB/s", 8e6, false},
        {"Gbit/s", 1e9},
        {"GB/s", 8e9, false},
        {"Tbit/s", 1e12}}},
      {Unit::work,
       "an amount of work",
       "2 Gop",
       {{"op", 1}, {"kop", 1e3}, {"Mop", 1e6}, {"Gop", 1e9}, {"Top", 1e12}, {"Pop", 1e15}}},
      {Unit::speed,
       "a computing speed",
       "20 Gop/s",
       {{"op/s", 1},
        {"kop/s", 1e3},
        {"Mop/s", 1e6},
        {"Gop/s", 1e9},
        {"Top/s", 1e12},
        {"Pop/s", 1e15}}},
      {Unit::rate,
       "a rate",
       "2 /s",
       {{"/d", 1.0 / 86400}, {"/h", 1.0 / 3600}, {"/min", 1.0 / 60}, {"/s", 1}}},
      {Unit::power, "a power", "35 W", {{"mW", 1e-3}, {"W", 1}, {"kW", 1e3}, {"MW", 1e6}}},
      {Unit::price, "a price", "0.05 EUR/core-hour", {{"EUR/core-hour", 1}}},
      {Unit::distance, "a distance", "5 km", {{"m", 1}, {"km", 1e3}}},
      {Unit::velocity, "a velocity", "1.4 m/s", {{"km/h", 1 / 3.6}, {"m/s", 1}}},
  };
  return kinds;
}

const UnitKind& kind_of(Unit unit) {
  for (const UnitKind& kind : unit_kinds())
    if (kind.unit == unit) return kind;
  check_failed(__FILE__, __LINE__, "kind_of", "a unit without a line in the table");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The length of the decimal number at the start of the text, 0 if there is none.
std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - start;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  std::size_t count = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    count += digits();
  }
  if (count == 0) return 0;
  const std::size_t mantissa_end = i;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return mantissa_end;
  }
  return i;
}

std::variant<double, BadQuantity> convert(std::string_view number) {
  double value = 0;
  const std::string_view digits = number.starts_with('+') ? number.substr(1) : number;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end.ec == std::errc::result_out_of_range || !std::isfinite(value))
    return BadQuantity{shown(number) +
                       " is larger or smaller than any number that can be computed with"};
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_word_for_no_number(std::string_view text) {
  static constexpr std::array<std::string_view, 12> words = {
      ".inf",     ".Inf",     ".INF", "inf",  "-inf", "-.inf",
      "infinity", "Infinity", ".nan", ".NaN", "NaN",  "nan"};
  for (const std::string_view word : words)
    if (text == word) return true;
  return false;
}

/// Where a unit belongs that is of no use here: "; 'MB' is an amount of data".
const UnitKind* kind_with(std::string_view unit_name) {
  for (const UnitKind& kind : unit_kinds())
    for (const UnitName& name : kind.names)
      if (name.name == unit_name) return &kind;
  return nullptr;
}

/// What other programs write, and what it is called here.
std::string_view usual_name(std::string_view name) {
  static constexpr std::array<std::array<std::string_view, 2>, 32> others = {{
      {"sec", "s"},     {"secs", "s"},        {"second", "s"},     {"seconds", "s"},
      {"msec", "ms"},   {"usec", "us"},       {"µs", "us"},        {"μs", "us"},
      {"mins", "min"},  {"minute", "min"},    {"minutes", "min"},  {"hr", "h"},
      {"hour", "h"},    {"hours", "h"},       {"day", "d"},        {"days", "d"},
      {"bps", "bit/s"}, {"kbps", "kbit/s"},   {"Mbps", "Mbit/s"},  {"Gbps", "Gbit/s"},
      {"KB", "kB"},     {"K", "kB"},          {"M", "MB"},         {"G", "GB"},
      {"Hz", "/s"},     {"per second", "/s"}, {"req/s", "/s"},     {"rps", "/s"},
      {"Gflop", "Gop"}, {"Gflop/s", "Gop/s"}, {"GFLOPS", "Gop/s"}, {"EUR", "EUR/core-hour"},
  }};
  for (const auto& [other, usual] : others)
    if (other == name) return usual;
  return name;
}

std::vector<std::string> names_of(const UnitKind& kind) {
  std::vector<std::string> names;
  for (const UnitName& name : kind.names) names.emplace_back(name.name);
  return names;
}

BadQuantity wrong_unit(std::string_view text, std::string_view unit_name, const UnitKind& kind) {
  if (const UnitKind* other = kind_with(unit_name))
    return {fmt::format("{} is {}, where {} must stand; write it like {}", shown(text), other->noun,
                        kind.noun, shown(kind.example))};
  return {fmt::format("no unit {} for {}{}", shown(unit_name), kind.noun,
                      suggestion(usual_name(unit_name), names_of(kind)))};
}

}  // namespace

std::variant<double, BadQuantity> parse_number(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == text.size() && length > 0) return convert(text);
  if (is_word_for_no_number(text))
    return BadQuantity{shown(text) + " is no number that can be computed with; write a finite one"};
  return BadQuantity{shown(text) + " is not a number"};
}

// A share may be written in percent.
static std::variant<double, BadQuantity> parse_share(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0 || trimmed(text.substr(length)) != "%") return parse_number(text);
  const auto number = convert(text.substr(0, length));
  if (const double* value = std::get_if<double>(&number)) return *value / 100;
  return number;
}

std::variant<double, BadQuantity> parse_quantity(std::string_view text, Unit unit) {
  if (unit == Unit::none) return parse_share(text);
  const UnitKind& kind = kind_of(unit);
  const std::size_t length = number_length(text);
  const bool is_clock_time = length < text.size() && text[length] == ':';
  if (length == 0 || is_clock_time)
    return BadQuantity{
        fmt::format("{} is not {}; write it like {}", shown(text), kind.noun, shown(kind.example))};
  const std::string_view unit_name = trimmed(text.substr(length));
  if (unit_name.empty())
    return BadQuantity{fmt::format("{} has no unit; write {} like {}", shown(text), kind.noun,
                                   shown(kind.example))};
  for (const UnitName& name : kind.names) {
    if (name.name != unit_name) continue;
    const auto number = convert(text.substr(0, length));
    if (const double* value = std::get_if<double>(&number)) return *value * name.factor;
    return number;
  }
  return wrong_unit(text, unit_name, kind);
}

std::string format_quantity(double value, Unit unit) {
  if (unit == Unit::none) return fmt::format("{}", value);
  const UnitKind& kind = kind_of(unit);
  const UnitName* best = nullptr;
  for (const UnitName& name : kind.names) {
    if (!name.is_usual) continue;
    if (best == nullptr && (value != 0 || name.factor == 1)) best = &name;
    if (value != 0 && std::abs(value) >= name.factor * (1 - 1e-12)) best = &name;
  }
  // As few digits as give the value back, so that 0.02 s is "20 ms" and not "20.000000000000004".
  for (int digits = 6; digits < 17; ++digits) {
    const std::string text = fmt::format("{:.{}g} {}", value / best->factor, digits, best->name);
    const auto back = parse_quantity(text, unit);
    if (std::get<double>(back) == value) return text;
  }
  return fmt::format("{:.6g} {}", value / best->factor, best->name);
}

std::string_view noun(Unit unit) {
  return unit == Unit::none ? std::string_view{"a number"} : kind_of(unit).noun;
}

std::string_view example(Unit unit) {
  return unit == Unit::none ? std::string_view{"0.5"} : kind_of(unit).example;
}

std::string unit_names(Unit unit) {
  if (unit == Unit::none) return "";
  return fmt::format("{}", fmt::join(names_of(kind_of(unit)), ", "));
}

std::string percent_pattern() {
  return "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *% *$";
}

std::string quantity_pattern(Unit unit, bool may_be_negative) {
  const std::string number = fmt::format("^{}([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?",
                                         may_be_negative ? "[-+]?" : "[+]?");
  if (unit == Unit::none) return number + '$';
  return fmt::format("{} *({}) *$", number, fmt::join(names_of(kind_of(unit)), "|"));
}

}  // namespace evenkeel

// How a struct of settings says what it holds, once: the reader fills its fields from a scenario
// file, `list` prints them with their defaults, and the schema is made from them.
#pragma once

#include <any>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/runtime/time.h"

namespace evenkeel {

class Catalogue;

/// The unit a number is written with: `20 ms`, `10 Mbit/s`, `2 Gop`, `35 W`, `180 kB`.
/// A value in memory is in the base unit: seconds, bytes, bit/s, op, op/s, 1/s, W, EUR/core-hour,
/// m, m/s.
// clang-format off
enum class Unit { none, time, bytes, bandwidth, work, speed, rate, power, price, distance, velocity };
// clang-format on

/// What a field is for, and which values make sense. `min` and `max` are in the base unit.
struct About {
  std::string_view meaning;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

/// Visits the fields of a settings struct in order. A field left out of the file keeps the value
/// that it came with, which is its default.
class Fields {
 public:
  virtual ~Fields() = default;

  virtual void number(std::string_view name, double& value, Unit unit, const About& about) = 0;
  virtual void integer(std::string_view name, std::int64_t& value, const About& about) = 0;
  virtual void boolean(std::string_view name, bool& value, const About& about) = 0;
  virtual void duration(std::string_view name, Duration& value, const About& about) = 0;
  virtual void text(std::string_view name, std::string& value, const About& about) = 0;
  /// One of `options`, by name.
  virtual void option(std::string_view name, std::string& value,
                      std::span<const std::string_view> options, const About& about) = 0;
  /// One entry of a catalogue with its own settings: `round_robin`, or `power_of_d: {d: 3}`.
  /// `value` is the entry's name, `made` what its `configure` returned.
  virtual void choice(std::string_view name, std::string& value, std::any& made,
                      const Catalogue& catalogue, const About& about) = 0;
  /// A list of numbers in `unit`.
  virtual void numbers(std::string_view name, std::vector<double>& values, Unit unit,
                       const About& about) = 0;
  /// A file named relative to the scenario file; `value` becomes a path that can be opened.
  virtual void file(std::string_view name, std::string& value, const About& about) = 0;
  /// Says that the fields read so far do not fit together; `message` says what would be right.
  virtual void refuse(std::string_view name, const std::string& message) = 0;
};

/// Any enumeration by its names: `options[i]` is the name of the enumerator with value i.
template <class Enum>
requires std::is_enum_v<Enum>
void option(Fields& fields, std::string_view name, Enum& value,
            std::span<const std::string_view> options, const About& about) {
  std::string chosen{options[static_cast<std::size_t>(value)]};
  fields.option(name, chosen, options, about);
  for (std::size_t i = 0; i < options.size(); ++i)
    if (options[i] == chosen) value = static_cast<Enum>(i);
}

}  // namespace evenkeel

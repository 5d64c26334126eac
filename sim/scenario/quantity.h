// Quantities as a scenario writes them, `20 ms`: the table of units, reading, writing, and the
// pattern by which a schema recognises them.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "models/runtime/fields.h"

namespace evenkeel {

/// What is wrong with a quantity and what would be right.
struct BadQuantity {
  std::string message;
};

/// A number as YAML 1.2 writes decimal ones: `12`, `-0.5`, `1e3`. Infinite and NaN are refused.
std::variant<double, BadQuantity> parse_number(std::string_view text);

/// A share in percent, as a regular expression.
std::string percent_pattern();

/// A number and its unit, in the base unit; with Unit::none a number alone.
std::variant<double, BadQuantity> parse_quantity(std::string_view text, Unit unit);

/// With the largest unit that keeps the number at least 1: "20 ms". parse_quantity gives it back.
std::string format_quantity(double value, Unit unit);

/// "a time", "an amount of data"
std::string_view noun(Unit unit);
/// A quantity of this unit, for messages: "20 ms".
std::string_view example(Unit unit);
/// The units that may be written, smallest first: "ns, us, ms, s, min, h, d".
std::string unit_names(Unit unit);

/// An ECMA-262 regular expression that matches what parse_quantity accepts; without sign unless
/// `may_be_negative`.
std::string quantity_pattern(Unit unit, bool may_be_negative);

}  // namespace evenkeel

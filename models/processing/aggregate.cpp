#include "models/processing/aggregate.h"

#include <fmt/format.h>

#include <cmath>

namespace evenkeel {

Catalogue& aggregates() {
  static Catalogue all{"aggregate"};
  return all;
}

bool is_usable(double number) { return std::abs(number) <= largest_number; }

std::optional<double> number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value);
  return real != nullptr && is_usable(*real) ? std::optional{*real} : std::nullopt;
}

std::string to_text(const Value& value) {
  struct Show {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(std::int64_t whole) const { return fmt::to_string(whole); }
    std::string operator()(double real) const { return fmt::format("{}", real); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Blob& bytes) const { return hex(bytes); }
  };
  return std::visit(Show{}, value);
}

}  // namespace evenkeel

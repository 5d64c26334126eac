// Bounded, strict and independent of the locale.
#include "sim/topology/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

namespace evenkeel {

std::string read_text_file(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    throw UserError({path}, "no such file, or not a regular one");
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) throw UserError({path}, "cannot be read");
  if (size > max_topology_bytes)
    throw UserError({path}, fmt::format("is {} MB long; at most {} MB are read", size >> 20,
                                        max_topology_bytes >> 20));
  std::ifstream file(path, std::ios::binary);
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size)))
    throw UserError({path}, "cannot be read");
  return text;
}

Lines::Lines(std::string file, std::string_view text) : file_(std::move(file)), starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts_.push_back(i + 1);
}

Place Lines::at(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(starts_, offset);
  const auto line = after - starts_.begin();
  return {file_, static_cast<int>(line), static_cast<int>(offset - *(after - 1)) + 1};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::optional<Quantity> parsed_quantity(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Quantity quantity{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quantity.value);
  if (error != std::errc{} || !std::isfinite(quantity.value)) return std::nullopt;
  quantity.unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  return quantity;
}

std::optional<double> parsed_number(std::string_view text) {
  const std::optional<Quantity> quantity = parsed_quantity(text);
  return quantity && quantity->unit.empty() ? std::optional{quantity->value} : std::nullopt;
}

std::optional<double> time_unit(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  static constexpr std::array<Unit, 9> units{{{"s", 1},
                                              {"ms", 1e-3},
                                              {"us", 1e-6},
                                              {"ns", 1e-9},
                                              {"ps", 1e-12},
                                              {"m", 60},
                                              {"min", 60},
                                              {"h", 3600},
                                              {"d", 86400}}};
  const auto found = std::ranges::find(units, unit, &Unit::name);
  return found == units.end() ? std::nullopt : std::optional{found->seconds};
}

std::optional<double> bandwidth_unit(std::string_view unit) {
  double scale = 1;
  constexpr std::string_view prefixes = "kMGTP";
  const std::size_t prefix = unit.empty() ? prefixes.npos : prefixes.find(unit.front());
  if (prefix != prefixes.npos) {
    unit.remove_prefix(1);
    const bool binary = unit.starts_with('i');
    if (binary) unit.remove_prefix(1);
    for (std::size_t power = 0; power <= prefix; ++power) scale *= binary ? 1024 : 1000;
  }
  if (unit == "bps" || unit == "bit/s" || unit == "b/s") return scale;
  if (unit == "Bps" || unit == "B/s") return scale * 8;
  return std::nullopt;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  std::string digits = std::to_string(count);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return fmt::format("{} {}", digits, count == 1 ? one : many);
}

std::string spelled(Duration latency) {
  const double ns = static_cast<double>(latency.count());
  if (ns >= 1e9) return fmt::format("{:.3g} s", ns / 1e9);
  if (ns >= 1e6 || ns == 0) return fmt::format("{:.3g} ms", ns / 1e6);
  if (ns >= 1e3) return fmt::format("{:.3g} us", ns / 1e3);
  return fmt::format("{:.3g} ns", ns);
}

std::string spelled_bandwidth(double bit_per_s) {
  constexpr std::array prefixes{"", "k", "M", "G", "T", "P"};
  std::size_t prefix = 0;
  for (; bit_per_s >= 999.5 && prefix + 1 < prefixes.size(); ++prefix) bit_per_s /= 1000;
  return fmt::format("{:.3g} {}bit/s", bit_per_s, prefixes[prefix]);
}

namespace {

// The length of the UTF-8 character at the front; 0 if it is none (or overlong, or a surrogate).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
      (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
    return 0;
  return length;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t limit = 200;
  std::string clean;
  for (text = trimmed(text); !text.empty();) {
    const std::size_t length = utf8_length(text);
    std::string_view next = length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    const auto first = static_cast<unsigned char>(text.front());
    const bool control =
        length == 1 ? first < 0x20 || first == 0x7F
                    : length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (control) next = " ";
    if (clean.size() + next.size() > limit) break;
    clean += next;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return std::string{trimmed(clean)};
}

}  // namespace evenkeel

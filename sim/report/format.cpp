#include "sim/report/format.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace evenkeel::report {
namespace {

/// The length of the UTF-8 character that starts `text`; 0 if none does.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || first > 0xf4 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) >= 0xa0;
  const bool beyond = first == 0xf4 && byte(1) >= 0x90;
  const bool non_character = first == 0xef && byte(1) == 0xbf && byte(2) >= 0xbe;
  return overlong || surrogate || beyond || non_character ? 0 : length;
}

struct Prefix {
  double factor;
  const char* text;
};

constexpr std::array<Prefix, 4> time_prefixes = {{{1, ""}, {1e-3, "m"}, {1e-6, "µ"}, {1e-9, "n"}}};

std::string with_prefix(double value, std::string_view unit, const auto& prefixes) {
  if (std::isnan(value)) return "–";
  if (value == 0) return fmt::format("0 {}", unit);
  for (const Prefix& prefix : prefixes) {
    if (std::abs(value) >= prefix.factor * 0.9995) {
      return fmt::format("{} {}{}", plain(value / prefix.factor), prefix.text, unit);
    }
  }
  const Prefix& last = prefixes.back();
  return fmt::format("{} {}{}", plain(value / last.factor), last.text, unit);
}

}  // namespace

std::string escaped(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    const char c = character[0];
    if (length == 0 || (length == 1 && c < ' ' && c != '\t' && c != '\n')) {
      result += replacement;
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '&') {
      result += "&amp;";
    } else if (c == '"') {
      result += "&quot;";
    } else if (c == '\'') {
      result += "&#39;";
    } else {
      result += character;
    }
    text.remove_prefix(character.size());
  }
  return result;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string shortened(std::string_view text, std::size_t length) {
  if (characters(text) <= length) return std::string(text);
  std::size_t kept = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (starts && ++kept == length) break;
    ++end;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string plain(double value) { return significant(value, 3); }

std::string significant(double value, int figures) {
  if (std::isnan(value)) return "–";
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 1e15 || size < 1e-6) return fmt::format("{:.3g}", value);
  const int decimals =
      std::max(0, figures - 1 - static_cast<int>(std::floor(std::log10(size) + 1e-9)));
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string number(double value) {
  std::string text = plain(value);
  if (text.find_first_not_of("-0123456789") != std::string::npos) return text;
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3; i -= 3) text.insert(i - 3, "\u202f");
  return text;
}

std::string time(double seconds) { return with_prefix(seconds, "s", time_prefixes); }

std::string rough_time(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", std::ceil(seconds));
  if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

std::string time_with_interval(double seconds, double half_width) {
  if (!(seconds > 0)) return time(seconds) + " ± " + time(half_width);
  for (const Prefix& prefix : time_prefixes) {
    if (seconds < prefix.factor * 0.9995) continue;
    return fmt::format("{} ± {} {}s", plain(seconds / prefix.factor),
                       significant(half_width / prefix.factor, 2), prefix.text);
  }
  return time(seconds) + " ± " + time(half_width);
}

std::string share(double value) {
  return std::isnan(value) ? "–" : fmt::format("{} %", plain(value * 100));
}

std::string energy(double joules) {
  static constexpr std::array<Prefix, 5> prefixes = {
      {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}, {1e-3, "m"}}};
  return with_prefix(joules, "J", prefixes);
}

std::string bytes(double count) {
  static constexpr std::array<Prefix, 4> prefixes = {{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}}};
  return with_prefix(count, "B", prefixes);
}

std::string operations(double count) {
  static constexpr std::array<Prefix, 4> prefixes = {{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}}};
  return with_prefix(count, "op", prefixes);
}

std::string rate(double per_s) {
  return std::isnan(per_s) ? "–" : fmt::format("{} /s", number(per_s));
}

}  // namespace evenkeel::report

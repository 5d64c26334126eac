#include "sim/world/percent.h"

namespace evenkeel {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

bool is_plain(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
}

}  // namespace

std::string percent_encode(std::string_view bytes) {
  std::string text;
  for (const char letter : bytes) {
    if (is_plain(letter) && !(text.empty() && letter == '.')) {
      text += letter;
      continue;
    }
    const auto code = static_cast<unsigned char>(letter);
    text += {'%', digits[code / 16], digits[code % 16]};
  }
  return text;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const std::size_t high = digits.find(text[i + 1]);
    const std::size_t low = digits.find(text[i + 2]);
    if (high == digits.npos || low == digits.npos) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (percent_encode(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace evenkeel

// What the parts of a check (sacrifice.h) agree on: its name, and how messages are laid out.
#pragma once

#include <algorithm>

#include "models/crypto/crypto.h"
#include "models/mpc/tools/ring104.h"

namespace evenkeel::sacrifice {

inline constexpr std::string_view step = "check of products";
inline constexpr std::size_t opened_triple_words = 1;
inline constexpr std::size_t hash_bytes = sizeof(Digest);

// On the wire numbers come first, then bits.
constexpr std::size_t wire_bytes(std::size_t numbers, std::size_t bit_words) {
  return ring104::element_bytes * numbers + sizeof(Word) * bit_words;
}
inline void put_last(const Words& bits, std::span<std::byte> wire) {
  const auto bytes = std::as_bytes(std::span{bits});
  std::ranges::copy(bytes, wire.last(bytes.size()).begin());
}
inline void get_last(std::span<const std::byte> wire, std::span<Word> bits) {
  const auto bytes = std::as_writable_bytes(bits);
  std::ranges::copy(wire.last(bytes.size()), bytes.begin());
}

}  // namespace evenkeel::sacrifice

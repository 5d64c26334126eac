// The integers modulo 2^104: 64 bits of value, and 40 above them that a check needs so that a cheat
// passes with chance 2^-40 only. An element is computed with modulo 2^128 (ring128.h), where what
// is above bit 103 means nothing; on the wire it is 13 bytes.
#pragma once

#include <cstring>

#include "models/mpc/tools/ring128.h"

namespace evenkeel::ring104 {

inline constexpr std::size_t element_bytes = 13;
inline constexpr int check_bits = 40;

using wide::at;
using wide::set;
using wide::Wide;

/// Element `i` of packed ones.
inline void put(std::span<std::byte> packed, std::size_t i, Wide element) {
  std::memcpy(packed.data() + i * element_bytes, &element, element_bytes);
}
inline Wide get(std::span<const std::byte> packed, std::size_t i) {
  Wide element = 0;
  std::memcpy(&element, packed.data() + i * element_bytes, element_bytes);
  return element;
}
/// Appends their bytes.
void pack(std::span<const Word> elements, SecretBytes& to);
/// As many as fit into `into`, from the front of `bytes`.
void unpack(std::span<const std::byte> bytes, std::span<Word> into);

}  // namespace evenkeel::ring104

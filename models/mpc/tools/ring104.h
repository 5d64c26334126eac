// The integers modulo 2^104: 64 bits of value, and 40 above them that a check needs so that a cheat
// passes with chance 2^-40 only. An element is two words, the low one first, of which what is above
// bit 103 means nothing; on the wire it is 13 bytes.
#pragma once

#include "models/mpc/domain.h"

namespace evenkeel::ring104 {

inline constexpr std::size_t element_bytes = 13;
inline constexpr int check_bits = 40;

__extension__ using Wide = unsigned __int128;

inline Wide load(const Word* element) { return Wide{element[1]} << 64 | element[0]; }
inline void store(Word* element, Wide value) {
  element[0] = static_cast<Word>(value);
  element[1] = static_cast<Word>(value >> 64);
}
/// Element i of a vector.
inline Wide at(std::span<const Word> elements, std::size_t i) { return load(&elements[2 * i]); }
inline void set(std::span<Word> elements, std::size_t i, Wide value) {
  store(&elements[2 * i], value);
}

/// Appends their bytes.
void pack(std::span<const Word> elements, SecretBytes& to);
/// As many as fit into `into`, from the front of `bytes`.
void unpack(std::span<const std::byte> bytes, std::span<Word> into);

}  // namespace evenkeel::ring104

namespace evenkeel {

/// Opened modulo 2^64.
const Domain& ring104_domain();

}  // namespace evenkeel

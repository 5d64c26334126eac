// The integers modulo 2^128, of two words each, the low one first: Z_2^64 with 64 bits more for
// what authenticates (Cramer, Damgard, Escudero, Scholl and Xing, "SPDZ2k", CRYPTO 2018).
#pragma once

#include "models/mpc/domain.h"

namespace evenkeel {

/// An element, and where it stands in a vector.
namespace wide {

__extension__ using Wide = unsigned __int128;

inline Wide at(std::span<const Word> elements, std::size_t i) {
  return Wide{elements[2 * i + 1]} << 64 | elements[2 * i];
}
inline void set(std::span<Word> elements, std::size_t i, Wide value) {
  elements[2 * i] = static_cast<Word>(value);
  elements[2 * i + 1] = static_cast<Word>(value >> 64);
}

}  // namespace wide

/// Values are encoded with their sign, and decoded from the low word.
const Domain& ring128();

}  // namespace evenkeel

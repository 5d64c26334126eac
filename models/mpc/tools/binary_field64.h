// GF(2^64), modulo x^64 + x^4 + x^3 + x + 1, in constant time.
#pragma once

#include "models/mpc/words.h"

namespace evenkeel::binary_field64 {

/// The low half of the product of two polynomials over GF(2). Bits that are four apart are
/// multiplied as numbers, so that carries fall into the holes between them (as in BearSSL's ghash).
constexpr Word low_product(Word a, Word b) {
  constexpr Word every_fourth = 0x1111111111111111;
  Word product = 0;
  for (unsigned i = 0; i < 4; ++i) {
    Word part = 0;
    for (unsigned j = 0; j < 4; ++j)
      part ^= (a & every_fourth << j) * (b & every_fourth << ((i - j) % 4));
    product |= part & every_fourth << i;
  }
  return product;
}

constexpr Word reversed(Word x) {
  for (unsigned i = 0; i < 6; ++i) {
    constexpr Word masks[] = {0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f,
                              0x00ff00ff00ff00ff, 0x0000ffff0000ffff, 0x00000000ffffffff};
    x = (x >> (1U << i) & masks[i]) | (x & masks[i]) << (1U << i);
  }
  return x;
}

constexpr Word multiply(Word a, Word b) {
  const Word low = low_product(a, b);
  const Word high = reversed(low_product(reversed(a), reversed(b))) >> 1;
  const Word beyond = high >> 63 ^ high >> 61 ^ high >> 60;
  const Word fold = high ^ beyond;
  return low ^ fold ^ fold << 1 ^ fold << 3 ^ fold << 4;
}

/// Of what is not 0; 0 gives 0.
constexpr Word inverse(Word a) {
  Word result = 1;  // a^(2^64 - 2)
  for (int i = 1; i < 64; ++i) {
    a = multiply(a, a);
    result = multiply(result, a);
  }
  return result;
}

}  // namespace evenkeel::binary_field64

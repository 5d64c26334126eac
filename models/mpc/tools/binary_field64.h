// The field GF(2^64), its elements polynomials modulo x^64 + x^4 + x^3 + x + 1, a bit a
// coefficient. Sums are XOR. `public_factor` may steer branches, the other operand never does.
#pragma once

#include "models/mpc/words.h"

namespace evenkeel::binary_field64 {

inline constexpr Word reduction = 0x1B;  // x^64

constexpr Word times_x(Word a) { return (a << 1) ^ ((0 - (a >> 63)) & reduction); }

constexpr Word multiply(Word a, Word public_factor) {
  Word product = 0;
  for (; public_factor != 0; public_factor >>= 1, a = times_x(a))
    if ((public_factor & 1) != 0) product ^= a;
  return product;
}

/// Of what is not 0 and need not be hidden.
constexpr Word inverse(Word a) {
  Word result = 1;  // a^(2^64 - 2)
  for (int i = 1; i < 64; ++i) {
    a = multiply(a, a);
    result = multiply(result, a);
  }
  return result;
}

}  // namespace evenkeel::binary_field64

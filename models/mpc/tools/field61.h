// The field of integers modulo the Mersenne prime p = 2^61 - 1. Elements are words below p; all in
// constant time.
#pragma once

#include "models/mpc/words.h"

namespace evenkeel::field61 {

inline constexpr Word prime = (Word{1} << 61) - 1;

__extension__ using Wide = unsigned __int128;

/// Of a word below 2^63.
constexpr Word reduce_once(Word x) {
  x = (x & prime) + (x >> 61);
  const Word less = x - prime;
  return less + (prime & (0 - (less >> 63)));
}
constexpr Word reduce(Wide x) {
  const Word low = static_cast<Word>(x) & prime;
  const Word middle = static_cast<Word>(x >> 61) & prime;
  return reduce_once(low + middle + static_cast<Word>(x >> 122));
}
constexpr Word add(Word a, Word b) { return reduce_once(a + b); }
constexpr Word subtract(Word a, Word b) { return reduce_once(a + prime - b); }
constexpr Word negate(Word a) { return subtract(0, a); }
constexpr Word multiply(Word a, Word b) { return reduce(Wide{a} * b); }
constexpr Word power(Word base, Word exponent) {
  Word result = 1;
  for (; exponent != 0; exponent >>= 1, base = multiply(base, base))
    if ((exponent & 1) != 0) result = multiply(result, base);
  return result;
}
/// Of what is not 0; 0 gives 0.
constexpr Word inverse(Word a) { return power(a, prime - 2); }

/// An element from a uniform word: its bias is below 2^-60, since p + 1 divides 2^64.
constexpr Word from_random(Word x) { return reduce_once(x & ((Word{1} << 61) - 1)); }

}  // namespace evenkeel::field61

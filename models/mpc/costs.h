// What local computation costs, for virtual time: nanoseconds on one core of the machine on which
// `evenkeel mpc --calibrate` measured it, which counts as 2 Gop/s.
#pragma once

namespace evenkeel::costs {

inline constexpr double prg_word = 0.67;           // AES-128-CTR, 8 bytes
inline constexpr double word_operation = 0.4;      // one pass over a vector, an element
inline constexpr double replicated_product = 0.8;  // the local part, Z_2^64
inline constexpr double field_product = 0.94;      // GF(2^61-1)
inline constexpr double goldilocks_product = 1.4;  // modulo 2^64 - 2^32 + 1
inline constexpr double field128_product = 8;      // modulo 2^128 - 7 * 2^66 + 1
inline constexpr double turbo_shake_byte = 1;      // absorbed or squeezed
inline constexpr double transposed_word = 1.7;     // rows of bits to columns, a word
inline constexpr double ristretto_product = 37e3;  // ristretto255: a scalar times a point
inline constexpr double ristretto_hash = 10e3;
inline constexpr double ristretto_base = 14e3;   // a scalar times the generator
inline constexpr double ristretto_sum = 13.5e3;  // of two points as they travel

}  // namespace evenkeel::costs

// What local computation costs, for virtual time: nanoseconds on one core of the machine on which
// `evenkeel mpc --calibrate` measured it, which counts as 2 Gop/s.
#pragma once

namespace evenkeel::costs {

inline constexpr double prg_word = 0.67;           // AES-128-CTR, 8 bytes
inline constexpr double word_operation = 0.4;      // one pass over a vector, an element
inline constexpr double replicated_product = 0.8;  // the local part, Z_2^64
inline constexpr double field_product = 0.94;      // GF(2^61-1)
inline constexpr double hashed_seed = 6;        // fixed-key AES, 16 bytes, and a step in its tree
inline constexpr double hashed_word = 4.0;      // SHA-256, 8 bytes
inline constexpr double binary_product = 50;    // GF(2^64)
inline constexpr double transposed_word = 1.7;  // rows of bits to columns, a word

}  // namespace evenkeel::costs

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
inline constexpr double prg_key = 400;             // to begin a stream
inline constexpr double packed_word = 1.0;         // to or from as many bits as it has
inline constexpr double key_agreement = 31'000;    // X25519
inline constexpr double signature = 15'000;        // Ed25519
inline constexpr double signature_check = 36'000;  // Ed25519
inline constexpr double ecdsa_signature = 21'000;  // P-256
inline constexpr double ecdsa_check = 67'000;      // P-256
inline constexpr double sealed_message = 600;      // AES-128-GCM, beside its bytes
inline constexpr double sealed_byte = 0.15;        // AES-128-GCM
// Shamir's shares of 32 bytes over GF(2^64):
inline constexpr double key_share_coefficient = 20;  // to share: for each share and coefficient
inline constexpr double key_share_recovered = 300;   // to recover: for each share
inline constexpr double key_share_weight = 20;       // for each pair of other holders than before
inline constexpr double key_share_inverse = 10'000;  // for other holders than before
inline constexpr double hashed_word = 4.0;           // SHA-256, 8 bytes

inline constexpr double ring104_product = 1.2;      // modulo 2^128
inline constexpr double replicated4_product = 3.6;  // the local part: nine products
inline constexpr double shuffled_bit = 6.0;         // a bit triple, to a random place
inline constexpr double ristretto_product = 37e3;   // ristretto255: a scalar times a point
inline constexpr double ristretto_hash = 10e3;
inline constexpr double ristretto_base = 14e3;   // a scalar times the generator
inline constexpr double ristretto_sum = 13.5e3;  // of two points as they travel
inline constexpr double hashed_seed = 6;         // fixed-key AES, 16 bytes, and a step in its tree
inline constexpr double binary_product = 50;     // GF(2^64)
inline constexpr double transfer = 26;           // an oblivious one, by extension; at each end
inline constexpr double garbled_gate = 22;       // a conjunction, by half gates
inline constexpr double evaluated_gate = 14;     // the same at the other end

}  // namespace evenkeel::costs

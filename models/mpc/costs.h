// What local computation costs, for virtual time: nanoseconds on one core that counts as 2 Gop/s.
// Built in is what `evenkeel mpc --calibrate` measured on one machine.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace evenkeel::costs {

/// What a machine does that counts as one nanosecond.
inline constexpr double operations_per_ns = 2;

/// Of one primitive; reads like a number.
class Price {
 public:
  /// The name, and what is done at that price, last as long as the program.
  Price(std::string_view name, double ns, std::string_view what);
  Price(const Price&) = delete;

  operator double() const { return ns_.load(std::memory_order_relaxed); }
  std::string_view name() const { return name_; }
  std::string_view what() const { return what_; }
  double built_in() const { return built_in_; }

 private:
  friend void use(const std::map<std::string, double, std::less<>>& ns);

  std::string_view name_;
  std::string_view what_;
  double built_in_;
  std::atomic<double> ns_;
};

/// All of them, in the order of this file.
const std::vector<Price*>& prices();

/// From now on, in the whole program; a price that is not named is the one built in.
void use(const std::map<std::string, double, std::less<>>& ns);

// clang-format off
inline Price word_operation{"word_operation", 0.17, "one pass over a vector, an element"};
inline Price prg_word{"prg_word", 0.85, "AES-128-CTR, 8 bytes"};
inline Price prg_key{"prg_key", 460, "to begin a stream of AES-128-CTR"};
inline Price hashed_seed{"hashed_seed", 1.9, "fixed-key AES, 16 bytes, and a step in its tree"};
inline Price hashed_word{"hashed_word", 4.6, "SHA-256, 8 bytes"};
inline Price turbo_shake_byte{"turbo_shake_byte", 1.3, "TurboSHAKE128, absorbed or squeezed"};
inline Price transposed_word{"transposed_word", 4.3, "rows of bits to columns, a word"};
inline Price packed_word{"packed_word", 0.95, "to or from as many bits as it has"};
inline Price shuffled_bit{"shuffled_bit", 2.1, "a bit triple, to a random place"};

inline Price replicated_product{"replicated_product", 0.65, "Z_2^64, the local part with three"};
inline Price replicated4_product{"replicated4_product", 4.2, "Z_2^64, with four: nine products"};
inline Price ring104_product{"ring104_product", 0.88, "modulo 2^128"};
inline Price field_product{"field_product", 1.7, "GF(2^61-1)"};
inline Price goldilocks_product{"goldilocks_product", 1.4, "modulo 2^64 - 2^32 + 1"};
inline Price field128_product{"field128_product", 6.1, "modulo 2^128 - 7 * 2^66 + 1"};
inline Price binary_product{"binary_product", 19.6, "GF(2^64)"};

inline Price key_agreement{"key_agreement", 35e3, "X25519"};
inline Price signature{"signature", 14.5e3, "Ed25519"};
inline Price signature_check{"signature_check", 40e3, "Ed25519"};
inline Price ecdsa_signature{"ecdsa_signature", 23.2e3, "P-256"};
inline Price ecdsa_check{"ecdsa_check", 66.7e3, "P-256"};
inline Price sealed_message{"sealed_message", 667, "AES-128-GCM, beside its bytes"};
inline Price sealed_byte{"sealed_byte", 0.148, "AES-128-GCM"};
inline Price ristretto_product{"ristretto_product", 41.5e3, "ristretto255, a scalar times a point"};
inline Price ristretto_base{"ristretto_base", 14.2e3, "a scalar times the generator"};
inline Price ristretto_hash{"ristretto_hash", 13.6e3, "of an element to a point"};
inline Price ristretto_sum{"ristretto_sum", 13.3e3, "of two points as they travel"};

// Shamir's shares of 32 bytes over GF(2^64):
inline Price key_share_coefficient{"key_share_coefficient", 48, "to share a key: each share and coefficient"};
inline Price key_share_recovered{"key_share_recovered", 64, "to recover a key: each share"};
inline Price key_share_weight{"key_share_weight", 33, "each pair of other holders than before"};
inline Price key_share_inverse{"key_share_inverse", 1790, "for other holders than before"};

inline Price transfer{"transfer", 26, "an oblivious one, by extension, at each end"};
inline Price garbled_gate{"garbled_gate", 20.6, "a conjunction, by half gates"};
inline Price evaluated_gate{"evaluated_gate", 12, "the same at the other end"};
// clang-format on

}  // namespace evenkeel::costs

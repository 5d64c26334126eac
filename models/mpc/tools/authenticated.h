// Additive shares that nobody can change unnoticed: beside a share of x, each that computes has one
// of k x for every key k, of which it has shares too (Damgard, Pastro, Smart and Zakarias, "SPDZ",
// CRYPTO 2012; over Z_2^128 SPDZ2k, CRYPTO 2018). All comes from a dealer (tools/dealt.h), keys
// included.
//
// Words hold all shares of values first, then those of each product with a key. What is opened is
// believed at first; `proof` adds up, with factors that were drawn later, by how much all that was
// opened since fits its products with the keys: the proofs of all add up to zero, or somebody has
// cheated. A cheat goes unnoticed with probability 1/p over a field with one key, about 2^-57 over
// Z_2^128, 2^-keys over GF(2).
#pragma once

#include "models/mpc/tools/dealt.h"

namespace evenkeel {

class Authenticated {
 public:
  /// Over GF(2) (bit_domain) each key is one bit, over others one element.
  Authenticated(DealtSeat& seat, const Domain& domain, std::size_t keys)
      : seat_(seat), domain_(domain), key_count_(keys) {}

  std::size_t components() const { return 1 + key_count_; }
  /// After DealtSeat::agree_on_keys, first of all.
  void draw_keys();

  // As in DealtSeat, with the products.
  /// The dealer sends `keys` elements for each.
  Task<Words> uniform(std::size_t elements);
  /// The dealer sends an element more for each.
  Task<Words> deal(Words values);
  /// The same of what the dealer has entered: online.
  Task<Words> share_out(Words values);
  /// Values only: what all opened.
  Task<Words> open(const Words& shares);
  /// Of shares with their products, such shares of the sums of `length` products each: as
  /// DealtSeat, with twice `keys` elements by the dealer for a triple and 1 + `keys` for a sum.
  Task<Words> multiply(std::span<const Word> a, std::span<const Word> b, std::size_t length = 1);
  /// Elements that the dealer sends for that many products, added up to that many sums.
  std::size_t dealt_elements(std::size_t products, std::size_t sums) const {
    return 2 * key_count_ * products + components() * sums;
  }

  void add_known(std::span<Word> shares, std::span<const Word> known) const;
  /// Each value times one known element.
  Words times_known(std::span<const Word> shares, std::span<const Word> known) const;

  /// Of all that was opened since the last one: `keys` elements (words over GF(2)).
  Words proof(Prg& factors);
  std::size_t proof_words() const { return key_count_ * domain_.width(); }

 private:
  std::span<const Word> key(std::size_t k) const {
    return std::span{keys_}.subspan(k * domain_.width(), domain_.width());
  }
  /// Appends shares of the products of the values, which the dealer knows.
  Task<Words> with_products(Words shares, const Words& values, Phase phase);
  Words times_key(std::size_t k, std::span<const Word> values) const;
  /// The sum of all, each times its factor: over GF(2) words are elements of GF(2^64).
  Words combined(std::span<const Word> factors, std::span<const Word> elements) const;

  DealtSeat& seat_;
  const Domain& domain_;
  std::size_t key_count_;
  Words keys_;                        // shares; at the dealer the keys
  Words opened_ = {};                 // since the last proof
  std::vector<Words> products_ = {};  // shares, by key
};

}  // namespace evenkeel

// Additive shares that nobody can change unnoticed: beside a share of x, each seat that computes
// has one of k x for every key k, of which it has shares too (Damgard, Pastro, Smart and Zakarias,
// "SPDZ", CRYPTO 2012; over Z_2^128 SPDZ2k, CRYPTO 2018). Where shares and keys come from says
// tools/preprocessing.h.
//
// Words hold all shares of values first, then those of each product with a key. What is opened is
// believed at first; `proof` adds up, with factors that were drawn later, by how much all that was
// opened since fits its products with the keys: the proofs of all add up to zero, or somebody has
// cheated, whichever way it was opened (tools/openings.h). A cheat goes unnoticed with probability
// 1/p over a field with one key, about 2^-57 over Z_2^128, 2^-keys over GF(2).
#pragma once

#include <initializer_list>

#include "models/mpc/tools/openings.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

/// Shares of x and y, and of sums of their products.
struct Triples {
  Words x;
  Words y;
  Words sums;
};

class Authenticated {
 public:
  /// Among the seats of the plan; over GF(2) (bit_domain) each key is one bit, over others one
  /// element.
  Authenticated(Session& session, const OpeningPlan& plan, const Domain& domain, std::size_t keys)
      : session_(session), plan_(plan), domain_(domain), key_count_(keys) {}

  const Domain& domain() const { return domain_; }
  std::size_t key_count() const { return key_count_; }
  std::size_t components() const { return 1 + key_count_; }
  const OpeningPlan& plan() const { return plan_; }
  /// Shares of all keys; first of all.
  void set_keys(Words keys);
  std::span<const Word> key(std::size_t k) const {
    return std::span{keys_}.subspan(k * domain_.width(), domain_.width());
  }
  /// Each value times a key, of what this seat knows of the key.
  Words times_key(std::size_t k, std::span<const Word> values) const;

  /// Values only: what all opened.
  Task<Words> open(const Words& shares);
  /// All of these are zero, or the next proof will not hold. No message.
  void expect_zero(const Words& shares);
  /// Shares of the sums of `length` products each, by a triple a product: two elements a product
  /// are opened.
  Task<Words> multiply(std::span<const Word> a, std::span<const Word> b, std::size_t length,
                       const Triples& triples);

  void add_known(std::span<Word> shares, std::span<const Word> known) const;
  /// Each value times one known element.
  Words times_known(std::span<const Word> shares, std::span<const Word> known) const;
  /// Of each component, all elements of a run of `length` added up.
  Words summed(const Words& shares, std::size_t length) const;
  /// Of each component the elements from `first` on.
  Words part(const Words& shares, std::size_t first, std::size_t elements) const;
  /// One behind the other.
  Words joined(std::initializer_list<const Words*> all) const;
  /// Of all values with factors that are drawn, but the last one, which is a mask: one element
  /// (over GF(2) one word, of GF(2^64)).
  Words combination(Prg& factors, const Words& shares) const;

  /// Of all that was opened since the last one: `keys` elements (words over GF(2)).
  Words proof(Prg& factors);
  std::size_t proof_words() const { return key_count_ * domain_.width(); }

 private:
  /// The sum of all, each times its factor: over GF(2) words are elements of GF(2^64).
  Words combined(std::span<const Word> factors, std::span<const Word> elements) const;
  void note(std::span<const Word> opened, const Words& shares);
  bool computes() const { return session_.self() < plan_.n; }
  double product_cost() const;

  Session& session_;
  OpeningPlan plan_;
  const Domain& domain_;
  std::size_t key_count_;
  Words keys_;                        // shares; at a dealer the keys
  Words opened_ = {};                 // since the last proof
  std::vector<Words> products_ = {};  // shares, by key
};

}  // namespace evenkeel

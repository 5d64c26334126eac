// Replicated sharing among three: a secret is x0 + x1 + x2, and seat i holds x_i and x_{i+1}
// (Araki et al., CCS 2016). What protocols on it share, over any ring whose elements are words.
//
// The key of x_i is known to the seats i and i-1, the two that hold x_i; both draw from it in the
// same order.
#pragma once

#include <optional>

#include "models/mpc/session.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

/// Z_2^64.
struct WordRing {
  static Word add(Word a, Word b) { return a + b; }
  static Word subtract(Word a, Word b) { return a - b; }
  static Word multiply(Word a, Word b) { return a * b; }
};
/// GF(2), 64 at a time.
struct BitRing {
  static Word add(Word a, Word b) { return a ^ b; }
  static Word subtract(Word a, Word b) { return a ^ b; }
  static Word multiply(Word a, Word b) { return a & b; }
};

/// Of n words: x_i of all, then x_{i+1} of all.
struct Replicated {
  Words words;

  Replicated() = default;
  explicit Replicated(std::size_t count) : words(2 * count) {}
  std::size_t count() const { return words.size() / 2; }
  std::span<Word> own() { return std::span{words}.first(count()); }
  std::span<Word> next() { return std::span{words}.last(count()); }
  std::span<const Word> own() const { return std::span{words}.first(count()); }
  std::span<const Word> next() const { return std::span{words}.last(count()); }
};

class ReplicatedSeat {
 public:
  explicit ReplicatedSeat(Session& session) : session_(session) {}

  Session& session() const { return session_; }
  Seat self() const { return session_.self(); }
  Seat after() const { return (self() + 1) % 3; }
  Seat before() const { return (self() + 2) % 3; }

  /// Sends the key of its own shares to the seat before: 16 bytes, one round.
  Task<> agree_on_keys();

  /// Words known to this seat and the one before, and to this seat and the one after.
  Prg& own_stream() { return *own_; }
  Prg& next_stream() { return *next_; }

  /// Adds a share of zero: what the three add sums to nothing, and each alone is uniform.
  template <class Ring>
  void add_zero(std::span<Word> words);
  /// From one summand each, the own share, to replicated shares: a word each is sent. The summands
  /// must be masked.
  Task<> reshare(Replicated& summands);
  template <class Ring>
  Task<Replicated> multiply(std::span<const Word> a_own, std::span<const Word> a_next,
                            std::span<const Word> b_own, std::span<const Word> b_next);

  /// Of a vector of which this seat has two shares, the third: from the seat before, 8 B a word,
  /// with a hash of it from the seat after, 32 B. If they differ, the session ends.
  Task<Words> lacking(std::span<const Word> own, std::span<const Word> next, std::string_view step);
  /// Ends the session because one of the others must have deviated in that step.
  Session::Forever accuse(std::string_view step);

  struct Product {
    Replicated v;
    Replicated vw;
  };
  /// Shares of `values` words v that the seat `knower` alone knows, and of the first `products` of
  /// them times words w that the two others know; each seat gives what it knows. One round: the
  /// knower sends 2 `values` words, each of the others `products`.
  template <class Ring>
  Task<Product> known_product(Seat knower, std::size_t values, std::size_t products,
                              std::span<const Word> known);

 private:
  template <class Ring>
  void mask(std::span<Word> words);

  Session& session_;
  std::optional<Prg> own_;
  std::optional<Prg> next_;
};

}  // namespace evenkeel

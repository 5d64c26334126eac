// Random shares and shares of zero without a message (Cramer, Damgard & Ishai, TCC 2005): every
// set of n-t seats has a key that its members draw from. The word of a set is spread by the
// polynomial of degree t that is 1 at 0 and 0 at all seats outside; the sum over the sets is a
// Shamir share of the sum of their words, of which t seats miss the word of the set without them.
//
// All members of a set draw alike, so that nobody can give false shares of such a secret.
#pragma once

#include <optional>
#include <vector>

#include "models/mpc/tools/shamir.h"

namespace evenkeel {

class PseudorandomSharing {
 public:
  /// Sets of seats, as bits.
  using Members = std::uint64_t;

  /// All sets of n-t of n seats, in one order for everybody.
  static std::vector<Members> sets(std::uint32_t n, std::uint32_t t);
  static bool holds(Members set, Seat seat) { return (set >> seat & 1) != 0; }
  /// The member that draws the set's key.
  static Seat leader(Members set);

  PseudorandomSharing(std::uint32_t n, std::uint32_t t, Seat self);

  /// Of the set with that place in sets(n, t); the seat is a member.
  void set_key(std::size_t place, const PrgKey& key);

  /// Shares of degree t of uniform secrets.
  Words random(std::size_t count);
  /// Shares of degree 2t of zero, uniform beyond that: the sum over j = 1 .. t of x^j times the
  /// shares of a random secret (`terms`, one vector a j).
  Words zeros(std::size_t count);
  static Words zeros_from(std::span<const Words> terms, Seat seat);
  std::uint32_t degree() const { return t_; }
  /// Words that this seat draws for one random secret.
  std::size_t words_a_secret() const { return held_.size(); }

 private:
  struct Held {
    std::size_t place = 0;
    Word coefficient = 0;  // of this seat's share
    std::optional<Prg> stream = {};
  };

  std::uint32_t t_;
  Seat self_;
  std::vector<Held> held_;
};

}  // namespace evenkeel

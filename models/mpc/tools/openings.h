// The ways in which seats can learn the sum of what each has: who sends to whom. An opening is of
// what is told to all of them anyway, so that what one sees of it on the way does not matter. Who
// deviates on the way makes all the others believe in another sum: only for those that do not.
//
//   way      rounds      messages   sent by one, in openings' size
//   direct   1           n (n-1)    n-1
//   king     2           2 (n-1)    n-1 by seat 0, 1 by the others
//   ring     n-1         n (n-1)    n-1, all of it to the next: neighbours alone need a link
//   tree     2 log2(n)   2 (n-1)    up to 3: to two children and a parent
//   If only the first k have something to add, the others send nothing but what they pass on.
#pragma once

#include <array>
#include <string_view>

#include "models/mpc/domain.h"
#include "models/mpc/session.h"
#include "models/runtime/fields.h"

namespace evenkeel {

enum class Openings { direct, king, ring, tree };
inline constexpr std::array<std::string_view, 4> opening_ways{"direct", "king", "ring", "tree"};

struct OpeningSettings {
  Openings openings = Openings::direct;
  void describe(Fields& fields);
};

/// Among the seats 0 .. n-1 of a session.
struct OpeningPlan {
  Openings way = Openings::direct;
  Seat n = 2;
  Seat adding = n;  // how many of the first have something to add; the others give zeros

  std::uint32_t rounds() const;
  /// How many times an opening's size that seat sends.
  std::uint32_t sent_by(Seat seat) const;
  /// Seat 0 knows the sum so early that it can tell somebody else in the same rounds.
  bool has_speaker() const { return way == Openings::king || way == Openings::tree; }

  /// The sum at each of them. Of each element of the domain the low `bytes` travel.
  Task<Words> open(Session& session, const Domain& domain, Words shares, std::size_t bytes) const;

 private:
  Seat parent(Seat seat) const { return way == Openings::king ? 0 : (seat - 1) / 2; }
  std::vector<Seat> children(Seat seat) const;
};

/// Of each element of `width` words the low `bytes`, and back, filled up with zeros.
SecretBytes narrowed(std::span<const Word> words, std::size_t width, std::size_t bytes);
Words widened(std::span<const std::byte> narrow, std::size_t width, std::size_t bytes);

}  // namespace evenkeel

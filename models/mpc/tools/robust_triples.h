// Secrets a, b and a b of degree t among n parties of whom t, 3t < n, may do anything.
//
// From keys (tools/pseudorandom_sharing.h) all have shares, right by themselves, of random a, b and
// r of degree t and of a zero z of degree 2t. Party i says h_i = a_i b_i - r_i - z_i to all, and
// all agree on what each said (tools/robust_group.h). Of n points at most t are false, and n - t >
// 2t are not: so false ones show, though they cannot be corrected. Where they show, that a, b, r
// and z's summands are opened, which gives every right h_i: the liars are known to all and left out
// from then on, as in Beerliova-Trubiniova & Hirt's player elimination (TCC 2008), and the triple
// is given up. Where none shows, h(0) + r is a b. At most t searches in all.
//
//   n-1 words a triple and party, agreement on n vectors; 3 + t words more at each search
#pragma once

#include "models/mpc/tools/robust_seat.h"

namespace evenkeel {

struct Triples {
  Words a = {};
  Words b = {};
  Words product = {};
};

class RobustTriples {
 public:
  explicit RobustTriples(RobustSeat& seat) : seat_(seat), is_out_(seat.parties(), false) {}

  /// Makes as many as lack to have so many.
  Task<> prepare(std::size_t count);
  /// Of those that were prepared.
  Triples take(std::size_t count);
  std::size_t stock() const { return stock_.a.size(); }

  std::uint64_t sent_bytes(std::size_t count) const;
  std::uint32_t rounds() const { return 1 + seat_.group().agreement_rounds(); }

 private:
  struct Batch;

  Task<> make(std::size_t count);
  Task<> search(Batch& batch, std::size_t place);

  RobustSeat& seat_;
  Triples stock_;
  std::vector<bool> is_out_;  // alike at all honest parties
};

}  // namespace evenkeel

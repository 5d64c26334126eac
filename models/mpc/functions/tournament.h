// Which of many secrets is the smallest, the first of them if several are: a tournament in groups
// of k. In a group all pairs are compared at once; the winner is who wins all its pairs, a product;
// its value and its place are the sums of all values and places, each times whether it is the
// winner.
//
// With k = 2 it is the tree (n-1 comparisons, log2 n levels), with k = n all pairs at once
// (n (n-1) / 2 comparisons, one level). Which k is fastest is a matter of round trips and
// bandwidth.
#pragma once

#include "models/mpc/function.h"

namespace evenkeel {

enum class Prize { value, place };

struct TournamentTerms {
  Prize prize = Prize::place;
  int bits = 63;      // of the difference of two values
  std::size_t k = 0;  // 0: what takes least time by the protocol's own formula
};

Task<Secrets> smallest(Protocol& protocol, const Secrets& values, const TournamentTerms& terms,
                       const Problem& problem);

}  // namespace evenkeel

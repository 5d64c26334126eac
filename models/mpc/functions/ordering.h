// Secrets in their order, without anybody learning which of them went where.
//
// By pairs: all n (n-1) / 2 are compared at once; the outcomes of a value add up to its rank; the
// ranks are compared with the wanted ones, which marks who stands there. Two comparisons deep, n^2
// wide.
//
// By a network: Batcher's merge exchange sort for any n (Batcher, "Sorting networks and their
// applications", AFIPS 1968; Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M): t (t+1)
// / 2 layers of at most n/2 comparators, t = ceil(log2 n), each layer one comparison and one
// multiplication deep.
#pragma once

#include "models/mpc/function.h"

namespace evenkeel {

enum class Ordering { fastest, pairs, network };

/// The setting that all functions of order have.
void describe_ordering(Fields& fields, Ordering& by);

struct OrderTerms {
  Ordering by = Ordering::fastest;  // fastest: by the protocol's own formula
  int bits = 62;                    // magnitudes stay below 2^bits
  bool values = true;               // what is wanted of a rank: the value
  bool places = false;              // which it was; equal values stand in the order of places
};

/// What stands at these ranks in ascending order, from 0: their values, then their places.
Task<Secrets> at_ranks(Protocol& protocol, const Secrets& values,
                       std::span<const std::size_t> wanted, const OrderTerms& terms,
                       const Problem& problem);

/// Of each value how many stand before it; by pairs. Magnitudes stay below 2^bits.
Task<Secrets> ranks_of(Protocol& protocol, const Secrets& values, int bits);

/// Needs::value_bits of it, for `count` values.
int order_bits(std::size_t count, const OrderTerms& terms);

struct Comparator {
  std::size_t low = 0;  // where the smaller goes
  std::size_t high = 0;
};
/// The network, layer by layer; in a layer every place comes once at most.
std::vector<std::vector<Comparator>> sorting_network(std::size_t count);

}  // namespace evenkeel

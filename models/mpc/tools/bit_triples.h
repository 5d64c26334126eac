// Authenticated triples x, y, x y of bits, made among seats that deviate, without a dealer: the
// authenticated ANDs of Wang, Ranellucci and Katz, "Global-scale secure multiparty computation",
// CCS 2017, section 5, for keys of 40 bits that all share.
//
// x and y are bits that transfers authenticate (authentication.h). With the row of each x_i a seat
// gets from each other one x_i times what that one has of y and of its products with the keys, 41
// bits, so that all share x y and its products with the keys. Told wrongly, these do not fit one
// another where x_i = 1, which ends it; where x_i = 0 the cheat learns that. Thus all are checked,
// then thrown into buckets, and the sum of a bucket's x is hidden unless all of it leaked
// (buckets.h). Each sends each other one, for N triples from n = B N:
//
//   rows         16 B for each of 2 n + 64 bits, and a check                 3 rounds
//   products     8 B for each of n                                           1
//   a coin, an opened sum of all, a proof                                    7
//   merge        y_1 + y_k in each bucket: B - 1 bits                        1
//   in all 12 rounds and about 40 B B a triple; B is 7 for the fewest, 4 from 5000 on
#pragma once

#include "models/mpc/tools/authentication.h"
#include "models/mpc/tools/transfer_cost.h"

namespace evenkeel {

class BitTriples {
 public:
  explicit BitTriples(Authentication& authentication) : authentication_(authentication) {}

  /// Words of 64.
  Task<Triples> make(std::size_t words);
  static TransferCost cost(const AuthenticatedSeat& seat, std::size_t words);

 private:
  // Bit words.
  struct Leaky {
    Words x;
    Words y;
    Words z;
  };
  Task<Words> cross_products(const PairwiseTransfers::Rows& rows, std::span<const Word> choices,
                             const Words& x, const Words& y);
  Task<Triples> merged(const Leaky& leaky, std::size_t buckets, Prg& coin);

  Authentication& authentication_;
};

}  // namespace evenkeel

// Authenticated triples x, y, x y of numbers, made among seats that deviate, without a dealer:
// Keller, Orsini and Scholl, "MASCOT", CCS 2016, section 5, with the combination of Cramer,
// Damgard, Escudero, Scholl and Xing, "SPDZ2k", CRYPTO 2018, section 5, over both GF(2^61-1) and
// Z_2^128.
//
// Each seat has T random bits a_t and a random b for each product: T = 4 s + 2 k, 256 or 384. For
// each pair, and both ways, a's owner chooses by a_t between m_t and m_t' of a transfer; the other
// one tells m_t - m_t' + b, so that they share a_t b, and altogether all share a_t times the sum of
// all b. Each sends each other one, for a product, of l = 8 or 16 B:
//
//   rows           16 T B and a check: tools/pairwise_transfers.h              3 rounds
//   differences    T l                                                         1
//   a coin         factors w_t, w_t': x = sum w_t a_t, x' = sum w_t' a_t,
//                  and so z, z' of the shares, so that a cheat that has learnt some a_t from wrong
//                  differences knows nothing of x                              2
//   authenticate   x, y = b, z, x', z': 5 times 61 l or 64 l                   1
//   a coin         for the check of what was entered, and a factor f           2
//   open           f x - x'                                                    1
//   prove          that, and that f z - z' - y (f x - x') = 0: the triple is right, or with chance
//                  2^-61 or 2^-64 it is not                                    4
//   in all 14 rounds, with l = 8 B 8592 B a product, with 16 B 17424 B
#pragma once

#include "models/mpc/tools/authentication.h"
#include "models/mpc/tools/transfer_cost.h"

namespace evenkeel {

class NumberTriples {
 public:
  /// Products made in one session, at most.
  static constexpr std::size_t most_products = 20'000;

  explicit NumberTriples(Authentication& authentication) : authentication_(authentication) {}

  /// One a product.
  Task<Triples> make(std::size_t products);
  static TransferCost cost(const AuthenticatedSeat& seat, std::size_t products);
  /// The last steps, of shares of x, y, z, x', z' and a mask: ends the session if z is not x y.
  Task<Triples> sacrificed(const Words& shares, std::size_t products);

 private:
  Task<Triples> make_some(std::size_t products);
  Task<Words> cross_products(const Words& choices, const Words& factors);

  Authentication& authentication_;
  std::size_t made_ = 0;
};

}  // namespace evenkeel

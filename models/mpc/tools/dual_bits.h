// Random bits that nobody knows, authenticated twice: over GF(2) and as numbers 0 and 1, made among
// seats that deviate, without a dealer ("daBits": Rotaru and Wood, "MArBled circuits", INDOCRYPT
// 2019).
//
// Each seat enters random bits of its own in both domains (authentication.h). All are thrown into
// buckets (buckets.h). Some are opened; of each bucket the first bit is kept and held against each
// other one: of v = b_1 + b_k, opened over GF(2), must follow b_1 - b_k = 0 or b_1 + b_k - 1 = 0 as
// numbers. Two that are wrong by the same pass, so that a cheat would have to guess a whole bucket.
// Kept bits of all seats are added up: over GF(2) without a message; as numbers by a + b - 2 a b, a
// triple for each seat but one (number_triples.h). Each sends each other one, for N bits of
// m = B N + 64 each:
//
//   rows            16 B for each of m + 64 bits, and a check                       3 rounds
//   numbers         m + 1 products with keys                                        1
//   a coin          for the check and the buckets                                   2
//   open            sums; what is looked at, v of all seats                         2
//   prove                                                                           4
//   triples         n - 1 for each                                                  14
//   open            2 l a product                                                   n - 1
#pragma once

#include "models/mpc/tools/number_triples.h"
#include "models/mpc/tools/preprocessing.h"

namespace evenkeel {

class DualBits {
 public:
  DualBits(Authentication& authentication, NumberTriples& triples)
      : authentication_(authentication), triples_(triples) {}

  Task<BothDomains> make(std::size_t count);
  static TransferCost cost(const AuthenticatedSeat& seat, std::size_t count);

  // Its steps.

  /// By owner, bit words and numbers of its private bits.
  struct Entered {
    std::vector<Words> bits;
    std::vector<Words> numbers;
  };
  static std::size_t entered_bits(std::size_t count);
  Task<Entered> entered(std::size_t bits);
  /// With all places in a random order; the next proof fails if any are not the same.
  Task<> compare(const Entered& all, const std::vector<std::uint32_t>& places, std::size_t count);

 private:
  Task<BothDomains> added(const Entered& all, const std::vector<std::uint32_t>& places,
                          std::size_t count);

  Authentication& authentication_;
  NumberTriples& triples_;
};

}  // namespace evenkeel

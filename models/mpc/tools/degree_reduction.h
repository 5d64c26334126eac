// From shares of degree 2t, as local products are, to shares of degree t: by dealing the shares
// again (Gennaro, Rabin & Rabin, PODC 1998) among 3 or 4 parties, by kings (ATLAS: Goyal, Li,
// Ostrovsky, Polychroniadou & Song, CRYPTO 2021) from 5. The first m = 2t+1 parties do it.
//
//   dealt again  party i of m deals h_i; share = sum of lambda_i times those
//   by kings     blocks of m products; product k's king is party k mod m
//     round 1    i of m deals a random r_i; the same r_i with degree 2t, all from seeds; product k
//     is
//                masked by the mixture R_k of all r_i; i -> king: h_i + R_k,i
//     round 2    the king deals e = a b + R_k; share = e's less R_k's of degree t
//   Of the m mixtures any t+1 are uniform for whoever knows t of the r_i, and t kings see t of the
//   e.
#pragma once

#include "models/mpc/tools/shamir_seat.h"

namespace evenkeel {

class DegreeReduction {
 public:
  DegreeReduction(Session& session, ShamirSeat& seat) : session_(session), seat_(seat) {}

  Task<Words> reduce(Words products) {
    return has_kings() ? by_kings(std::move(products)) : reshared(std::move(products));
  }
  std::uint64_t sent_bytes(Seat seat, std::size_t count) const;
  /// Of these, what is offline: masks, in the first of two rounds.
  std::uint64_t mask_bytes(Seat seat, std::size_t count) const;
  std::uint32_t rounds() const { return has_kings() ? 2 : 1; }
  bool has_kings() const { return session_.parties() >= 5; }

 private:
  std::uint32_t m() const { return 2 * seat_.degree() + 1; }
  Seat self() const { return session_.self(); }
  std::size_t blocks_of(std::size_t count) const { return (count + m() - 1) / m(); }
  std::size_t king_count(Seat king, std::size_t count) const {
    return (count + m() - 1 - king) / m();
  }

  Task<Words> reshared(Words products);
  Task<Words> by_kings(Words products);
  Words deal_masks(std::vector<Words>& high, std::size_t blocks);

  Session& session_;
  ShamirSeat& seat_;
};

}  // namespace evenkeel

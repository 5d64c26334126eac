// Products of numbers of one seat and numbers of another, as shares of Z_2^64: Gilboa, "Two party
// RSA key generation", CRYPTO 1999.
//
// One correlated transfer a bit of the second factor: bit i of y chooses between r_i and r_i + x,
// of which only 64 - i bits count, so that two of them fit into a word (i and 64 - i).
//   round 1  the transfers' rows: 1024 B a product by the seat that chooses
//   round 2  260 B a product by the other
#pragma once

#include "models/mpc/tools/oblivious_transfer.h"

namespace evenkeel {

/// What the sender of the transfers tells of so many products.
constexpr std::uint64_t product_bytes(std::size_t products) {
  return 8 * (32 * products + (products + 1) / 2);
}

/// A share of each factors[i] times the other seat's i-th.
Task<Words> products_by_sender(Session& session, Seat receiver, TransferSender& transfers,
                               std::span<const Word> factors);
Task<Words> products_by_receiver(Session& session, Seat sender, TransferReceiver& transfers,
                                 std::span<const Word> factors);

}  // namespace evenkeel

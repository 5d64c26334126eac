// Oblivious transfers among all pairs of n seats, both ways, under one delta a seat, against seats
// that deviate: checked base transfers (base_transfer_check.h), extended (oblivious_transfer.h) and
// checked (transfer_check.h), and products with keys (correlated_product.h) from the same base.
// Every seat 0 .. n-1 of the session calls the same in the same order.
//
//   each to each other                                                                    rounds
//   set_up     as sender and as receiver of 128 base transfers: 4096 + 2048 + 6240 B           5
//   rows       16 B a transfer, and for the check 1024 + 16 + 1032 B                           3
//   products   key_bits elements a number                                                      1
#pragma once

#include "models/mpc/tools/base_transfer_check.h"
#include "models/mpc/tools/correlated_product.h"
#include "models/mpc/tools/transfer_check.h"

namespace evenkeel {

class PairwiseTransfers {
 public:
  PairwiseTransfers(Session& session, Seat seats) : session_(session), seats_(seats) {}

  Task<> set_up();
  const Block& delta() const { return delta_; }

  /// By seat; one's own is empty.
  struct Rows {
    std::vector<Blocks> chosen;   // t_j, towards each other as sender: t_j ^ q_j = c_j delta
    std::vector<Blocks> offered;  // q_j, of each other as receiver
  };
  /// Each chooses in words of 64, all as many.
  Task<Rows> rows(Words choices);

  /// What hides both messages of the next transfers offered to that seat, and what hides those
  /// that were chosen of it: robust also where what is hidden depends on delta (fixed_key_hash.h).
  BlockPairs offered_masks(Seat receiver, std::span<const Block> rows);
  Blocks chosen_masks(Seat sender, std::span<const Block> rows);

  /// By owner, this seat's share of each number times the sum of all keys. `numbers` are its own,
  /// as many at all; owners left out have none, and no shares.
  Task<std::vector<Words>> products(const Domain& domain, std::vector<Seat> owners, Words numbers);

  // Sent to each other seat.
  static constexpr std::uint64_t set_up_bytes =
      base_sender_bytes + base_receiver_bytes + base_sender_check_bytes + base_receiver_check_bytes;
  static constexpr std::uint32_t set_up_rounds = checked_base_rounds;
  static constexpr std::uint64_t rows_bytes(std::size_t words) {
    return transfer_bytes(64 * words + transfers_spent_on_check) + check_sender_bytes +
           check_receiver_bytes;
  }
  static constexpr std::uint32_t rows_rounds = 3;
  static std::uint64_t product_bytes(const Domain& domain, std::size_t elements) {
    return 8 * domain.width() * key_bits(domain) * elements;
  }
  // Of local computation, for each other seat.
  static double set_up_work();
  static double rows_work(std::size_t words);
  static double masks_work(std::size_t words);  // both ways, and what is done with them
  static double product_work(const Domain& domain, std::size_t elements);

 private:
  Seat self() const { return session_.self(); }
  bool is_other(Seat seat) const { return seat != self(); }

  Session& session_;
  Seat seats_;
  FixedKeyHash hash_{"pairwise transfers"};
  Block delta_ = {};
  std::vector<TransferSender> senders_;      // by seat; one's own is not used
  std::vector<TransferReceiver> receivers_;  // by seat
  std::vector<Word> offered_ = {};           // by seat, how many masks were made
  std::vector<Word> chosen_ = {};
};

}  // namespace evenkeel

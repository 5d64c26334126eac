// Authenticated shares (authenticated.h) of what seats have, made among them without a dealer: each
// seat's own part of the keys is its delta of tools/pairwise_transfers.h, and each product with it
// a transfer. The lowest 40 bits but one of delta are keys of bits, the upper half that of numbers.
//
// Numbers: MASCOT, section 4 (products with keys); bits: the rows of transfers as they are, t_j and
// q_j being shares of c_j delta (Nielsen, Nordholt, Orlandi and Burra, "A new approach to practical
// active-secure two-party computation", CRYPTO 2012). `check` opens a sum with random factors of
// all that was entered, hidden by a mask, and proves it: a seat that has told others different
// numbers is caught with the chances of authenticated.h; with a smaller one it learns that it would
// have been, which tells bits of others' keys at the price of an end for each with chance 1/2.
#pragma once

#include "models/mpc/tools/authenticated_seat.h"
#include "models/mpc/tools/pairwise_transfers.h"

namespace evenkeel {

/// An authenticated bit in one word: its share, then those of its products with the keys.
inline constexpr std::size_t bit_word_planes = 1 + AuthenticatedSeat::bit_keys;
inline constexpr Word bit_word_mask = (Word{1} << bit_word_planes) - 1;

class Authentication {
 public:
  Authentication(AuthenticatedSeat& seat, PairwiseTransfers& transfers)
      : seat_(seat), transfers_(transfers) {}

  AuthenticatedSeat& seat() const { return seat_; }
  PairwiseTransfers& transfers() const { return transfers_; }

  /// After the transfers' set-up.
  void set_keys();

  /// Shares of the sum of what all have. One round.
  Task<Words> numbers(Words mine);
  /// By owner, of what each of these has.
  Task<std::vector<Words>> numbers_of(std::vector<Seat> owners, Words mine);

  /// Bit words, by owner, of what each has chosen in these rows.
  std::vector<Words> bits_of(const PairwiseTransfers::Rows& rows, std::span<const Word> choices);
  /// Of the sum.
  Words bits(const PairwiseTransfers::Rows& rows, std::span<const Word> choices);
  /// As Authenticated has it: their planes. Filled up with zeros to words.
  static Words shares_of(const Words& bit_words);

  /// Opens sums that say whether all was entered right; `prove` has to follow. Each of the vectors
  /// ends with a mask: an element, or a word of bits. An opening each, if there are any.
  Task<> open_sums(Prg& factors, const std::vector<Words>& numbers, const std::vector<Words>& bits);

 private:
  AuthenticatedSeat& seat_;
  PairwiseTransfers& transfers_;
};

}  // namespace evenkeel

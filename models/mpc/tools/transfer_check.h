// Has the receiver of extended transfers (oblivious_transfer.h) made the same choice in all 128
// columns? If not, it would learn bits of the sender's delta.
//
// Keller, Orsini and Scholl, "Actively secure OT extension with optimal overhead", CRYPTO 2015, in
// its corrected form (ePrint 2015/546 of 2022; Roy, "SoftSpokenOT", CRYPTO 2022): columns are cut
// into words, elements of GF(2^64), and hashed to their sums with factors f that the sender draws
// afterwards. Since q_i = t_i ^ delta_i c for each column i, so it is for the sums.
//
//   sender -> receiver   a key from which the factors are drawn             16 B
//   receiver -> sender   sum f c, and for each column sum f t_i             8 + 128 * 8 B
// Two rounds after the rows. The last 64 transfers are spent on it: they hide the sum of choices.
// A receiver that deviates in some columns passes only if it guesses delta's bits there, or with
// chance 2^-64.
#pragma once

#include "models/mpc/tools/oblivious_transfer.h"

namespace evenkeel {

inline constexpr std::size_t transfers_spent_on_check = 64;
inline constexpr std::uint64_t check_sender_bytes = 16;
inline constexpr std::uint64_t check_receiver_bytes = 8 * (1 + base_transfers);

// Steps; rows and choices with those that are spent.

/// Of the sender, once it has the rows.
PrgKey challenge_transfers(Session& session, Seat receiver);
/// Of the receiver.
Task<> answer_challenge(Session& session, Seat sender, std::span<const Word> choices,
                        const Blocks& rows);
/// Of the sender: ends the session if the receiver deviates.
Task<> check_transfers(Session& session, Seat receiver, const PrgKey& challenge, const Block& delta,
                       const Blocks& rows);

}  // namespace evenkeel

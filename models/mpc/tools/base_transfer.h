// 128 oblivious transfers of random keys from scratch: of two keys that the sender gets the
// receiver gets the one it chose, and the sender does not learn which.
//
// Chou and Orlandi, "The simplest protocol for oblivious transfer", LATINCRYPT 2015, in the group
// ristretto255 (libsodium):
//   sender -> receiver   S = y B                                     32 B
//   receiver -> sender   R_i = x_i B, plus S where it chose the second   128 * 32 B
//   keys                 BLAKE2b of session, i, S, R_i and y R_i or y (R_i - S); x_i S
// Two rounds. Private against semi-honest seats (the hash a random oracle).
#pragma once

#include <array>

#include "models/mpc/session.h"
#include "models/mpc/tools/fixed_key_hash.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

inline constexpr std::size_t base_transfers = 128;
/// What the two send.
inline constexpr std::uint64_t base_sender_bytes = 32;
inline constexpr std::uint64_t base_receiver_bytes = 32 * base_transfers;

using BaseKeys = std::array<PrgKey, base_transfers>;

/// Both keys of each.
Task<std::array<BaseKeys, 2>> send_base_keys(Session& session, Seat receiver);
/// Transfer i: the second key where bit i is 1.
Task<BaseKeys> receive_base_keys(Session& session, Seat sender, Block choices);

}  // namespace evenkeel

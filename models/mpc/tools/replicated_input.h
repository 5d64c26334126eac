// Secrets of many owners as replicated shares of three (replicated.h): a party keeps two summands
// from its streams and tells the next the third; a client gives two summands as seeds.
//
//   a party i    i -> i+1: x less what it drew                                8 B a number
//   a client     -> the two that hold it: each of two seeds, x less both      16 B a number, 64 B
#pragma once

#include <vector>

#include "models/mpc/domain.h"
#include "models/mpc/tools/replicated.h"

namespace evenkeel {

/// Over Z_2^64. For each owner its shares: all own ones, then all of the next; nothing at a client.
/// One round.
Task<std::vector<Words>> replicated_inputs(ReplicatedSeat& seat, std::span<const Seat> owners,
                                           const Words& mine, std::size_t count);

/// What a client tells the parties of its elements, over any domain: `pack` makes of the last
/// summand, which no seed gives, what travels.
void enter_replicated(Session& session, const Domain& domain, Words elements,
                      SecretBytes (*pack)(std::span<const Word> elements));

/// A summand that a client gave as a seed.
Task<> hear_seeded(Session& session, Seat client, std::span<Word> into);

}  // namespace evenkeel

// Secrets of many owners as replicated shares modulo 2^104 of three parties, such that all of them
// mean the same numbers: what a client tells two parties, these compare.
#pragma once

#include <vector>

#include "models/mpc/cost.h"
#include "models/mpc/tools/replicated.h"

namespace evenkeel {

/// For each owner its shares (elements of ring104), all own ones, then all of the next; nothing at
/// a client. An owner that is a party sends 13 B a number, a client 26 B and four keys, after
/// which each party sends a hash.
Task<std::vector<Words>> checked_inputs(ReplicatedSeat& seat, std::span<const Seat> owners,
                                        const Words& mine, std::size_t count);
Cost checked_input_cost(std::size_t seats, std::span<const Seat> owners, std::size_t count);

}  // namespace evenkeel

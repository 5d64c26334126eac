// Secrets of many owners as replicated shares of four parties (replicated4.h), such that all of
// them mean the same numbers: what an owner tells several parties, these compare.
#pragma once

#include <vector>

#include "models/mpc/cost.h"
#include "models/mpc/tools/replicated4.h"

namespace evenkeel {

/// For each owner the shares kept here; nothing at a client. An owner that is a party sends 16 B a
/// number, a client 24 B and nine keys; each two parties that were told a summand then send each
/// other a hash of all such. Two rounds.
Task<std::vector<Words>> replicated4_inputs(Replicated4Seat& seat, std::span<const Seat> owners,
                                            const Words& mine, std::size_t count);
Cost replicated4_input_cost(std::size_t seats, std::span<const Seat> owners, std::size_t count);

}  // namespace evenkeel

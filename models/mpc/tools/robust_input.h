// Secrets of many owners as Shamir shares of parties some of whom do anything (robust_seat.h): an
// owner is told a random mask and says to all by how much the mask misses, on which the parties
// agree. Who says nothing that can be agreed on enters 0.
//
//   round 1     party -> owner: its share of the mask, 8 B a number       offline
//   round 2     owner -> all: the difference, 8 B a number
//   agreement   on what all owners said (robust_group.h)
//   Where a party has nothing to say to another in a round of parties, it says a byte.
#pragma once

#include "models/mpc/cost.h"
#include "models/mpc/tools/robust_seat.h"

namespace evenkeel {

/// For each owner this party's shares of its elements; nothing at a client.
Task<std::vector<Words>> robust_inputs(RobustSeat& seat, std::span<const Seat> owners,
                                       const Words& mine, std::size_t count);
Cost robust_input_cost(const RobustSeat& seat, std::span<const Seat> owners, std::size_t count);

}  // namespace evenkeel

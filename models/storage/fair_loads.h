// How many partitions each member should keep, before it is decided which.
#pragma once

#include <vector>

#include "models/storage/layout.h"

namespace evenkeel {

/// In how many zones each partition is to be, and how many copies of it there can be.
struct Spread {
  std::size_t copies = 0;  // at most one a member
  std::size_t zones = 0;
  std::size_t partitions = 0;  // that there are
};
Spread spread(const std::vector<Member>& members, std::uint32_t copies, std::size_t of_partitions);

/// The members' shares of all partitions' copies (sum: copies * partitions), in their order: in
/// proportion to the capacities as far as one copy a member and the zones allow. There are
/// assignments that give every member its share rounded up or down.
///
/// By symmetry among the partitions a flow through them exists if and only if one exists with all
/// of them as one, and that one is decided by what its zones may hold; so that the best size of a
/// partition, which Garage looks for by bisection over flows, needs none.
std::vector<double> fair_loads(const std::vector<Member>& members, const Spread& wanted);

}  // namespace evenkeel

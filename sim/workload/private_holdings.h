// What the nodes of a private query have, drawn by a seed, and what plain arithmetic says of it.
#pragma once

#include "models/mpc/queries/private_query.h"

namespace evenkeel {

/// What two nodes have and what plain arithmetic says of it, by a seed. Elements are in no order
/// that tells which ones both have; values are below 100.
struct DrawnHoldings {
  std::array<PrivateHolding, 2> holdings = {};
  std::vector<std::byte> rows = {};         // private_retrieval: the table
  std::array<PrivateAnswer, 2> right = {};  // intersections: of each party
};

/// `common` elements are in both sets. `name` begins each element.
DrawnHoldings drawn_holdings(const PrivateQuery& query, std::uint64_t common,
                             const std::string& name, std::uint64_t seed);

/// A retrieval's: what the asker is to learn.
PrivateAnswer right_row(const PrivateQuery& query, const DrawnHoldings& drawn, std::uint64_t place);

}  // namespace evenkeel

// One private query tried out: the two nodes that have what is asked about, and for a retrieval a
// third that asks, in virtual time or on real sockets.
#pragma once

#include "models/mpc/queries/private_query.h"
#include "sim/mpc/lab.h"
#include "sim/mpc/trial.h"

namespace evenkeel {

struct QueryTrial {
  PrivateQuery query = {};
  std::uint64_t common = 0;
  MpcLab lab = {};  // two parties; a retrieval has one client
  Duration patience = seconds(60);
};

/// As `try_out` of a computation. `answer` holds what all seats learned, one after another.
Result<MpcOutcome> try_out(const QueryTrial& trial);

}  // namespace evenkeel

// Seats of a multi-party computation in three worlds: processes over plain TCP on the loopback, the
// same in virtual time, and in one memory without a network.
#pragma once

#include <functional>
#include <limits>

#include "models/mpc/session.h"

namespace evenkeel::bench {

struct Best {
  double seconds = std::numeric_limits<double>::infinity();
  bool right = false;
};

/// What every seat does, whose best time it notes.
using Part = std::function<Task<bool>(Session&, Best&)>;

/// What seat 0 notes. A session that fails is printed.
Best on_sockets(Seat seats, const Part& part);
Best in_memory(Seat seats, const Part& part);
Best in_virtual_time(Seat seats, const Part& part);

}  // namespace evenkeel::bench

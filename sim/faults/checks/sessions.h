// What a client may expect of its own session, and how old an answer may be: checks that hold for
// registers that promise less than linearizability. They accuse only where the times leave no
// doubt, and so are exact on the safe side.
#pragma once

#include "sim/faults/checks/history.h"

namespace evenkeel {

/// No get gives a value that was certainly overwritten by an earlier write of the same client: the
/// value's put was over before that write began, and that write was over before the get began.
HistoryVerdict check_read_your_writes(const History& history);

/// No client gets a value, and later one that had certainly been overwritten by it.
HistoryVerdict check_monotonic_reads(const History& history);

/// No get gives a value that was certainly overwritten by a write that was over more than `bound`
/// before the get began.
HistoryVerdict check_staleness(const History& history, Duration bound);

/// How stale each get was that can be judged: for the report, also where nothing is promised.
std::vector<Duration> staleness_of(const History& history);

}  // namespace evenkeel

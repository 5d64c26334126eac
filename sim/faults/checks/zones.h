// Linearizability of a read-write register whose written values are all different, exactly and in
// O(n log n): Gibbons and Korach, "Testing shared memories", SIAM J. Comput. 26(4), 1997,
// section 4.
//
// Of each value, f is the earliest end and s the latest start among its put and gets. f < s: its
// zone [f, s] is forward, the register must hold it all that time; else [s, f] is backward, one
// instant within is enough. The history is linearizable if and only if no get ends before its put
// starts, no two forward zones overlap, and no backward zone lies inside a forward one. A put of
// unknown outcome ends never, and is left out if nobody got its value; the initial value was put
// before all time.
#pragma once

#include "sim/faults/checks/history.h"

namespace evenkeel {

/// Only gets and puts; each value is put at most once, and the initial one never: our own bug
/// otherwise. The proof names the operations of the values that cannot both be.
HistoryVerdict check_zones(const History& history);

}  // namespace evenkeel

// Linearizability of a register with compare-and-set, by search: Wing and Gong, "Testing and
// verifying concurrent objects", J. Parallel Distrib. Comput. 17, 1993, with Lowe's memory of what
// was tried ("Testing for linearizability", Concurrency Computat. 29(4), 2017), as Porcupine does.
//
// Exponential in the number of operations under way at one time: keep it at ten or so for a key.
#pragma once

#include "sim/faults/checks/history.h"

namespace evenkeel {

enum class Linearizable : std::uint8_t { yes, no, given_up };

struct SearchResult {
  Linearizable answer = Linearizable::yes;
  /// If `no`: the operation that no order can explain, after the longest order that was found.
  std::size_t stuck_at = 0;
  std::uint64_t steps = 0;
};

/// Any mix of gets, puts and compare-and-sets; values may repeat.
SearchResult search_linearization(const History& history, std::uint64_t most_steps = 20'000'000);

/// The same as a verdict. A search that was given up holds.
HistoryVerdict check_linearizable(const History& history, std::uint64_t most_steps = 20'000'000);

}  // namespace evenkeel

// What must be there once all has healed: no acknowledged write lost, nothing deleted back again,
// all copies alike.
#pragma once

#include <span>

#include "sim/faults/checks/history.h"

namespace evenkeel {

/// The value found at the end (`no_such_value`: none) is that of a write that no other certainly
/// overwrote, or the initial one if no write is done. A remove is a put of `no_such_value`.
HistoryVerdict check_final_value(const History& history, HistoryValue found);

/// The history as someone sees it who looks at an instant between `from` and `to`: what began later
/// did not happen, and what was not over before may have or not.
History seen_between(const History& history, Time from, Time to);
/// The history of a key whose store began anew at `at`, with this value, from a backup of an
/// instant not before `cut`: what was written since may still come, all that was seen before is
/// forgotten.
History begun_anew(const History& history, HistoryValue value, Time cut, Time at);

struct ReplicaDigest {
  std::string node = {};
  std::uint64_t digest = 0;
};

/// All replicas of one partition have the same content.
HistoryVerdict check_converged(const std::string& what, std::span<const ReplicaDigest> replicas);

/// What came back is what was put.
HistoryVerdict check_same_bytes(const std::string& what, std::span<const std::byte> put,
                                std::span<const std::byte> got);

}  // namespace evenkeel

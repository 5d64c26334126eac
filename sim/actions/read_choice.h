// How fresh an action's answer is to be, and what is promised of it.
#pragma once

#include <array>

#include "sim/actions/action.h"
#include "sim/faults/checks/witness.h"

namespace evenkeel {

struct ReadChoice {
  std::string level = "strong";
  Duration staleness = seconds(10);

  void describe(Fields& fields) {
    static constexpr std::array<std::string_view, 4> levels = {"strong", "read_your_writes",
                                                               "bounded", "any"};
    fields.option("level", level, levels, {"how fresh the answer is"});
    fields.duration("staleness", staleness, {"bounded: how old at most", 0, 1e6});
  }

  bool is_strong() const { return level == "strong"; }
  /// The devices of a site share a session.
  ReadOptions options(const ActionCall& call) const {
    if (level == "any") return {.level = ReadLevel::any};
    if (level == "bounded") return {.level = ReadLevel::bounded, .staleness = staleness};
    if (is_strong()) return {};
    return {.level = ReadLevel::read_your_writes, .session = call.clients.session};
  }
  /// What is left of a table's promises when some class reads it like this.
  Promises weakened(Promises promises) const {
    const bool is_session = level == "read_your_writes";
    const bool was_strong = promises.linearizable;
    if (is_strong()) return promises;
    promises.linearizable = false;
    promises.read_your_writes = is_session && (was_strong || promises.read_your_writes);
    promises.monotonic_reads = promises.read_your_writes;
    if (level != "bounded") {
      promises.staleness.reset();
    } else if (was_strong || promises.staleness) {
      promises.staleness = std::max(staleness, promises.staleness.value_or(staleness));
    }
    return promises;
  }
};

}  // namespace evenkeel

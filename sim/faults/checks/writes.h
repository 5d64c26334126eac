// The writes of a history, ordered so that what certainly overwrote what is found fast.
#pragma once

#include <map>
#include <optional>

#include "sim/faults/checks/history.h"

namespace evenkeel {

/// A write took effect if it is done (a compare-and-set: and matched), or somebody got its value.
class Writes {
 public:
  explicit Writes(const History& history);

  /// When the value was over being written at the latest, by any write that may have given it to a
  /// get ending at `until`. Nothing: no write can have. The initial value: before all time.
  std::optional<Time> written_by(HistoryValue value, Time until) const;

  /// When the first write of the value began; of the initial one: before all time.
  Time begun_at(HistoryValue value) const;

  /// Of the writes that were over before `before`, the one that began last.
  struct Last {
    std::size_t operation = 0;
    Time start{};
  };
  std::optional<Last> last_over_before(Time before) const;

  const History& history() const { return history_; }

 private:
  const History& history_;
  std::map<HistoryValue, std::vector<std::size_t>> by_value_;
  std::vector<std::pair<Time, Last>> over_;  // by end, with the latest start so far
};

}  // namespace evenkeel

#include "sim/faults/checks/writes.h"

namespace evenkeel {

Writes::Writes(const History& history) : history_(history) {
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& operation = history.operations[i];
    if (!operation.is_write() || !operation.matched) continue;
    by_value_[operation.value].push_back(i);
    if (operation.outcome == OperationEnd::done)
      over_.push_back({operation.end, {i, operation.start}});
  }
  std::ranges::stable_sort(over_, {}, &std::pair<Time, Last>::first);
  for (std::size_t i = 1; i < over_.size(); ++i)
    if (over_[i - 1].second.start > over_[i].second.start) over_[i].second = over_[i - 1].second;
}

std::optional<Time> Writes::written_by(HistoryValue value, Time until) const {
  std::optional<Time> latest;
  if (value == history_.initial) latest = Time::min();
  const auto found = by_value_.find(value);
  if (found == by_value_.end()) return latest;
  for (const std::size_t i : found->second) {
    const Operation& write = history_.operations[i];
    if (write.start > until) continue;
    latest = std::max(latest.value_or(Time::min()), write.latest());
  }
  return latest;
}

Time Writes::begun_at(HistoryValue value) const {
  const auto found = by_value_.find(value);
  if (value == history_.initial || found == by_value_.end()) return Time::min();
  Time first = never;
  for (const std::size_t i : found->second) first = std::min(first, history_.operations[i].start);
  return first;
}

std::optional<Writes::Last> Writes::last_over_before(Time before) const {
  const auto after = std::ranges::lower_bound(over_, before, {}, &std::pair<Time, Last>::first);
  if (after == over_.begin()) return std::nullopt;
  return std::prev(after)->second;
}

}  // namespace evenkeel

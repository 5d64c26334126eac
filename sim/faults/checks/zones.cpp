#include "sim/faults/checks/zones.h"

#include <fmt/format.h>

#include <numeric>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr Time before_all = Time::min();
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

// All that concerns one value.
struct Zone {
  HistoryValue value = 0;
  Time first_end = never;
  Time last_start = before_all;
  std::size_t ends_first = none;  // operations that set the bounds
  std::size_t starts_last = none;
  std::size_t put = none;
  Time put_start = before_all;
  bool was_put = false;

  bool is_forward() const { return first_end < last_start; }
  Time low() const { return std::min(first_end, last_start); }
  Time high() const { return std::max(first_end, last_start); }
  std::vector<std::size_t> proof() const {
    std::vector<std::size_t> all;
    for (const std::size_t one : {put, ends_first, starts_last})
      if (one != none && std::ranges::find(all, one) == all.end()) all.push_back(one);
    return all;
  }
};

void add(Zone& zone, const Operation& operation, std::size_t place) {
  const bool is_put = operation.kind == Operation::Kind::put;
  if (is_put) {
    EVENKEEL_CHECK(!zone.was_put, "a value that is put twice is no case for this check");
    zone.was_put = true;
    zone.put = place;
    zone.put_start = operation.start;
  }
  if (const Time end = operation.latest(); end < zone.first_end || zone.ends_first == none) {
    zone.first_end = std::min(end, zone.first_end);
    zone.ends_first = place;
  }
  if (operation.start > zone.last_start) {
    zone.last_start = operation.start;
    zone.starts_last = place;
  }
}

HistoryVerdict clash(const Zone& a, const Zone& b, const char* how) {
  std::vector<std::size_t> proof = a.proof();
  for (const std::size_t one : b.proof())
    if (std::ranges::find(proof, one) == proof.end()) proof.push_back(one);
  return HistoryVerdict::wrong(fmt::format("{} and {} {}", a.value, b.value, how),
                               std::move(proof));
}

// The places of operations that count, those of one value together.
std::vector<std::size_t> by_value(const History& history) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& operation = history.operations[i];
    EVENKEEL_CHECK(operation.kind != Operation::Kind::compare_and_set,
                   "compare-and-set is no case for this check");
    const bool says_nothing =
        operation.outcome == OperationEnd::failed ||
        (operation.kind == Operation::Kind::get && operation.outcome == OperationEnd::unknown);
    if (!says_nothing) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return history.operations[i].value; });
  return order;
}

HistoryVerdict make_zones(const History& history, std::vector<Zone>& zones) {
  const std::vector<std::size_t> order = by_value(history);
  for (std::size_t first = 0; first < order.size();) {
    Zone zone{.value = history.operations[order[first]].value};
    if (zone.value == history.initial) {
      zone.first_end = before_all;
      zone.was_put = true;
    }
    std::size_t last = first;
    std::size_t earliest_get = none;
    for (; last < order.size() && history.operations[order[last]].value == zone.value; ++last) {
      const Operation& operation = history.operations[order[last]];
      add(zone, operation, order[last]);
      if (operation.kind == Operation::Kind::get &&
          (earliest_get == none || operation.end < history.operations[earliest_get].end))
        earliest_get = order[last];
    }
    first = last;
    const bool unread = earliest_get == none;
    if (unread && history.operations[zone.put].outcome == OperationEnd::unknown) continue;
    if (!zone.was_put)
      return HistoryVerdict::wrong(fmt::format("{} was got but never put", zone.value),
                                   {earliest_get});
    if (!unread && history.operations[earliest_get].end < zone.put_start)
      return HistoryVerdict::wrong(fmt::format("{} was got before it was put", zone.value),
                                   {zone.put, earliest_get});
    zones.push_back(zone);
  }
  return {};
}

}  // namespace

HistoryVerdict check_zones(const History& history) {
  std::vector<Zone> zones;
  if (HistoryVerdict made = make_zones(history, zones); !made) return made;
  std::vector<const Zone*> forward;
  for (const Zone& zone : zones)
    if (zone.is_forward()) forward.push_back(&zone);
  std::ranges::sort(forward, {}, &Zone::first_end);
  for (std::size_t i = 1; i < forward.size(); ++i)
    if (forward[i]->low() < forward[i - 1]->high())
      return clash(*forward[i - 1], *forward[i], "must both be there at one time");
  for (const Zone& zone : zones) {
    if (zone.is_forward()) continue;
    // Forward zones do not overlap: only the last that begins before it can hold it.
    const auto after = std::ranges::lower_bound(forward, zone.low(), {}, &Zone::first_end);
    if (after == forward.begin()) continue;
    const Zone& around = **std::prev(after);
    if (zone.high() < around.high())
      return clash(around, zone, "exclude each other: the second must be there amid the first");
  }
  return {};
}

}  // namespace evenkeel

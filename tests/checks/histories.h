// Random histories of a register, right and wrong, and brute force to judge small ones.
#pragma once

#include <numeric>

#include "models/runtime/random.h"
#include "sim/faults/checks/history.h"

namespace evenkeel::test {

using std::chrono::microseconds;

struct HistoryPlan {
  std::uint32_t clients = 3;
  int operations = 6;
  bool compare_and_set = false;
  double unknown = 0.1;           // share of writes
  double broken = 0;              // share of gets that lie
  std::uint64_t most_values = 0;  // 0: all puts differ
};

/// Clients that each do one operation after another on a real register: each takes effect at one
/// instant within its time. Some gets lie, as the plan says.
inline History random_history(const HistoryPlan& plan, Random& random) {
  struct Planned {
    Operation operation;
    Time effect{};
    bool takes_effect = true;
  };
  std::vector<Planned> planned;
  std::vector<Time> free(plan.clients);
  for (int i = 0; i < plan.operations; ++i) {
    Planned one;
    one.operation.client = static_cast<std::uint32_t>(random.below(plan.clients));
    Time& now = free[one.operation.client];
    one.operation.start = now + microseconds{random.below(40)};
    one.effect = one.operation.start + microseconds{random.below(40)};
    one.operation.end = one.effect + microseconds{random.below(40)};
    now = one.operation.end + microseconds{1};
    const std::uint64_t dice = random.below(plan.compare_and_set ? 3 : 2);
    one.operation.kind = dice == 0   ? Operation::Kind::get
                         : dice == 1 ? Operation::Kind::put
                                     : Operation::Kind::compare_and_set;
    one.operation.value = plan.most_values == 0 ? static_cast<HistoryValue>(i + 1)
                                                : 1 + random.below(plan.most_values);
    if (one.operation.kind != Operation::Kind::get && random.chance(plan.unknown)) {
      one.operation.outcome = OperationEnd::unknown;
      one.takes_effect = random.chance(0.5);
      one.effect += microseconds{random.below(100)};
      one.operation.end = never;
    }
    planned.push_back(one);
  }
  std::vector<std::size_t> order(planned.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return planned[i].effect; });
  HistoryValue held = no_such_value;
  std::vector<HistoryValue> past = {held};
  for (const std::size_t i : order) {
    Operation& operation = planned[i].operation;
    if (operation.kind == Operation::Kind::get) {
      operation.value = random.chance(plan.broken) ? past[random.below(past.size())] : held;
      continue;
    }
    if (operation.kind == Operation::Kind::compare_and_set) {
      operation.expected = random.chance(0.7) ? held : past[random.below(past.size())];
      operation.matched = operation.expected == held;
      if (random.chance(plan.broken)) operation.matched = !operation.matched;
      if (operation.outcome == OperationEnd::unknown) operation.matched = true;
      if (operation.expected != held) continue;
    }
    if (!planned[i].takes_effect) continue;
    held = operation.value;
    past.push_back(held);
  }
  History history;
  for (const Planned& one : planned) history.operations.push_back(one.operation);
  return history;
}

/// Tries every order. Up to eight operations or so.
class BruteForce {
 public:
  explicit BruteForce(const History& history) : history_(history) {
    used_.resize(history.operations.size());
  }
  bool is_linearizable() { return from(history_.initial); }

 private:
  bool must(std::size_t i) const { return history_.operations[i].outcome == OperationEnd::done; }
  bool from(HistoryValue held) {
    bool all = true;
    for (std::size_t i = 0; i < used_.size(); ++i) all = all && (used_[i] || !must(i));
    if (all) return true;
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (used_[i] || !may_be_next(i)) continue;
      const Operation& operation = history_.operations[i];
      HistoryValue next = operation.value;
      if (operation.kind == Operation::Kind::get) {
        if (operation.value != held) continue;
      } else if (operation.kind == Operation::Kind::compare_and_set) {
        const bool matches = operation.expected == held;
        if (must(i) && matches != operation.matched) continue;
        if (!matches) next = held;
      }
      used_[i] = true;
      const bool found = from(next);
      used_[i] = false;
      if (found) return true;
    }
    return false;
  }
  bool may_be_next(std::size_t i) const {
    for (std::size_t j = 0; j < used_.size(); ++j)
      if (!used_[j] && must(j) && history_.operations[j].end < history_.operations[i].start)
        return false;
    return true;
  }
  const History& history_;
  std::vector<bool> used_;
};

}  // namespace evenkeel::test

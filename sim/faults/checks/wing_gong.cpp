// Calls and returns in a doubly linked list, in the order of time. What may come next is a call
// before the first return; lifted out, it is linearized.
#include "sim/faults/checks/wing_gong.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

struct Event {
  Event* before = nullptr;
  Event* after = nullptr;
  Event* its_return = nullptr;  // of a call; null for a return
  std::size_t operation = 0;    // place in the history
  std::size_t number = 0;       // among those that count
};

class Search {
 public:
  Search(const History& history, std::uint64_t most_steps)
      : history_(history), most_steps_(most_steps), state_(history.initial) {
    for (std::size_t i = 0; i < history.operations.size(); ++i)
      if (says_something(history.operations[i])) counting_.push_back(i);
    linearized_.resize((counting_.size() + 63) / 64);
    link();
  }

  SearchResult run() {
    Event* event = head_.after;
    std::size_t furthest = 0;
    // What is left may be only what need not have happened.
    while (must_happen_ > 0) {
      if (++result_.steps > most_steps_) {
        result_.answer = Linearizable::given_up;
        return result_;
      }
      if (event != nullptr && event->its_return != nullptr) {
        event = try_call(*event) ? head_.after : event->after;
        continue;
      }
      if (event != nullptr && order_.size() >= furthest) {
        furthest = order_.size();
        result_.stuck_at = event->operation;
      }
      if (order_.empty()) {
        result_.answer = Linearizable::no;
        return result_;
      }
      event = take_back();
    }
    return result_;
  }

 private:
  struct Step {
    Event* call;
    HistoryValue state_before;
  };
  struct Seen {
    HistoryValue state;
    std::vector<std::uint64_t> linearized;
    bool operator==(const Seen&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Seen& seen) const {
      std::uint64_t hash = mix(seen.state + 1);
      for (const std::uint64_t word : seen.linearized) hash = mix(hash ^ (word + hash));
      return hash;
    }
  };

  static bool says_something(const Operation& operation) {
    if (operation.outcome == OperationEnd::failed) return false;
    return operation.outcome == OperationEnd::done || operation.kind != Operation::Kind::get;
  }

  void link() {
    events_.resize(2 * counting_.size());
    std::vector<std::pair<Time, Event*>> order;
    for (std::size_t i = 0; i < counting_.size(); ++i) {
      const Operation& operation = history_.operations[counting_[i]];
      Event& call = events_[2 * i];
      Event& its_return = events_[2 * i + 1];
      call.operation = its_return.operation = counting_[i];
      call.number = its_return.number = i;
      call.its_return = &its_return;
      order.emplace_back(operation.start, &call);
      order.emplace_back(operation.latest(), &its_return);
      if (operation.outcome == OperationEnd::done) ++must_happen_;
    }
    // At one instant calls come first: what touches overlaps.
    std::ranges::stable_sort(order, [](const auto& a, const auto& b) {
      if (a.first != b.first) return a.first < b.first;
      return a.second->its_return != nullptr && b.second->its_return == nullptr;
    });
    Event* last = &head_;
    for (const auto& [at, event] : order) {
      last->after = event;
      event->before = last;
      last = event;
    }
  }

  // What the register holds after it, if it can happen now.
  std::optional<HistoryValue> apply(const Operation& operation) const {
    const bool known = operation.outcome == OperationEnd::done;
    switch (operation.kind) {
      case Operation::Kind::get:
        if (operation.value != state_) return std::nullopt;
        return state_;
      case Operation::Kind::put:
        return operation.value;
      case Operation::Kind::compare_and_set: {
        const bool matches = operation.expected == state_;
        if (known && matches != operation.matched) return std::nullopt;
        return matches ? operation.value : state_;
      }
    }
    return std::nullopt;
  }

  bool try_call(Event& call) {
    const Operation& operation = history_.operations[call.operation];
    const std::optional<HistoryValue> next = apply(operation);
    if (!next) return false;
    flip(call.number);
    if (!seen_.insert({*next, linearized_}).second) {
      flip(call.number);
      return false;
    }
    order_.push_back({&call, state_});
    state_ = *next;
    if (operation.outcome == OperationEnd::done) --must_happen_;
    unlink(call);
    unlink(*call.its_return);
    return true;
  }

  // The next to try after the one taken back.
  Event* take_back() {
    const Step step = order_.back();
    order_.pop_back();
    state_ = step.state_before;
    flip(step.call->number);
    if (history_.operations[step.call->operation].outcome == OperationEnd::done) ++must_happen_;
    relink(*step.call->its_return);
    relink(*step.call);
    return step.call->after;
  }

  void flip(std::size_t number) { linearized_[number / 64] ^= std::uint64_t{1} << (number % 64); }
  static void unlink(Event& event) {
    event.before->after = event.after;
    if (event.after != nullptr) event.after->before = event.before;
  }
  static void relink(Event& event) {
    event.before->after = &event;
    if (event.after != nullptr) event.after->before = &event;
  }

  const History& history_;
  std::uint64_t most_steps_;
  std::vector<std::size_t> counting_;
  std::vector<Event> events_;
  Event head_;
  std::size_t must_happen_ = 0;  // done, and not linearized yet
  HistoryValue state_;
  std::vector<std::uint64_t> linearized_;
  std::vector<Step> order_;
  std::unordered_set<Seen, Hash> seen_;
  SearchResult result_;
};

}  // namespace

SearchResult search_linearization(const History& history, std::uint64_t most_steps) {
  return Search{history, most_steps}.run();
}

HistoryVerdict check_linearizable(const History& history, std::uint64_t most_steps) {
  const SearchResult result = search_linearization(history, most_steps);
  if (result.answer != Linearizable::no) return {};
  return HistoryVerdict::wrong(fmt::format("no order of the operations explains that {}",
                                           describe(history.operations[result.stuck_at])),
                               {result.stuck_at});
}

}  // namespace evenkeel

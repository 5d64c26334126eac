// Asking several nodes at once and going on when enough of them have answered.
#pragma once

#include <algorithm>
#include <memory>

#include "models/runtime/service.h"
#include "models/runtime/signal.h"

namespace evenkeel {

/// Sets of nodes, from each of which a majority must answer. More than one while what is kept where
/// is being changed.
struct Quorum {
  std::vector<std::vector<NodeId>> sets;

  /// All nodes of the sets, each once, in the order of the first set.
  std::vector<NodeId> everyone() const {
    std::vector<NodeId> all;
    for (const auto& set : sets)
      for (const NodeId node : set)
        if (std::ranges::find(all, node) == all.end()) all.push_back(node);
    return all;
  }
  static std::size_t majority(std::size_t size) { return size / 2 + 1; }

  template <class IsIn>  // bool(NodeId)
  bool reached(IsIn is_in) const {
    return std::ranges::all_of(sets, [&](const std::vector<NodeId>& set) {
      return static_cast<std::size_t>(std::ranges::count_if(set, is_in)) >= majority(set.size());
    });
  }
};

/// What those who were asked said until there was enough.
template <class Answer>
struct Answers {
  std::vector<std::pair<NodeId, Answer>> good = {};
  std::vector<std::pair<NodeId, Error>> bad = {};
  bool enough = false;

  /// Why there was not enough.
  Error failure(std::string what) const {
    for (const auto& [node, error] : bad)
      if (error.code != ErrorCode::timeout && error.code != ErrorCode::unreachable)
        return {error.code, std::move(what) + ": " + error.detail};
    return {ErrorCode::no_quorum,
            std::move(what) + ": only " + std::to_string(good.size()) +
                " of the replicas answered; try again when more of them can be reached"};
  }
};

namespace detail {

template <class Answer>
struct Asking {
  explicit Asking(World& world) : enough(world) {}
  Answers<Answer> answers;
  std::function<bool(const Answers<Answer>&)> is_enough;
  std::size_t open = 0;
  Signal enough;
  bool given_up = false;  // nobody waits any more
};

template <class Q>
Task<> ask_one(Node& node, NodeId to, Port port, Payload question, Duration limit,
               std::shared_ptr<Asking<typename Q::Answer>> asking,
               std::function<void(NodeId, const Error&)> on_miss) {
  Task<Result<typename Q::Answer>> asked =
      finish_asking<typename Q::Answer>(node, to, port, std::move(question), limit);
  Result<typename Q::Answer> answer = co_await std::move(asked);
  --asking->open;
  if (!answer && on_miss) on_miss(to, answer.error());
  if (asking->given_up) co_return;
  if (answer) {
    asking->answers.good.emplace_back(to, std::move(*answer));
  } else {
    asking->answers.bad.emplace_back(to, answer.error());
  }
  asking->answers.enough = asking->is_enough(asking->answers);
  if (asking->answers.enough || asking->open == 0) asking->enough.raise();
}

template <class Q>
Task<Answers<typename Q::Answer>> wait_for(std::shared_ptr<Asking<typename Q::Answer>> asking) {
  const Signal::Wait wait = asking->enough.wait_until(never);
  co_await wait;
  asking->given_up = true;
  co_return std::move(asking->answers);
}

}  // namespace detail

/// Asks all of `to` at once and returns when `is_enough` says so of the answers, or when no more
/// will come. Those still under way then go on by themselves: a slow replica gets its copy too.
/// `on_miss` is told of each that failed, then or later; what it uses outlives the node's tasks.
template <Question Q>
Task<Answers<typename Q::Answer>> ask_all(
    Node& node, Port port, const std::vector<NodeId>& to, const Q& question, Duration limit,
    std::function<bool(const Answers<typename Q::Answer>&)> is_enough,
    std::function<void(NodeId, const Error&)> on_miss = {}) {
  auto asking = std::make_shared<detail::Asking<typename Q::Answer>>(node.world());
  asking->is_enough = std::move(is_enough);
  asking->open = to.size();
  if (to.empty()) asking->enough.raise();
  Payload payload;
  append(payload.bytes, Q::tag, question);
  for (const NodeId one : to)
    node.spawn(detail::ask_one<Q>(node, one, port, payload, limit, asking, on_miss));
  return detail::wait_for<Q>(std::move(asking));
}

/// As ask_all, of the quorum's nodes, until it is reached.
template <Question Q>
Task<Answers<typename Q::Answer>> ask_quorum(
    Node& node, Port port, Quorum quorum, const Q& question, Duration limit,
    std::function<void(NodeId, const Error&)> on_miss = {}) {
  const std::vector<NodeId> everyone = quorum.everyone();
  auto reached = [quorum = std::move(quorum)](const Answers<typename Q::Answer>& answers) {
    return quorum.reached([&](NodeId asked) {
      return std::ranges::any_of(answers.good, [&](const auto& one) { return one.first == asked; });
    });
  };
  return ask_all<Q>(node, port, everyone, question, limit, std::move(reached), std::move(on_miss));
}

}  // namespace evenkeel

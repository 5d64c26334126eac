// Several tasks at once, waited for together.
#pragma once

#include <memory>
#include <vector>

#include "models/runtime/node.h"
#include "models/runtime/result.h"
#include "models/runtime/signal.h"

namespace evenkeel {

namespace detail {

struct Together {
  explicit Together(World& world) : over(world) {}
  Result<Done> first_error = Done{};
  std::size_t open = 0;
  Signal over;
};

inline Task<> run_one(std::shared_ptr<Together> together, Task<Result<Done>> task) {
  const Result<Done> result = co_await std::move(task);
  if (!result && together->first_error) together->first_error = result;
  if (--together->open == 0) together->over.raise();
}

}  // namespace detail

/// Starts all, waits for all, and gives the first error, if any. If nobody waits any more they go
/// on: they own what they use.
inline Task<Result<Done>> all_of(Node& node, std::vector<Task<Result<Done>>> tasks) {
  const auto together = std::make_shared<detail::Together>(node.world());
  together->open = tasks.size();
  if (tasks.empty()) co_return Done{};
  for (Task<Result<Done>>& task : tasks) node.spawn(detail::run_one(together, std::move(task)));
  const Signal::Wait wait = together->over.wait_until(never);
  co_await wait;
  co_return together->first_error;
}

}  // namespace evenkeel

// The event queue as a simulation uses it: take the first event out, add a later one. Against the
// standard library's heap, which cannot cancel.
#include <fmt/format.h>

#include <queue>
#include <tuple>

#include "models/runtime/random.h"
#include "sim/world/event_queue.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

class Nobody final : public Waiter {
 public:
  void wake() override {}
};

Duration step(Random& random) { return Duration{static_cast<std::int64_t>(random.below(1 << 30))}; }

std::uint64_t hold_ours(std::int64_t pending, std::uint64_t times) {
  Nobody nobody;
  Random random{1};
  EventQueue queue;
  for (std::int64_t i = 0; i < pending; ++i) queue.add(step(random), nobody);
  for (std::uint64_t i = 0; i < times; ++i) {
    const Time now = queue.next();
    benchmark::DoNotOptimize(&queue.pop());
    queue.add(now + step(random), nobody);
  }
  return times;
}

std::uint64_t hold_standard(std::int64_t pending, std::uint64_t times) {
  using Event = std::tuple<Time, std::uint64_t, Waiter*>;
  Nobody nobody;
  Random random{1};
  std::uint64_t added = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue;
  for (std::int64_t i = 0; i < pending; ++i) queue.emplace(step(random), added++, &nobody);
  for (std::uint64_t i = 0; i < times; ++i) {
    const Time now = std::get<Time>(queue.top());
    queue.pop();
    queue.emplace(now + step(random), added++, &nobody);
  }
  return times;
}

void hold(benchmark::State& state) {
  constexpr std::uint64_t times = 4'000'000;
  const std::int64_t pending = state.range(0);
  const Pair pair = compare(
      state, [&] { return hold_ours(pending, times); },
      [&] { return hold_standard(pending, times); });
  const double ratio = pair.ours.requests_per_cpu_s() / pair.baseline.requests_per_cpu_s();
  add_row({fmt::format("event queue: pop and add, {} pending", pending), "-",
           grouped(pair.ours.requests_per_cpu_s()) + "/s",
           grouped(pair.baseline.requests_per_cpu_s()) + "/s priority_queue", ratio});
}
BENCHMARK(hold)->Arg(100)->Arg(10'000)->Arg(1'000'000)->UseManualTime()->Iterations(3);

}  // namespace
}  // namespace evenkeel::bench

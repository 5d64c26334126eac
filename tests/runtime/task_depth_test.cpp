// How deep tasks go on the stack. Compiled without optimisation, where no compiler makes tail
// calls.
#include "models/runtime/signal.h"
#include "models/runtime/task.h"
#include "tests/runtime/fake_world.h"

namespace evenkeel::test {
namespace {

Task<std::size_t> one() { co_return 1; }

Task<> counts(std::size_t until, std::size_t& count) {
  while (count < until) count += co_await one();
}

TEST(TaskDepth, ALoopOverTasksThatNeverWaitKeepsItsPlace) {
  std::size_t count = 0;
  TaskList list;
  list.spawn(counts(3'000'000, count));
  EXPECT_EQ(count, 3'000'000U);
  EXPECT_EQ(list.size(), 0U);
}

Task<> waits_then_counts(Signal& signal, std::size_t until, std::size_t& count) {
  const Signal::Wait wait = signal.wait_until(never);
  co_await wait;
  co_await counts(until, count);
}

TEST(TaskDepth, AlsoOnceItHasWaited) {
  FakeWorld world;
  Signal signal{world};
  std::size_t count = 0;
  TaskList list;
  list.spawn(waits_then_counts(signal, 3'000'000, count));
  signal.raise();
  world.run(milliseconds{1});
  EXPECT_EQ(count, 3'000'000U);
  EXPECT_EQ(list.size(), 0U);
}

}  // namespace
}  // namespace evenkeel::test

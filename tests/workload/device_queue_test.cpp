#include "sim/workload/device_queue.h"

#include <gtest/gtest.h>

#include <set>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

struct Due {
  Time at;
  std::uint32_t device;
};

/// Runs the queue beside an ordered set; `gap` gives the time between two entries of a device.
template <class Gap>
void expect_order(std::uint32_t devices, Gap gap, bool closed) {
  Random random{17};
  std::set<std::pair<Time, std::uint32_t>> expected;
  DeviceQueue<Due> queue;
  queue.start(devices, [&](std::uint32_t device) {
    const Time at = gap(random);
    if (at < never) expected.emplace(at, device);
    return Due{at, device};
  });
  std::vector<std::uint32_t> waiting;
  for (int step = 0; step < 10'000; ++step) {
    ASSERT_EQ(queue.empty(), expected.empty());
    if (expected.empty() || (!waiting.empty() && random.chance(0.5))) {
      if (waiting.empty()) return;
      const std::uint32_t device = waiting.back();
      waiting.pop_back();
      const Time now = expected.empty() ? seconds(step) : expected.begin()->first;
      const Time at = now + gap(random);
      expected.emplace(at, device);
      queue.push({at, device});
      continue;
    }
    const auto [at, device] = *expected.begin();
    ASSERT_EQ(queue.top().at, at);
    ASSERT_EQ(queue.top().device, device);
    expected.erase(expected.begin());
    if (closed) {
      queue.pop();
      waiting.push_back(device);
    } else {
      const Duration wait = gap(random);
      const Time next = wait == never ? never : at + wait;
      if (next < never) expected.emplace(next, device);
      queue.replace_top({next, device});
    }
  }
}

TEST(DeviceQueue, GivesTheEarliestWhateverTheGaps) {
  for (const std::uint32_t devices : {1u, 2u, 17u, 1000u})
    for (const bool closed : {false, true}) {
      expect_order(
          devices, [](Random& random) { return seconds(random.exponential()); }, closed);
      expect_order(
          devices, [](Random&) { return seconds(1); }, closed);
      expect_order(
          devices, [](Random&) { return Duration{}; }, closed);
      // A few in a million times as long as the others, and the other way round.
      for (const double share : {0.01, 0.99})
        expect_order(
            devices,
            [share](Random& random) {
              return seconds(random.exponential() * (random.chance(share) ? 1e3 : 1e-3));
            },
            closed);
    }
}

TEST(DeviceQueue, LeavesOutWhatIsNeverDue) {
  expect_order(
      100,
      [](Random& random) { return random.chance(0.01) ? never : seconds(random.exponential()); },
      false);
}

}  // namespace
}  // namespace evenkeel

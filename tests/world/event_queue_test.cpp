// The event queue against a sorted container, under random operations.
#include "sim/world/event_queue.h"

#include <gmock/gmock.h>
#include <deque>
#include <map>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

struct Named final : Waiter {
  void wake() override {}
};

TEST(EventQueue, KeepsTheOrderOfAdditionAtOneInstant) {
  EventQueue queue;
  std::deque<Named> waiters(1000);
  for (Named& waiter : waiters) queue.add(seconds(1), waiter);
  for (Named& waiter : waiters) EXPECT_EQ(&queue.pop(), &waiter);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next(), never);
}

TEST(EventQueue, IgnoresStaleAndEmptyNames) {
  EventQueue queue;
  Named first, second;
  const EventId old = queue.add(seconds(1), first);
  queue.pop();
  queue.cancel(old);
  const EventId now = queue.add(seconds(2), second);
  EXPECT_EQ(now.slot, old.slot);
  queue.cancel(old);
  queue.cancel({});
  EXPECT_EQ(queue.size(), 1u);
  queue.cancel(now);
  queue.cancel(now);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, AgreesWithASortedMapOverRandomOperations) {
  struct Pending {
    Named* waiter;
    EventId id;
  };
  EventQueue queue;
  Random random{7};
  std::deque<Named> waiters;
  std::map<std::pair<Time, int>, Pending> reference;  // by time, then by order of addition
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t dice = random.below(10);
    if (dice < 6) {
      const Time at{static_cast<std::int64_t>(random.below(1000))};  // many ties
      Named& waiter = waiters.emplace_back();
      reference[{at, i}] = {&waiter, queue.add(at, waiter)};
    } else if (!reference.empty() && dice < 8) {
      auto victim = reference.lower_bound({Time{static_cast<std::int64_t>(random.below(1000))}, 0});
      if (victim == reference.end()) victim = reference.begin();
      queue.cancel(victim->second.id);
      reference.erase(victim);
    } else if (!reference.empty()) {
      ASSERT_EQ(queue.next(), reference.begin()->first.first);
      ASSERT_EQ(&queue.pop(), reference.begin()->second.waiter);
      reference.erase(reference.begin());
    }
    ASSERT_EQ(queue.size(), reference.size());
  }
  EXPECT_GT(reference.size(), 100u);
}

}  // namespace
}  // namespace evenkeel

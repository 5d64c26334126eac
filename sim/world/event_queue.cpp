#include "sim/world/event_queue.h"

#include <algorithm>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr std::size_t arity = 4;  // four children are one cache line

}  // namespace

EventId EventQueue::add(Time at, Waiter& waiter) {
  std::uint32_t slot = static_cast<std::uint32_t>(slots_.size());
  if (vacant_.empty()) {
    EVENKEEL_CHECK(slot < capacity, "more pending events than the queue can hold");
    slots_.emplace_back();
  } else {
    slot = vacant_.back();
    vacant_.pop_back();
  }
  slots_[slot].waiter = &waiter;
  if (++slots_[slot].age == 0) slots_[slot].age = 1;
  heap_.emplace_back();
  rise(heap_.size() - 1, {at.count(), (added_++ << 24) | slot});
  return {slot, slots_[slot].age};
}

void EventQueue::cancel(EventId id) {
  if (id.age == 0 || slots_[id.slot].age != id.age || slots_[id.slot].waiter == nullptr) return;
  remove(slots_[id.slot].place);
}

Waiter& EventQueue::pop() {
  Waiter& waiter = *slots_[heap_.front().slot()].waiter;
  remove(0);
  return waiter;
}

void EventQueue::remove(std::size_t place) {
  const std::uint32_t slot = heap_[place].slot();
  slots_[slot].waiter = nullptr;
  vacant_.push_back(slot);
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place == heap_.size()) return;
  if (place > 0 && last.before(heap_[(place - 1) / arity]))
    rise(place, last);
  else
    sink(place, last);
}

void EventQueue::rise(std::size_t place, Entry entry) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / arity;
    if (!entry.before(heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, entry);
}

void EventQueue::sink(std::size_t place, Entry entry) {
  const std::size_t size = heap_.size();
  while (true) {
    const std::size_t first = place * arity + 1;
    if (first >= size) break;
    std::size_t least = first;
    const std::size_t end = std::min(first + arity, size);
    for (std::size_t child = first + 1; child < end; ++child)
      if (heap_[child].before(heap_[least])) least = child;
    if (!heap_[least].before(entry)) break;
    put(place, heap_[least]);
    place = least;
  }
  put(place, entry);
}

}  // namespace evenkeel

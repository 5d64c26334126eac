// The pending events of a world in virtual time: an indexed 4-ary heap. Events at one instant run
// in the order in which they were added, which makes a run repeat exactly.
#pragma once

#include <cstddef>
#include <vector>

#include "models/runtime/world.h"

namespace evenkeel {

class EventQueue {
 public:
  /// At most this many events at once; more is our own bug.
  static constexpr std::uint32_t capacity = 1U << 24;

  EventId add(Time at, Waiter& waiter);
  /// A stale or empty name is ignored.
  void cancel(EventId id);

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  /// The time of the first event; `never` if there is none.
  Time next() const { return heap_.empty() ? never : Time{heap_.front().at}; }
  /// Takes the first event out. Not to be called on an empty queue.
  Waiter& pop();

 private:
  // `order` is the event's number in the upper 40 bits and its slot in the lower 24.
  struct Entry {
    std::int64_t at;
    std::uint64_t order;
    std::uint32_t slot() const { return static_cast<std::uint32_t>(order) & (capacity - 1); }
    bool before(const Entry& other) const {
      return at != other.at ? at < other.at : order < other.order;
    }
  };
  struct Slot {
    Waiter* waiter = nullptr;
    std::uint32_t place = 0;  // in the heap
    std::uint32_t age = 0;
  };

  void put(std::size_t place, Entry entry) {
    heap_[place] = entry;
    slots_[entry.slot()].place = static_cast<std::uint32_t>(place);
  }
  void rise(std::size_t place, Entry entry);
  void sink(std::size_t place, Entry entry);
  void remove(std::size_t place);

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> vacant_;
  std::uint64_t added_ = 0;
};

}  // namespace evenkeel

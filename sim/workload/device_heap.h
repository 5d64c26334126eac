// Devices ordered by when they ask next: a 4-ary heap in one array, which costs a device no more
// than its entry.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/runtime/time.h"

namespace evenkeel {

/// Entry has `Time at` and `std::uint32_t device`, by which it is ordered, in this order: equal
/// times go to the lower device.
template <class Entry>
class DeviceHeap {
 public:
  bool empty() const { return entries_.empty(); }
  const Entry& top() const { return entries_.front(); }

  void push(const Entry& entry) {
    entries_.push_back(entry);
    std::size_t hole = entries_.size() - 1;
    while (hole > 0 && before(entry, entries_[(hole - 1) / 4])) {
      entries_[hole] = entries_[(hole - 1) / 4];
      hole = (hole - 1) / 4;
    }
    entries_[hole] = entry;
  }
  void pop() {
    const Entry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) replace_top(last);
  }
  /// As pop and push, at half the cost.
  void replace_top(const Entry& entry) {
    std::size_t hole = 0;
    while (true) {
      const std::size_t first = 4 * hole + 1;
      if (first >= entries_.size()) break;
      const std::size_t last = std::min(first + 4, entries_.size());
      std::size_t least = first;
      for (std::size_t child = first + 1; child < last; ++child)
        if (before(entries_[child], entries_[least])) least = child;
      if (!before(entries_[least], entry)) break;
      entries_[hole] = entries_[least];
      hole = least;
    }
    entries_[hole] = entry;
  }

 private:
  static bool before(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at < b.at : a.device < b.device;
  }

  std::vector<Entry> entries_;
};

}  // namespace evenkeel

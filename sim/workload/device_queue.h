// Devices ordered by when they ask next, at a cost a request that hardly grows with their number:
// those that ask soon are in a small heap, all others in a calendar of buckets (Brown, "Calendar
// queues", Communications of the ACM 31(10), 1988), 8 bytes a device beside its entry.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/runtime/time.h"
#include "sim/workload/device_heap.h"

namespace evenkeel {

/// At most one entry a device. Entry has `Time at` and `std::uint32_t device`, by which it is
/// ordered, in this order; one that is due at `never` is not kept.
template <class Entry>
class DeviceQueue {
 public:
  /// `first(device)` is the entry to begin with; asked in the order of the devices.
  template <class First>
  void start(std::uint32_t devices, First first) {
    far_.resize(devices);
    next_.resize(devices);
    heads_.assign(std::bit_ceil(std::max(devices, 16U)), none);
    for (std::uint32_t device = 0; device < devices; ++device)
      if (const Entry entry = first(device); entry.at < never) put_far(entry, 0);
    advance();
  }

  bool empty() const { return near_.empty(); }
  const Entry& top() const { return near_.top(); }

  void push(const Entry& entry) {
    if (entry.at == never) return;
    if (empty()) {  // nothing is far, either: the calendar may begin anywhere
      base_ = entry.at;
      horizon_ = entry.at + Duration{1};
      bucket_ = 0;
      near_.push(entry);
    } else if (entry.at < horizon_) {
      near_.push(entry);
    } else {
      put_far(entry, number_of(entry.at));
    }
  }
  void pop() {
    near_.pop();
    ++popped_;
    if (near_.empty()) advance();
  }
  /// As pop and push, of the same device.
  void replace_top(const Entry& entry) {
    if (entry.at < horizon_) {
      near_.replace_top(entry);
      ++popped_;
      return;
    }
    if (entry.at < never) put_far(entry, number_of(entry.at));
    pop();
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr double widest_ns = 1e15;

  std::uint64_t number_of(Time at) const {
    return static_cast<std::uint64_t>((at - base_).count() / width_ns_);
  }
  void put_far(const Entry& entry, std::uint64_t number) {
    std::uint32_t& head = heads_[number & (heads_.size() - 1)];
    far_[entry.device] = entry;
    next_[entry.device] = head;
    head = entry.device;
    ++far_count_;
  }

  /// Opens buckets until one has an entry that is due in this round of the calendar.
  void advance() {
    for (std::size_t opened = 0; near_.empty() && far_count_ > 0; ++opened) {
      if (width_ns_ == 0 || opened > heads_.size() || work_ > 8 * (popped_ + heads_.size()))
        rebuild();
      open();
    }
  }
  void open() {
    std::uint32_t* link = &heads_[bucket_ & (heads_.size() - 1)];
    horizon_ = base_ + Duration{width_ns_ * static_cast<std::int64_t>(++bucket_)};
    for (++work_; *link != none; ++work_) {
      const std::uint32_t device = *link;
      if (far_[device].at < horizon_) {
        near_.push(far_[device]);
        *link = next_[device];
        --far_count_;
      } else {
        link = &next_[device];
      }
    }
  }

  /// Chooses the buckets' width anew, for about one entry each, and begins at the earliest entry.
  /// Called when buckets were mostly empty or mostly not due, which pays for it.
  void rebuild() {
    std::uint32_t all = none;
    Time first = never;
    for (std::uint32_t& head : heads_)
      while (head != none) {
        const std::uint32_t device = head;
        head = next_[device];
        next_[device] = all;
        all = device;
        first = std::min(first, far_[device].at);
      }
    double sum_ns = 0;
    for (std::uint32_t device = all; device != none; device = next_[device])
      sum_ns += static_cast<double>((far_[device].at - first).count());
    const auto count = static_cast<double>(far_count_);
    width_ns_ = static_cast<std::int64_t>(std::clamp(2 * sum_ns / count / count, 1.0, widest_ns));
    base_ = first;
    bucket_ = work_ = popped_ = far_count_ = 0;
    while (all != none) {
      const std::uint32_t device = all;
      all = next_[device];
      put_far(far_[device], number_of(far_[device].at));
    }
  }

  DeviceHeap<Entry> near_;            // all that is due before the horizon; empty: nothing is far
  std::vector<Entry> far_;            // by device
  std::vector<std::uint32_t> next_;   // the device after it in its bucket
  std::vector<std::uint32_t> heads_;  // of the buckets; their number is a power of two
  std::size_t far_count_ = 0;
  Time base_{};                // where bucket 0 begins
  std::int64_t width_ns_ = 0;  // of a bucket; 0: not yet chosen
  std::uint64_t bucket_ = 0;   // the next to open, counted over all rounds
  Time horizon_{};             // where it begins
  std::uint64_t work_ = 0;     // buckets and entries looked at since the last rebuild,
  std::uint64_t popped_ = 0;   // and entries popped
};

}  // namespace evenkeel

// The links of a scenario as token buckets in user space: until when each direction of each link is
// taken. Shared by the nodes of one machine, be they threads or processes.
#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "sim/topology/platform.h"

namespace evenkeel {

class LinkClocks {
 public:
  /// Private to this process and its children: to be made before they are.
  explicit LinkClocks(const Platform& platform);
  ~LinkClocks();
  LinkClocks(const LinkClocks&) = delete;

  /// Takes its turn on every link of the way, from `from` on, for so many bytes. When the last of
  /// them is through.
  Time take(std::span<const Hop> way, double bytes, Time from);

 private:
  struct Clock {
    std::atomic<std::int64_t> free_at;
  };
  static_assert(std::atomic<std::int64_t>::is_always_lock_free);

  std::vector<double> ns_per_byte_;  // by link
  Clock* clocks_ = nullptr;          // by link, forward and back
};

}  // namespace evenkeel

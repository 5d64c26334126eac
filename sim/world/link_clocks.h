// The links of a scenario as token buckets in user space: until when each direction of each link is
// taken. Shared by the nodes of one machine, be they threads or processes.
#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "sim/topology/platform.h"
#include "sim/world/file_descriptor.h"

namespace evenkeel {

class LinkClocks {
 public:
  explicit LinkClocks(const Platform& platform);
  /// Those that another process of this machine has made for the same platform, by its descriptor.
  LinkClocks(const Platform& platform, FileDescriptor shared);
  ~LinkClocks();
  LinkClocks(const LinkClocks&) = delete;

  /// Stands for the clocks in a process that inherits it.
  int descriptor() const { return shared_.get(); }

  /// Takes its turn on every link of the way, from `from` on, for so many bytes. When the last of
  /// them is through.
  Time take(std::span<const Hop> way, double bytes, Time from);

 private:
  struct Clock {
    std::atomic<std::int64_t> free_at;
  };
  static_assert(std::atomic<std::int64_t>::is_always_lock_free);

  std::size_t size() const { return (2 * ns_per_byte_.size() + 1) * sizeof(Clock); }

  std::vector<double> ns_per_byte_;  // by link
  FileDescriptor shared_;            // a file in memory
  Clock* clocks_ = nullptr;          // by link, forward and back
};

}  // namespace evenkeel

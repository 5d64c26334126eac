// How long a disk takes: one device that does what it is asked in the order in which it is asked.
#pragma once

#include <algorithm>

#include "models/runtime/world.h"
#include "sim/topology/platform.h"
#include "sim/world/memory_disk.h"

namespace evenkeel {

class DiskTime {
 public:
  explicit DiskTime(const DiskShape& shape) : shape_(shape) {}

  /// When it will have done this too, which it is asked now: each sync takes its time, and each
  /// byte written or read its share of a second.
  Time idle_at(Time now, const DiskUse& use) {
    const double bits = 8.0 * static_cast<double>(use.written_bytes + use.read_bytes);
    const double taken_s =
        to_seconds(shape_.sync) * static_cast<double>(use.syncs) + bits / shape_.bandwidth;
    idle_at_ = time_after(std::max(now, idle_at_), seconds(std::min(taken_s / factor_, longest_s)));
    return idle_at_;
  }
  /// It does what it is asked from now on at this multiple of its speed, above 0.
  void slow_down(double factor) { factor_ = factor; }
  /// It is switched off: what it had to do is forgotten.
  void forget() { idle_at_ = {}; }

 private:
  static constexpr double longest_s = 1e9;

  DiskShape shape_;
  double factor_ = 1;
  Time idle_at_{};
};

}  // namespace evenkeel

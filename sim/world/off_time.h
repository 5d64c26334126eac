// How long a node was off, and what energy it took.
#pragma once

#include "sim/topology/platform.h"

namespace evenkeel {

class OffTime {
 public:
  void begin(Time now) {
    since_ = now;
    is_off_ = true;
  }
  void end(Time now) {
    total_ += now - since_;
    is_off_ = false;
  }
  double until_s(Time now) const {
    return to_seconds(total_ + (is_off_ ? now - since_ : Duration{}));
  }

 private:
  Duration total_{};
  Time since_{};
  bool is_off_ = false;
};

/// Joules from the beginning until `now`, by SimGrid's linear model: idle power, and the rest in
/// proportion to the busy cores. 0 where no power is given.
inline double linear_energy_j(const PlatformNode& node, const OffTime& off, Time now,
                              double busy_core_s) {
  if (!node.power) return 0;
  const double off_s = off.until_s(now);
  return node.power->idle_w * (to_seconds(now) - off_s) + node.power->off_w * off_s +
         (node.power->busy_w - node.power->idle_w) * busy_core_s / node.cores;
}

}  // namespace evenkeel

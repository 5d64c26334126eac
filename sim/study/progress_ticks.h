// How far a run in virtual time has come.
#pragma once

#include <algorithm>
#include <functional>

#include "models/runtime/world.h"

namespace evenkeel {

/// Tells the caller about a hundred times which share of the time until `end` has passed, 0 .. 1.
class ProgressTicks final : public Waiter {
 public:
  ProgressTicks(World& world, Time end, const std::function<void(double)>& tell)
      : world_(world), end_(end), tell_(tell) {
    if (tell_) arm();
  }
  void wake() override {
    tell_(to_seconds(world_.now()) / to_seconds(end_));
    arm();
  }

 private:
  void arm() { world_.set_timer(world_.now() + std::max(end_ / 100, Duration{1}), *this); }

  World& world_;
  Time end_;
  const std::function<void(double)>& tell_;
};

}  // namespace evenkeel

// What breaks in a run, and when it is mended.
#pragma once

#include <memory>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/world/faulty_world.h"

namespace evenkeel {

/// The faults of a scenario, as events of a world. Lives as long as the world runs.
class FaultPlan {
 public:
  FaultPlan(const std::vector<Fault>& faults, const Platform& platform, FaultyWorld& world);
  ~FaultPlan();
  FaultPlan(const FaultPlan&) = delete;

 private:
  class Event;
  std::vector<std::unique_ptr<Event>> events_;
};

}  // namespace evenkeel

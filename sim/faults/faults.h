// What breaks in a run, and when it is mended.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/world/faulty_world.h"

namespace evenkeel {

/// The faults of a scenario, as events of a world. Lives as long as the world runs.
class FaultPlan {
 public:
  static constexpr NodeId of_no_node{~std::uint32_t{0}};

  /// On sockets each node has the whole plan: `tells` says of which nodes, or of no node
  /// (`of_no_node`), it is the one that tells the probe.
  FaultPlan(
      const std::vector<Fault>& faults, const Platform& platform, FaultyWorld& world,
      const std::function<bool(NodeId)>& tells = [](NodeId) { return true; });
  ~FaultPlan();
  FaultPlan(const FaultPlan&) = delete;

 private:
  class Event;
  std::vector<std::unique_ptr<Event>> events_;
};

}  // namespace evenkeel

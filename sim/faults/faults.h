// What breaks in a run, and when it is mended.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "sim/faults/stage.h"

namespace evenkeel {

/// Faults, as events of a world. Lives as long as the world runs.
class FaultPlan {
 public:
  static constexpr NodeId of_no_node = FaultStage::of_no_node;

  struct Settings {
    std::uint64_t seed = 1;  // the run's
    /// On sockets each node has the whole plan: of which nodes, or of no node (`of_no_node`), this
    /// one tells the probe.
    std::function<bool(NodeId)> tells = [](NodeId) { return true; };
    /// Asked when a fault begins that is to be spared then.
    std::function<bool()> is_repairing = [] { return false; };
  };

  FaultPlan(std::span<const Fault> faults, const Platform& platform, FaultyWorld& world,
            Settings settings);
  ~FaultPlan();
  FaultPlan(const FaultPlan&) = delete;

 private:
  class Event;
  class Stage;
  Settings settings_;
  std::vector<std::unique_ptr<Event>> events_;
};

/// What breaks in a run of the scenario: its own faults, and those that its swarm draws.
std::vector<Fault> faults_of(const Scenario& scenario, const Platform& platform,
                             std::uint64_t seed);

}  // namespace evenkeel

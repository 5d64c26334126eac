// All nodes of a run on sockets, wherever they live.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sim/study/node_run.h"
#include "sim/study/run.h"
#include "sim/study/setup.h"

namespace evenkeel {

class NodeGroup {
 public:
  virtual ~NodeGroup() = default;

  /// For `duration` of real time. `watch` is called about 20 times a second with the share that has
  /// passed; false stops the run. What a node throws comes out here.
  virtual void run(Duration duration, const std::function<bool(double)>& watch) = 0;
  /// By NodeId, after the run; then what is of no node. A node that died has an event of it, and
  /// nothing else.
  virtual std::vector<NodeOutcome> outcomes() = 0;
};

/// Each node a thread of this process.
std::unique_ptr<NodeGroup> make_threads(const Scenario& scenario, const Setup& setup,
                                        const RunOptions& options);
/// Each node a process of this machine, or one that waits where the scenario's hosts say.
std::unique_ptr<NodeGroup> make_processes(const Scenario& scenario, const Setup& setup,
                                          const RunOptions& options);

/// What the scenario says of a node's world; a run's number that no other run has.
SocketSettings socket_settings(const Scenario& scenario, std::uint64_t seed);
/// How much of the run is over, 0 .. 1.
double share_passed(SocketWorld::Clock::time_point start, Duration duration);

}  // namespace evenkeel

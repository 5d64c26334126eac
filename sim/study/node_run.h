// One node of a run on sockets, whether it has a thread or a process: its world, what the scenario
// puts on it, and what it observes.
#pragma once

#include "sim/faults/faults.h"
#include "sim/metrics/probe_log.h"
#include "sim/study/experiment.h"
#include "sim/study/link_watch.h"
#include "sim/study/setup.h"
#include "sim/world/socket_world.h"

namespace evenkeel {

/// What a node has to tell when the run is over.
struct NodeOutcome {
  ProbeLog log = {};
  double energy_j = 0;
  std::vector<double> link_bytes = {};      // by link of the platform
  std::vector<double> mpc_link_bytes = {};  // of these, by multi-party computations
  /// Of the links that it used: what had passed by the end of each bucket.
  std::map<std::uint32_t, std::vector<double>> link_bytes_until = {};
};

class NodeRun {
 public:
  /// The scenario, its setup and the clocks outlive it.
  NodeRun(const Scenario& scenario, const Setup& setup, NodeId self, const SocketSettings& settings,
          LinkClocks& clocks);

  SocketWorld& world() { return world_; }
  /// From `start` on for the scenario's duration; in the caller's thread.
  void run(SocketWorld::Clock::time_point start);
  NodeOutcome outcome() &&;

 private:
  Duration duration_;
  Platform platform_;
  ProbeLog log_;
  SocketWorld world_;
  Experiment experiment_;
  FaultPlan faults_;
  LinkWatch links_;
};

}  // namespace evenkeel

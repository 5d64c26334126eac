// A scenario in virtual time, ready to run: its world, the experiment in it, and what breaks.
#pragma once

#include "sim/faults/faults.h"
#include "sim/study/experiment.h"
#include "sim/study/setup.h"
#include "sim/world/simgrid_world.h"

namespace evenkeel {

/// One a process (SimGrid allows one engine). All arguments outlive it. UserError for what only a
/// run finds out.
struct Simulation {
  Simulation(const Scenario& scenario, const Setup& setup, std::uint64_t seed, Probe& probe);
  Simulation(const Simulation&) = delete;
  /// Also of one that an exception has ended midway.
  ~Simulation();

  SimgridWorld world;
  Witness witness;
  LocalNodes nodes;
  Experiment experiment;
  std::vector<Fault> breaks;
  FaultPlan faults;
};

}  // namespace evenkeel

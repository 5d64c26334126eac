// Faults drawn at random, run by run, in the manner of FoundationDB's and TigerBeetle's simulators:
// each run has some kinds of faults and not others, each with an intensity of its own (Groce et
// al., "Swarm testing", ISSTA 2012). A pure function of scenario, platform and seed.
//
// What is drawn never exceeds what a system may be asked to bear: at most `disks` disks are damaged
// at one time, with a time to settle before the next; and all is mended at `until`, so that what
// must hold in the end can be checked.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"

namespace evenkeel {

/// The faults as lines of a scenario's `faults:`, in the order of time; they can be pasted there.
/// The scenario must have a swarm. None if it has no nodes, or if `kinds` leaves none.
std::vector<std::string> draw_swarm(const Scenario& scenario, const Platform& platform,
                                    std::uint64_t seed);

/// Such lines as faults.
std::vector<Fault> read_plan(const std::vector<std::string>& lines);

}  // namespace evenkeel

// The world of a trial: seats all equally far from each other, in virtual time or on real sockets.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "models/runtime/node.h"

namespace evenkeel {

struct MpcLab {
  std::uint32_t parties = 2;
  std::uint32_t clients = 0;                                   // nodes after the parties
  Duration round_trip{};                                       // between any two
  double bandwidth = std::numeric_limits<double>::infinity();  // of each pair, bit/s
  double speed = 2e9;                                          // operations/s of a core
  bool on_sockets = false;
  bool plain = true;  // TCP without TLS
  std::uint64_t seed = 1;
};

/// What a node does when it starts; it calls `done` once when its part is over. On sockets each
/// node has a thread.
using LabBoot = std::function<void(Node&, std::function<void()> done)>;

/// Runs until all nodes are done, or an hour has passed; the bytes that each link counted. In
/// virtual time once a process, since SimGrid has one engine.
std::vector<double> run_in_lab(const MpcLab& lab, const LabBoot& boot);

}  // namespace evenkeel

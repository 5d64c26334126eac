// The nodes of a run that are in this process.
#pragma once

#include <functional>

#include "models/runtime/node.h"

namespace evenkeel {

class Witness;  // sim/faults/checks/witness.h

/// The nodes that are here: all of them in virtual time, one on sockets.
struct LocalNodes {
  World& world;
  std::function<Node*(NodeId)> find;  // null for one that is elsewhere
  bool all = true;                    // none is elsewhere
  Witness* witness = nullptr;         // where all nodes are: sees what clients ask and get
};

}  // namespace evenkeel

// What can break in a world, whichever it is.
#pragma once

#include "models/runtime/world.h"
#include "sim/topology/platform.h"

namespace evenkeel {

class FaultyWorld : public World {
 public:
  /// A node that crashes loses its tasks and what was on its way to it, and keeps what its disk had
  /// synced.
  virtual void crash(NodeId id) = 0;
  virtual void restart(NodeId id) = 0;
  /// The node computes at this multiple of its speed.
  virtual void slow_down(NodeId id, double factor) = 0;
  /// The node's disk does what it is asked from now on at this multiple of its speed, above 0. No
  /// effect on real disks (sockets).
  virtual void slow_disk(NodeId id, double factor) = 0;
  /// What is on the link is lost, where messages share links, and what is sent over it until it is
  /// mended.
  virtual void cut(PlatformLinkId link) = 0;
  virtual void mend(PlatformLinkId link) = 0;
  /// Nodes of different groups do not hear each other; all start in group 0.
  virtual void set_group(NodeId id, std::uint32_t group) = 0;
};

}  // namespace evenkeel

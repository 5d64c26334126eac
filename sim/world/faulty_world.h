// What can break in a world, whichever it is. In a world of one node, what happens to another node
// alone is that one's world's business; what happens to the network happens in all of them.
#pragma once

#include "models/runtime/world.h"
#include "sim/topology/platform.h"
#include "sim/world/network_faults.h"
#include "sim/world/skewed_clocks.h"

namespace evenkeel {

class FaultyWorld : public World {
 public:
  /// A node that crashes loses its tasks and what was on its way to it, and keeps what its disk had
  /// synced.
  virtual void crash(NodeId id) = 0;
  virtual void restart(NodeId id) = 0;
  /// The node computes at this multiple of its speed.
  virtual void slow_down(NodeId id, double factor) = 0;
  /// Its wall clock is wrong from now on; an empty skew sets it right.
  virtual void skew_clock(NodeId id, const ClockSkew& skew) = 0;
  /// The node's disk does what it is asked from now on at this multiple of its speed, above 0. No
  /// effect on real disks (sockets).
  virtual void slow_disk(NodeId id, double factor) = 0;

  /// What is on the link is lost, where messages share links, and what is sent over it until it is
  /// mended.
  virtual void cut(PlatformLinkId link) = 0;
  virtual void mend(PlatformLinkId link) = 0;
  /// Nodes of different groups do not hear each other; all start in group 0.
  virtual void set_group(NodeId id, std::uint32_t group) = 0;
  /// What is sent through a wall from now on is lost. A node always hears itself.
  virtual void build_wall(FaultId id, Wall wall) = 0;
  virtual void tear_down_wall(FaultId id) = 0;
  /// What is sent by or to these nodes (by NodeId) from now on; several disturbances add up.
  virtual void disturb(FaultId id, std::vector<bool> nodes, const Disturbance& disturbance) = 0;
  virtual void calm(FaultId id) = 0;

  /// The node's disk is replaced by an empty one, at once: to be asked while the node is down.
  virtual void lose_disk(NodeId id) = 0;
  /// While it is full no file of the disk can grow; what is there can be read, changed and removed.
  virtual void fill_disk(NodeId id, bool full) = 0;
  /// From now on a crash of the node tears what its disk had not synced, instead of dropping it
  /// whole. On real disks (sockets) it is dropped whole all the same.
  virtual void tear_writes(NodeId id, bool tears) = 0;
  /// One bit flips in this share of the disk's blocks (corruption.h).
  virtual void corrupt_disk(NodeId id, double share_of_blocks, Random random) = 0;
};

}  // namespace evenkeel

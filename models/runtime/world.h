// The seam between a node and the world it lives in. sim/world implements it twice, in virtual
// time and in real time; everything else that a node offers (node.h) is built on these few calls
// and so means the same in both.
#pragma once

#include <cstdint>

#include "models/runtime/disk.h"
#include "models/runtime/payload.h"
#include "models/runtime/probe.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// Something that waits for one event. It lives in the frame of the coroutine that waits, and its
/// destructor gives the event up.
class Waiter {
 public:
  virtual void wake() = 0;

 protected:
  ~Waiter() = default;
};

/// Names a pending timer or computation. A stale name is harmless.
struct EventId {
  std::uint32_t slot = 0;
  std::uint32_t age = 0;  // 0: none
};

/// An amount of computation, in operations.
struct Work {
  double operations = 0;
};

/// When a span that starts now is over: `never` if it has no end that a clock could show.
constexpr Time time_after(Time now, Duration span) {
  return span >= never - now ? never : now + span;
}

class World {
 public:
  virtual ~World() = default;

  /// Monotonic.
  virtual Time now() const = 0;

  /// Wakes the waiter at that time, or at once if it has passed; never from inside this call.
  virtual EventId set_timer(Time at, Waiter& waiter) = 0;
  virtual void cancel_timer(EventId id) = 0;

  /// Hands the message to `to` after the network's time. Never waits; a message may be lost.
  virtual void send(Message message) = 0;

  /// Waits for a free core of the node, then takes the time that the work takes there.
  virtual EventId start_compute(NodeId node, Work work, Waiter& waiter) = 0;
  virtual void cancel_compute(NodeId node, EventId id) = 0;

  virtual Disk& disk(NodeId node) = 0;
  /// When the node's disk will have done all that was asked of it so far.
  virtual Time disk_idle_at(NodeId) { return now(); }
  /// How far the node's wall clock is ahead of the true time (behind: negative).
  virtual Duration clock_error(NodeId) const { return {}; }
  virtual Probe& probe() = 0;
  /// Whether computation takes its time by itself, so that only what is pretended need be charged.
  virtual bool is_real_time() const { return false; }
};

}  // namespace evenkeel

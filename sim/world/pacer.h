// The scenario's network as a sender keeps to it: each message takes its turns on the links of its
// route, and messages of one pair leave in the order in which they were sent.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "models/runtime/world.h"
#include "sim/world/frame.h"
#include "sim/world/link_clocks.h"
#include "sim/world/network_faults.h"

namespace evenkeel {

struct PacerRules {
  /// All links are wide enough for everything, as far as sharing goes.
  bool links_are_shared = true;
  /// A message of at most so many bytes takes no turn.
  double small_message = 1500;
  /// Something else limits the rates: messages leave at once, and those that arrive are held for
  /// the route's latency, unless something else delays them too.
  bool rates_elsewhere = false;
  bool delays_elsewhere = false;
};

class Pacer {
 public:
  using Leave = std::function<void(NodeId to, Frame frame)>;

  /// All arguments outlive it. `leave` takes messages that may go to the socket.
  Pacer(World& world, const Platform& platform, NodeId self, const PacerRules& rules,
        LinkClocks& clocks, Leave leave);
  ~Pacer();
  Pacer(const Pacer&) = delete;

  /// The message will leave; its bytes count for the links.
  void send(Message message);
  /// Loses what crosses the link now; how many messages that were.
  std::size_t lose(PlatformLinkId link);
  /// Loses all.
  void clear();

  /// Bytes sent over each link so far.
  const std::vector<double>& link_bytes() const { return link_bytes_; }
  /// Of these, by multi-party computations.
  const std::vector<double>& mpc_link_bytes() const { return mpc_link_bytes_; }

 private:
  struct Flow;
  // To one node: the way, and what is under way in the order of sending.
  struct Way {
    std::vector<Hop> hops;
    Duration latency{};
    double ns_per_byte = 0;  // on the narrowest link
    Time last_arrival{};
    std::deque<std::unique_ptr<Flow>> flows;
  };

  Way& way(NodeId to);
  void advance(Flow& flow);
  void leave_from(Way& way);

  World& world_;
  const Platform& platform_;
  NodeId self_;
  PacerRules rules_;
  LinkClocks& clocks_;
  Leave leave_;
  std::map<NodeId, Way> ways_;
  std::vector<double> link_bytes_;
  std::vector<double> mpc_link_bytes_;
};

}  // namespace evenkeel

// The world in virtual time, on SimGrid. Actor-less: coroutines are resumed from the completions
// of activities and from one timer, the next of our own event queue's.
//
// With the network model `fluid`, messages above a packet are SimGrid transfers that share links,
// and computations are SimGrid executions where they share cores or their energy is measured. With
// `latency`, a message takes the route's latency plus size over the narrowest bandwidth. All else
// goes by timers. Messages of one node to another arrive in the order in which they were sent, as
// over one connection.
//
// SimGrid allows one engine a process, so there is one world a process.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "models/runtime/node.h"
#include "sim/topology/pair_map.h"
#include "sim/topology/platform.h"
#include "sim/world/cpu.h"
#include "sim/world/disk_time.h"
#include "sim/world/event_queue.h"
#include "sim/world/faulty_world.h"
#include "sim/world/memory_disk.h"
#include "sim/world/network_faults.h"
#include "sim/world/off_time.h"

namespace evenkeel {

class SimgridEngine;

struct WorldSettings {
  enum class Network { fluid, latency };
  Network network = Network::fluid;
  /// `fluid`: a message of at most so many bytes is no flow and takes the `latency` path.
  double small_message = 1500;
  /// SimGrid's factors for TCP in a cluster (latency x 13.01, bandwidth x 0.97, windows); without
  /// them a scenario's latency is what a ping shows.
  bool tcp_calibration = false;
  std::uint64_t seed = 1;
};

class SimgridWorld final : public FaultyWorld {
 public:
  /// The platform and the probe outlive the world. UserError if the platform is too large for the
  /// network model.
  SimgridWorld(const Platform& platform, const WorldSettings& settings, Probe& probe);
  ~SimgridWorld() override;

  Node& node(NodeId id) { return *nodes_[index(id)]; }
  std::size_t size() const { return nodes_.size(); }

  /// Starts all nodes, runs until `end` and stops them; once.
  void run(Time end);

  Time now() const override { return now_; }
  EventId set_timer(Time at, Waiter& waiter) override {
    return events_.add(at < now_ ? now_ : at, waiter);
  }
  void cancel_timer(EventId id) override { events_.cancel(id); }
  void send(Message message) override;
  EventId start_compute(NodeId node, Work work, Waiter& waiter) override {
    return cpus_[index(node)]->start(work, waiter);
  }
  void cancel_compute(NodeId node, EventId id) override { cpus_[index(node)]->cancel(id); }
  Disk& disk(NodeId node) override { return disks_[index(node)]; }
  Time disk_idle_at(NodeId node) override {
    return disk_times_[index(node)].idle_at(now_, disks_[index(node)].take_use());
  }
  Probe& probe() override { return probe_; }

  void crash(NodeId id) override;
  void restart(NodeId id) override;
  void slow_down(NodeId id, double factor) override { cpus_[index(id)]->slow_down(factor); }
  void slow_disk(NodeId id, double factor) override { disk_times_[index(id)].slow_down(factor); }
  void cut(PlatformLinkId link) override;
  void mend(PlatformLinkId link) override;
  void set_group(NodeId id, std::uint32_t group) override { faults_.set_group(id, group); }

  /// Joules since the beginning, by node; 0 where no power is given.
  double energy_j(NodeId id) const;
  /// Bytes sent over each link, both directions, whether or not they arrived.
  std::vector<double> link_bytes() const;

 private:
  friend class SimgridEngine;

  struct Transfer;

  // What is under way between two nodes, in the order of sending, where it may overtake.
  struct Order {
    Transfer* first = nullptr;
    Transfer* last = nullptr;
  };

  struct Transfer final : Waiter {
    void wake() override { world->arrive(*this); }
    SimgridWorld* world = nullptr;
    Message message;
    std::uint32_t incarnation = 0;  // of the receiver, when it was sent
    Order* order = nullptr;
    Transfer* next = nullptr;  // in the order
    bool is_there = false;     // but what was sent before is not
  };

  // Between two nodes: what was sent so far, and how many nanoseconds a byte takes.
  struct Path {
    const PlatformRoute* route = nullptr;
    double ns_per_byte = 0;
    double bytes = 0;
    Time last_arrival{};     // of what goes by timers
    Order* order = nullptr;  // `fluid` only
  };

  Path& path(NodeId from, NodeId to);
  Transfer& new_transfer(Message message);
  void arrive(Transfer& transfer);
  void lose(Transfer& transfer);
  /// Puts it at the end of its pair's order.
  void line_up(Transfer& transfer, Path& between);
  /// Hands over what is there and has nothing under way before it.
  void deliver_from(Order& order);
  void deliver(Transfer& transfer);
  /// Runs what is due: all events up to and at `until`.
  void run_events(Time until);

  const Platform& platform_;
  WorldSettings settings_;
  Probe& probe_;
  Time now_{};
  Time end_ = never;
  EventQueue events_;
  std::unique_ptr<SimgridEngine> engine_;
  std::vector<std::unique_ptr<Cpu>> cpus_;
  std::deque<MemoryDisk> disks_;
  std::vector<DiskTime> disk_times_;
  PairMap<Path> paths_;
  std::deque<Transfer> transfers_;
  std::vector<Transfer*> free_transfers_;
  std::deque<Order> orders_;
  NetworkFaults faults_;
  std::vector<OffTime> off_;
  std::vector<std::unique_ptr<Node>> nodes_;  // last: their tasks use all the rest
};

}  // namespace evenkeel

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
  void run(Time end, const std::function<void()>& at_end = {});

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
  Duration clock_error(NodeId node) const override { return clocks_.error(node, now_); }

  void crash(NodeId id) override;
  void restart(NodeId id) override;
  void slow_down(NodeId id, double factor) override { cpus_[index(id)]->slow_down(factor); }
  void slow_disk(NodeId id, double factor) override { disk_times_[index(id)].slow_down(factor); }
  void cut(PlatformLinkId link) override;
  void mend(PlatformLinkId link) override;
  void set_group(NodeId id, std::uint32_t group) override { faults_.set_group(id, group); }
  void build_wall(FaultId id, Wall wall) override { faults_.build(id, std::move(wall)); }
  void tear_down_wall(FaultId id) override { faults_.tear_down(id); }
  void disturb(FaultId id, std::vector<bool> nodes, const Disturbance& disturbance) override {
    faults_.disturb(id, std::move(nodes), disturbance);
  }
  void calm(FaultId id) override { faults_.calm(id); }
  void skew_clock(NodeId id, const ClockSkew& skew) override { clocks_.set(id, skew, now_); }
  void lose_disk(NodeId id) override { disks_[index(id)].lose_all(); }
  void fill_disk(NodeId id, bool full) override { disks_[index(id)].fill(full); }
  void tear_writes(NodeId id, bool tears) override {
    tears_[index(id)] = tears ? PowerLoss::tears : PowerLoss::drops;
  }
  void corrupt_disk(NodeId id, double share_of_blocks, Random random) override;

  /// Joules since the beginning, by node; 0 where no power is given.
  double energy_j(NodeId id) const;
  /// Bytes sent over each link, both directions, whether or not they arrived.
  std::vector<double> link_bytes() const;
  /// Of these, by multi-party computations.
  std::vector<double> mpc_link_bytes() const;

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
    Duration delay{};          // beside what the network takes
  };

  // Between two nodes: what was sent so far, and how many nanoseconds a byte takes.
  struct Path {
    const PlatformRoute* route = nullptr;
    double ns_per_byte = 0;
    double bytes = 0;
    double mpc_bytes = 0;
    Time last_arrival{};     // of what goes by timers
    Order* order = nullptr;  // `fluid` only
  };

  Path& path(NodeId from, NodeId to);
  std::vector<double> summed_by_link(double Path::*bytes) const;
  Transfer& new_transfer(Message message);
  /// Lets it take the network's time. `in_order`: it overtakes nothing sent before it.
  void carry(Path& between, Message message, bool in_order, Duration delay);
  void carry_disturbed(Path& between, Message message);
  void count_lost(const Message& message) {
    probe_.count("messages lost on the way", message.from, 1);
  }
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
  std::vector<PowerLoss> tears_;  // by node
  std::vector<DiskTime> disk_times_;
  PairMap<Path> paths_;
  std::deque<Transfer> transfers_;
  std::vector<Transfer*> free_transfers_;
  std::deque<Order> orders_;
  NetworkFaults faults_;
  Random luck_;  // of messages that are disturbed
  SkewedClocks clocks_;
  std::vector<OffTime> off_;
  std::vector<std::unique_ptr<Node>> nodes_;  // last: their tasks use all the rest
};

}  // namespace evenkeel

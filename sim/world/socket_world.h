// The world in real time, for one node: its event loop in one thread, its connections to the other
// nodes over TCP, its clock, its cores and its directory. The scenario's network lies between the
// nodes in user space: a message is paced and held so that it arrives when the scenario says.
#pragma once

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/runtime/node.h"
#include "sim/world/cpu.h"
#include "sim/world/directory_disk.h"
#include "sim/world/event_queue.h"
#include "sim/world/faulty_world.h"
#include "sim/world/off_time.h"
#include "sim/world/pacer.h"
#include "sim/world/peer.h"

namespace evenkeel {

struct SocketSettings {
  PacerRules network = {};
  std::optional<Credentials> credentials = {};  // none: plain TCP
  bool burn = false;                            // compute for real, instead of sleeping
  std::string directory = {};                   // of the disk
  std::uint64_t seed = 1;
  std::uint64_t run = 0;  // the same for all nodes of a run, and only for them
};

class SocketWorld final : public FaultyWorld, public PeerEvents {
 public:
  using Clock = std::chrono::steady_clock;
  /// Messages that have arrived and are held back until their time; beyond, sockets are not read.
  static constexpr std::size_t most_held = 100'000;

  /// The platform, the clocks and the probe outlive the world.
  SocketWorld(const Platform& platform, NodeId self, const SocketSettings& settings,
              LinkClocks& clocks, Probe& probe);
  ~SocketWorld() override;

  Node& node() { return *node_; }

  /// Opens the port (0: any that is free) on a numeric address; which it is. UserError if it
  /// cannot.
  std::uint16_t listen(const std::string& host, std::uint16_t port);
  /// Where every node of the run listens, this one included, by NodeId.
  void meet(std::vector<Address> addresses);
  /// The node starts at `start` and stops `length` later; then this returns. What the node's code
  /// throws comes out here.
  void run(Clock::time_point start, Duration length);
  /// Makes `run` return soon. For any thread.
  void interrupt();

  Time now() const override;
  EventId set_timer(Time at, Waiter& waiter) override;
  void cancel_timer(EventId id) override { events_.cancel(id); }
  void send(Message message) override;
  EventId start_compute(NodeId node, Work work, Waiter& waiter) override;
  void cancel_compute(NodeId node, EventId id) override;
  Disk& disk(NodeId) override { return disk_; }
  Probe& probe() override { return probe_; }
  bool is_real_time() const override { return true; }
  Duration clock_error(NodeId node) const override { return clocks_.error(node, now()); }

  /// What happens to other nodes is their worlds' business.
  void crash(NodeId id) override;
  void restart(NodeId id) override;
  void slow_down(NodeId id, double factor) override;
  void slow_disk(NodeId, double) override {}
  void cut(PlatformLinkId link) override;
  void mend(PlatformLinkId link) override { faults_.mend(link); }
  void set_group(NodeId id, std::uint32_t group) override { faults_.set_group(id, group); }
  void build_wall(FaultId id, Wall wall) override { faults_.build(id, std::move(wall)); }
  void tear_down_wall(FaultId id) override { faults_.tear_down(id); }
  /// The sender plays what befalls its messages.
  void disturb(FaultId id, std::vector<bool> nodes, const Disturbance& disturbance) override {
    faults_.disturb(id, std::move(nodes), disturbance);
  }
  void calm(FaultId id) override { faults_.calm(id); }
  void skew_clock(NodeId id, const ClockSkew& skew) override;
  void lose_disk(NodeId id) override;
  void fill_disk(NodeId id, bool full) override {
    if (id == self_) disk_.fill(full);
  }
  void tear_writes(NodeId, bool) override {}
  void corrupt_disk(NodeId id, double share_of_blocks, Random random) override;

  void count(std::string_view name, std::size_t amount) override;
  void received(NodeId from, Frame frame) override;
  bool is_congested() const override { return held_ >= most_held; }

  double energy_j() const;
  const std::vector<double>& link_bytes() const { return pacer_.link_bytes(); }
  const std::vector<double>& mpc_link_bytes() const { return pacer_.mpc_link_bytes(); }

 private:
  struct Arrival;
  struct Delayed;

  void arm();
  void run_due();
  void open();
  void accept();
  void send_disturbed(Message message);
  void send_after(Message message, bool in_order, Duration delay);
  void release(Delayed& delayed);
  void forget_delayed();
  void leave(NodeId to, Frame frame);
  void hold(NodeId from, Frame frame);
  void deliver(Arrival& arrival);
  void close_connections();
  std::optional<std::string> name_of(NodeId id) const;

  const Platform& platform_;
  NodeId self_;
  SocketSettings settings_;
  Probe& probe_;
  asio::io_context loop_{1};
  Clock::time_point start_ = Clock::time_point::max();
  Time end_ = never;
  bool begun_ = false;
  bool over_ = false;
  EventQueue events_;
  asio::steady_timer alarm_{loop_};
  Time armed_for_ = never;
  Channels channels_;
  asio::ip::tcp::acceptor acceptor_{loop_};
  asio::steady_timer accept_later_{loop_};
  asio::ip::tcp::endpoint endpoint_;
  std::vector<Address> addresses_;
  std::vector<std::shared_ptr<Outgoing>> outgoing_;  // by NodeId; made when first needed
  std::vector<std::shared_ptr<Incoming>> incoming_;
  std::vector<std::unique_ptr<Arrival>> arrivals_;
  std::vector<Arrival*> free_arrivals_;
  std::size_t held_ = 0;
  NetworkFaults faults_;
  Random luck_;                        // of messages that are disturbed
  std::map<NodeId, Time> last_leave_;  // of messages delayed in order
  std::list<Delayed> delayed_;         // before they leave
  SkewedClocks clocks_;
  OffTime off_;
  DirectoryDisk disk_;
  std::unique_ptr<Cpu> cpu_;
  Pacer pacer_;
  std::unique_ptr<Node> node_;  // last: its tasks use all the rest
};

}  // namespace evenkeel

// Some nodes on a network that a test disturbs as it likes, without SimGrid, so that many worlds
// fit into one process. Messages take 0.5 to 1.5 ms, or as long as the test says.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "models/runtime/rpc.h"
#include "sim/world/disk_time.h"
#include "sim/world/event_queue.h"
#include "sim/world/memory_disk.h"
#include "tests/counting_probe.h"

namespace evenkeel::test {

class ClusterWorld final : public World, public CountingProbe {
 public:
  struct Settings {
    std::uint32_t nodes = 3;
    std::uint64_t seed = 1;
    Duration fastest = std::chrono::microseconds{500};  // a message, one way
    Duration slowest = std::chrono::microseconds{1500};
    double loss = 0;         // share of messages
    double duplication = 0;  // share that arrives twice
    DiskShape disk = {};     // takes no time
  };

  explicit ClusterWorld(const Settings& its_settings) : settings(its_settings) {
    for (std::uint32_t i = 0; i < settings.nodes; ++i) {
      nodes_.push_back(
          std::make_unique<Node>(*this, NodeId{i}, "node/" + std::to_string(i), settings.seed));
      disks.push_back(
          std::make_unique<MemoryDisk>(static_cast<std::uint64_t>(settings.disk.capacity)));
      disk_times.emplace_back(settings.disk);
    }
    clock_errors.resize(settings.nodes);
  }
  ~ClusterWorld() override { stop(); }

  Node& node(std::uint32_t i) { return *nodes_[i]; }
  std::uint32_t size() const { return settings.nodes; }

  /// All nodes boot (Node::on_start was told what that is).
  void start() {
    for (const auto& node : nodes_) node->switch_on();
    for (const auto& node : nodes_) node->boot();
  }
  void stop() {
    for (const auto& node : nodes_) node->stop();
  }
  void crash(std::uint32_t i) {
    nodes_[i]->stop();
    disks[i]->lose_power();
    disks[i]->take_use();
    disk_times[i].forget();
  }
  void restart(std::uint32_t i) { nodes_[i]->start(); }
  /// Nobody hears the node, and it hears nobody, until it is cut off no more.
  void cut_off(std::uint32_t i, bool is_cut = true) {
    is_cut ? void(cut_.insert(i)) : void(cut_.erase(i));
  }
  /// At that time, in the world's course.
  void at(Time when, std::function<void()> what) {
    plans_.push_back(std::make_unique<Plan>(std::move(what)));
    events_.add(when, *plans_.back());
  }

  void run_until(Time until) {
    while (events_.next() <= until) {
      now_ = events_.next();
      events_.pop().wake();
    }
    now_ = until;
  }
  void run_for(Duration span) { run_until(now_ + span); }
  /// To be spawned: what the task comes to, once it is done.
  template <class T>
  static Task<> keep(Task<Result<T>> task, std::shared_ptr<std::optional<Result<T>>> result) {
    Result<T> got = co_await std::move(task);
    result->emplace(std::move(got));
  }
  /// Runs the world until a task of that node is done, or as long as the limit says.
  template <class T>
  Result<T> wait(std::uint32_t i, Task<Result<T>> task, Duration limit = seconds(60)) {
    const auto result = std::make_shared<std::optional<Result<T>>>();
    node(i).spawn(keep(std::move(task), result));
    for (const Time until = now_ + limit; now_ < until && !*result;)
      run_for(std::chrono::milliseconds{1});
    if (!*result) return Error{ErrorCode::stopped, "the test's task did not end"};
    return std::move(**result);
  }

  Time now() const override { return now_; }
  EventId set_timer(Time when, Waiter& waiter) override {
    return events_.add(std::max(when, now_), waiter);
  }
  void cancel_timer(EventId id) override { events_.cancel(id); }
  void send(Message message) override {
    ++messages;
    bytes += message.payload.size();
    if (is_lost(message)) return;
    changes(message);
    if (random_.chance(settings.duplication)) carry(message);
    carry(std::move(message));
  }
  EventId start_compute(NodeId, Work work, Waiter& waiter) override {
    return set_timer(now_ + seconds(work.operations * 1e-9), waiter);
  }
  void cancel_compute(NodeId, EventId id) override { cancel_timer(id); }
  Disk& disk(NodeId id) override { return *disks[index(id)]; }
  Time disk_idle_at(NodeId id) override {
    return disk_times[index(id)].idle_at(now_, disks[index(id)]->take_use());
  }
  Duration clock_error(NodeId id) const override { return clock_errors[index(id)]; }
  Probe& probe() override { return *this; }

  Settings settings;
  std::vector<std::unique_ptr<MemoryDisk>> disks;
  std::vector<DiskTime> disk_times;
  std::vector<Duration> clock_errors;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  /// More that a test wants lost.
  std::function<bool(const Message&)> loses = [](const Message&) { return false; };
  /// What a liar among the nodes does to its messages.
  std::function<void(Message&)> changes = [](Message&) {};

 private:
  struct Plan final : Waiter {
    explicit Plan(std::function<void()> its_what) : what(std::move(its_what)) {}
    void wake() override { what(); }
    std::function<void()> what;
  };
  struct Flight final : Waiter {
    void wake() override {
      Message arrived = std::move(message);
      world->free_.push_back(this);
      Node& to = world->node(index(arrived.to));
      if (to.incarnation() == incarnation) to.deliver(std::move(arrived));
    }
    ClusterWorld* world = nullptr;
    Message message;
    std::uint32_t incarnation = 0;
  };

  bool is_lost(const Message& message) {
    if (message.from == message.to) return false;
    return cut_.contains(index(message.from)) || cut_.contains(index(message.to)) ||
           loses(message) || random_.chance(settings.loss);
  }

  void carry(Message message) {
    if (free_.empty()) {
      flights_.push_back(std::make_unique<Flight>());
      free_.push_back(flights_.back().get());
    }
    Flight& flight = *free_.back();
    free_.pop_back();
    flight.world = this;
    flight.incarnation = node(index(message.to)).incarnation();
    const auto spread = settings.slowest - settings.fastest;
    const Duration takes = message.from == message.to
                               ? Duration{}
                               : settings.fastest + seconds(random_.uniform() * to_seconds(spread));
    flight.message = std::move(message);
    events_.add(now_ + takes, flight);
  }

  Time now_{};
  Random random_ = Random::stream(settings.seed, "network");
  EventQueue events_;
  std::vector<std::unique_ptr<Flight>> flights_;
  std::vector<Flight*> free_;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::set<std::uint32_t> cut_;
  std::vector<std::unique_ptr<Node>> nodes_;  // last: their tasks use all the rest
};

}  // namespace evenkeel::test

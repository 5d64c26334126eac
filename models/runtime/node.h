// What a module sees of the world: the node it runs on. Time, sleep, computation, messages, tasks,
// randomness and a disk, with one meaning in virtual and in real time.
#pragma once

#include <array>
#include <coroutine>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "models/runtime/random.h"
#include "models/runtime/result.h"
#include "models/runtime/task.h"
#include "models/runtime/world.h"

namespace evenkeel {

class Node;
class Rpc;

/// Takes the messages of a port as they arrive, instead of a queue (Node::receive).
class Receiver {
 public:
  virtual void arrived(Message message) = 0;

 protected:
  ~Receiver() = default;
};

/// `co_await node.sleep(d)`, `co_await node.compute(work)`.
class [[nodiscard]] Sleep final : public Waiter {
 public:
  Sleep(World& world, Time until) : world_(world), until_(until) {}
  Sleep(const Sleep&) = delete;
  ~Sleep() { world_.cancel_timer(timer_); }

  bool await_ready() const { return until_ <= world_.now(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    timer_ = world_.set_timer(until_, *this);
  }
  void await_resume() const {}

 private:
  void wake() override {
    timer_ = {};
    waiting_.resume();
  }

  World& world_;
  Time until_;
  EventId timer_;
  Suspended waiting_;
};

class [[nodiscard]] Compute final : public Waiter {
 public:
  Compute(World& world, NodeId node, Work work) : world_(world), node_(node), work_(work) {}
  Compute(const Compute&) = delete;
  ~Compute() {
    if (job_.age != 0) world_.cancel_compute(node_, job_);
  }

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    if (Trace* const trace = Trace::here())
      step_ = trace->began({.kind = TraceStep::Kind::computation,
                            .node = node_,
                            .begin = world_.now(),
                            .amount = work_.operations});
    job_ = world_.start_compute(node_, work_, *this);
  }
  void await_resume() const {}

 private:
  void wake() override {
    job_ = {};
    if (step_ != Cause::none) Trace::end_of(step_, world_.now());
    waiting_.resume();
  }

  World& world_;
  NodeId node_;
  Work work_;
  EventId job_;
  Cause step_ = Cause::none;
  Suspended waiting_;
};

/// `co_await node.receive(port, limit)`: the next message, or ErrorCode::timeout.
class [[nodiscard]] Receive final : public Waiter {
 public:
  Receive(Node& node, Port port, Duration limit) : node_(node), port_(port), limit_(limit) {}
  Receive(const Receive&) = delete;
  ~Receive();

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<Message> await_resume();

 private:
  friend class Node;
  void wake() override;  // the limit is over
  void give(Message message);

  Node& node_;
  Port port_;
  Duration limit_;
  EventId timer_;
  bool waits_ = false;
  std::optional<Message> message_;
  Suspended waiting_;
};

class Node {
 public:
  Node(World& world, NodeId id, std::string name, std::uint64_t run_seed);

  NodeId id() const { return id_; }
  const std::string& name() const { return name_; }
  Time now() const { return world_.now(); }
  Random& random() { return random_; }
  Disk& disk() { return world_.disk(id_); }
  Probe& probe() { return world_.probe(); }

  /// A trace of the request that this is for names the wait, if it has a name.
  Sleep sleep(Duration span, std::string_view name = {}) {
    return named(time_after(now(), span), name);
  }
  Sleep sleep_until(Time at) { return {world_, at}; }
  /// `co_await node.disk_done()`: what was asked of the disk so far has taken its time. Data is
  /// durable once synced; an answer that says so waits for this first.
  Sleep disk_done() { return named(world_.disk_idle_at(id_), "disk"); }
  /// What the node believes the time to be: it may be wrong, drift and jump, unlike now().
  Time wall_clock() const { return now() + world_.clock_error(id_); }
  Compute compute(Work work) { return {world_, id_, work}; }

  /// Never waits; what is lost shows as the peer's timeout.
  void send(NodeId to, Port port, Payload payload) {
    world_.send({.from = id_, .to = to, .port = port, .payload = std::move(payload)});
  }
  /// Several may wait on one port: first come, first served.
  Receive receive(Port port, Duration limit = never) { return {*this, port, limit}; }
  /// Calls to other nodes, and services for them (rpc.h).
  Rpc& rpc() { return *rpc_; }
  /// Messages queued on one port, at most; more are dropped and counted.
  void limit_mailboxes(std::size_t messages) { mailbox_limit_ = messages; }
  /// From now on the port's messages go to the receiver, which outlives the node's tasks.
  void listen(Port port, Receiver& receiver);

  /// Runs the task until it is done or until the node stops.
  SpawnId spawn(Task<> task) { return tasks_.spawn(std::move(task)); }
  void cancel(SpawnId id) { tasks_.cancel(id); }

  bool is_up() const { return up_; }
  /// How often it was started: tells a restarted node from the one that a message was meant for.
  std::uint32_t incarnation() const { return incarnation_; }

  /// What to do whenever the node starts: set up modules, spawn their tasks.
  void on_start(std::function<void(Node&)> boot) { boots_.push_back(std::move(boot)); }

  /// For the world: starts and stops the node, hands it a message.
  ~Node();
  void start() {
    switch_on();
    boot();
  }
  void switch_on();  // from now on it hears messages
  void boot();       // runs what on_start was given
  void stop();
  void deliver(Message message);
  World& world() { return world_; }

 private:
  friend class Receive;

  struct Mailbox {
    std::deque<Message> messages;
    std::vector<Receive*> waiting;
    Receiver* receiver = nullptr;
  };

  Sleep named(Time until, std::string_view name) {
    Trace* const trace = name.empty() ? nullptr : Trace::here();
    if (trace != nullptr) trace->wait(id_, name, now(), until);
    return {world_, until};
  }
  Mailbox& mailbox(Port port) {
    std::unique_ptr<Mailbox>& box = mailboxes_[static_cast<std::size_t>(port)];
    if (box == nullptr) box = std::make_unique<Mailbox>();
    return *box;
  }

  World& world_;
  NodeId id_;
  std::string name_;
  Random random_;
  bool up_ = false;
  std::uint32_t incarnation_ = 0;
  std::vector<std::function<void(Node&)>> boots_;
  std::array<std::unique_ptr<Mailbox>, port_count> mailboxes_;  // made when first used
  std::size_t mailbox_limit_ = 1'000'000;
  std::unique_ptr<Rpc> rpc_;
  TaskList tasks_;  // last: its tasks hold on to all the rest
};

}  // namespace evenkeel

// A world of three nodes without SimGrid: messages take one millisecond, timers are the event
// queue's. For what a node offers, whatever world it is in.
#pragma once

#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

#include "models/runtime/rpc.h"
#include "sim/world/event_queue.h"
#include "sim/world/memory_disk.h"
#include "tests/counting_probe.h"

namespace evenkeel::test {

using std::chrono::milliseconds;

class FakeWorld final : public World, public CountingProbe {
 public:
  FakeWorld() {
    for (std::uint32_t i = 0; i < 3; ++i)
      nodes.push_back(std::make_unique<Node>(*this, NodeId{i}, std::string(1, "abc"[i]), 1));
    for (const auto& node : nodes) node->start();
  }
  ~FakeWorld() override {
    for (const auto& node : nodes) node->stop();
  }

  void run(Time until) {
    while (events.next() <= until) {
      now_ = events.next();
      events.pop().wake();
    }
    now_ = until;
  }

  Time now() const override { return now_; }
  EventId set_timer(Time at, Waiter& waiter) override { return events.add(at, waiter); }
  void cancel_timer(EventId id) override { events.cancel(id); }
  void send(Message message) override {
    sent.push_back(std::make_unique<Flight>(*this, std::move(message)));
    events.add(now_ + milliseconds{1}, *sent.back());
  }
  EventId start_compute(NodeId, Work work, Waiter& waiter) override {
    return set_timer(now_ + seconds(work.operations * 1e-9), waiter);
  }
  void cancel_compute(NodeId, EventId id) override { cancel_timer(id); }
  Disk& disk(NodeId) override { return disk_; }
  Probe& probe() override { return *this; }

  Node& a() { return *nodes[0]; }
  Node& b() { return *nodes[1]; }
  Node& c() { return *nodes[2]; }

  EventQueue events;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<std::string> log;  // what the tests' tasks have to say

 private:
  struct Flight final : Waiter {
    Flight(FakeWorld& its_world, Message its_message)
        : world(its_world), message(std::move(its_message)) {}
    void wake() override { world.nodes[index(message.to)]->deliver(std::move(message)); }
    FakeWorld& world;
    Message message;
  };

  Time now_{};
  MemoryDisk disk_;
  std::vector<std::unique_ptr<Flight>> sent;
};

}  // namespace evenkeel::test

// Small worlds whose times can be worked out by hand.
#pragma once

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "models/runtime/rpc.h"
#include "sim/topology/builder.h"
#include "sim/world/simgrid_world.h"
#include "tests/counting_probe.h"

namespace evenkeel::test {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// Runs the body in a child, since SimGrid has one engine a process; its failures are the test's.
inline void in_child(const std::function<void()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    std::fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << "in the child: see above";
}

inline constexpr NodeId a{0}, b{1}, c{2};

struct Hardware {
  std::uint32_t cores = 1;
  Discipline discipline = Discipline::fifo;
  std::optional<Power> power = {};
};

/// Nodes a, b and c of 1 Gop/s: a --1 ms, 8 Mbit/s-- b --2 ms, 4 Mbit/s-- c.
inline Platform chain(const Hardware& hardware = {}) {
  GraphBuilder builder{LinkDefaults{}};
  for (const char* name : {"a", "b", "c"}) builder.add({.name = name});
  builder.link({.from = 0, .to = 1, .latency = milliseconds{1}, .bandwidth = 8e6});
  builder.link({.from = 1, .to = 2, .latency = milliseconds{2}, .bandwidth = 4e6});
  std::vector<PlatformNode> nodes;
  for (VertexId vertex = 0; vertex < 3; ++vertex)
    nodes.push_back({.name = std::string(1, static_cast<char>('a' + vertex)),
                     .vertex = vertex,
                     .cores = hardware.cores,
                     .discipline = hardware.discipline,
                     .power = hardware.power});
  return {std::move(builder).build(), std::move(nodes)};
}

/// A world on the chain, and what happened in it: a list of times by name.
struct Stage {
  using Network = WorldSettings::Network;

  explicit Stage(Network network, const Hardware& hardware = {})
      : platform(chain(hardware)), world(platform, {.network = network}, probe) {}

  void note(const std::string& what) { times[what].push_back(to_seconds(world.now())); }
  double lost() { return probe.counts["messages lost on the way"]; }

  CountingProbe probe;
  Platform platform;
  SimgridWorld world;
  std::map<std::string, std::vector<double>> times;
};

inline constexpr Stage::Network both_networks[] = {Stage::Network::fluid, Stage::Network::latency};

/// Notes each message that comes to the tests' port as the node's name.
inline Task<> listen(Node& node, Stage& stage) {
  while (true) {
    Result<Message> message = co_await node.receive(Port::tests);
    stage.note(node.name());
  }
}

inline Task<> send_at(Node& node, Duration when, NodeId to, std::uint64_t size) {
  co_await node.sleep(when);
  Payload payload;
  payload.padding = size;
  node.send(to, Port::tests, std::move(payload));
}

inline Task<> compute_at(Node& node, Stage& stage, std::string name, Duration when,
                         double operations) {
  co_await node.sleep(when);
  co_await node.compute({operations});
  stage.note(name);
}

class Later final : public Waiter {
 public:
  Later(World& world, Duration when, std::function<void()> what) : what_(std::move(what)) {
    world.set_timer(when, *this);
  }
  void wake() override { what_(); }

 private:
  std::function<void()> what_;
};

}  // namespace evenkeel::test

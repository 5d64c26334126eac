// One test, every world: the nodes a, b and c of the chain, in virtual time and on sockets.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "sim/world/socket_world.h"
#include "tests/folder.h"
#include "tests/world/support.h"

namespace evenkeel::test {

enum class Kind { fluid, latency, plain_sockets, tls_sockets };

inline std::string name_of(const testing::TestParamInfo<Kind>& info) {
  const char* names[] = {"Fluid", "Latency", "PlainSockets", "TlsSockets"};
  return names[static_cast<std::size_t>(info.param)];
}

/// What the nodes have to say, in the order of saying; for all their threads.
class Notes {
 public:
  void add(std::string text) {
    const std::lock_guard lock{mutex_};
    texts_.push_back(std::move(text));
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock{mutex_};
    return texts_;
  }
  std::size_t count(const std::string& text) const {
    const std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(std::ranges::count(texts_, text));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

/// A play: what each node does when it starts, and what breaks when.
struct Play {
  std::map<NodeId, std::function<void(Node&)>> boots = {};
  std::vector<std::pair<Time, std::function<void(FaultyWorld&)>>> faults = {};
  Duration length = seconds(1);
};

/// What a world counted.
struct Counted {
  std::map<std::string, double> counts = {};
  std::vector<double> link_bytes = {};
};

inline std::vector<std::unique_ptr<Later>> plan_faults(const Play& play, FaultyWorld& world) {
  std::vector<std::unique_ptr<Later>> planned;
  for (const auto& [at, what] : play.faults)
    planned.push_back(std::make_unique<Later>(world, at, [&world, what] { what(world); }));
  return planned;
}

inline Counted play_on_simgrid(const Play& play, WorldSettings::Network network) {
  Stage stage{network};
  for (const auto& [id, boot] : play.boots) stage.world.node(id).on_start(boot);
  const auto faults = plan_faults(play, stage.world);
  stage.world.run(play.length);
  return {stage.probe.counts, stage.world.link_bytes()};
}

inline Counted play_on_sockets(const Play& play, bool tls) {
  const Folder folder;
  const Platform platform = chain();
  LinkClocks clocks{platform};
  const Authority authority;
  std::vector<CountingProbe> probes(3);
  std::vector<std::unique_ptr<SocketWorld>> worlds;
  std::vector<std::vector<std::unique_ptr<Later>>> faults;
  std::vector<Platform> platforms;
  for (int i = 0; i < 3; ++i) platforms.push_back(platform.twin());
  std::vector<Address> addresses;
  for (std::uint32_t i = 0; i < 3; ++i) {
    SocketSettings settings{.directory = folder.file(std::to_string(i)), .run = 77};
    if (tls) settings.credentials = authority.issue(platform.nodes()[i].name);
    worlds.push_back(
        std::make_unique<SocketWorld>(platforms[i], NodeId{i}, settings, clocks, probes[i]));
    addresses.push_back({"127.0.0.1", worlds.back()->listen("127.0.0.1", 0)});
    if (play.boots.contains(NodeId{i})) worlds.back()->node().on_start(play.boots.at(NodeId{i}));
    faults.push_back(plan_faults(play, *worlds.back()));
  }
  for (const auto& world : worlds) world->meet(addresses);
  const auto start = SocketWorld::Clock::now() + milliseconds{20};
  std::vector<std::thread> threads;
  for (const auto& world : worlds)
    threads.emplace_back([&world, start, &play] { world->run(start, play.length); });
  for (std::thread& thread : threads) thread.join();
  Counted counted{.link_bytes = std::vector<double>(platform.links().size())};
  for (std::size_t i = 0; i < 3; ++i) {
    for (const auto& [name, amount] : probes[i].counts) counted.counts[name] += amount;
    std::ranges::transform(counted.link_bytes, worlds[i]->link_bytes(), counted.link_bytes.begin(),
                           std::plus{});
  }
  return counted;
}

inline Counted play_in(Kind kind, const Play& play) {
  if (kind == Kind::fluid) return play_on_simgrid(play, WorldSettings::Network::fluid);
  if (kind == Kind::latency) return play_on_simgrid(play, WorldSettings::Network::latency);
  return play_on_sockets(play, kind == Kind::tls_sockets);
}

/// The body runs in a child, since SimGrid has one engine a process.
class TwoWorlds : public testing::TestWithParam<Kind> {
 protected:
  void in_world(const std::function<void()>& body) const { in_child(body); }
  Counted play(const Play& play) const { return play_in(GetParam(), play); }
};

inline const auto every_world =
    testing::Values(Kind::fluid, Kind::latency, Kind::plain_sockets, Kind::tls_sockets);

inline Payload text_payload(const std::string& text, std::uint64_t padding = 0) {
  Payload payload;
  for (const char letter : text) payload.bytes.push_back(static_cast<std::byte>(letter));
  payload.padding = padding;
  return payload;
}

inline std::string text_of(const Payload& payload) {
  std::string text;
  for (const std::byte byte : payload.bytes) text += static_cast<char>(byte);
  return text;
}

}  // namespace evenkeel::test

#include "sim/mpc/lab.h"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "sim/study/deaf_probe.h"
#include "sim/study/scratch_folder.h"
#include "sim/topology/builder.h"
#include "sim/world/simgrid_world.h"
#include "sim/world/socket_world.h"

namespace evenkeel {
namespace {

constexpr double widest = 1e15;  // bit/s, as wide as a link may be
constexpr Duration longest = std::chrono::hours{1};

Platform platform_of(const MpcLab& lab) {
  const std::uint32_t seats = lab.parties + lab.clients;
  GraphBuilder builder{LinkDefaults{}};
  std::vector<PlatformNode> nodes;
  for (std::uint32_t i = 0; i < seats; ++i) {
    const std::string name =
        i < lab.parties ? fmt::format("party {}", i) : fmt::format("client {}", i - lab.parties);
    builder.add({.name = name});
    nodes.push_back({.name = name, .vertex = i, .speed = lab.speed});
  }
  for (std::uint32_t i = 0; i < seats; ++i)
    for (std::uint32_t j = i + 1; j < seats; ++j)
      builder.link({.from = i,
                    .to = j,
                    .latency = lab.round_trip / 2,
                    .bandwidth = std::min(lab.bandwidth, widest)});
  builder.route_by(RouteBy::links);
  return {std::move(builder).build(), std::move(nodes)};
}

std::vector<double> run_in_virtual_time(const MpcLab& lab, const LabBoot& boot) {
  const Platform platform = platform_of(lab);
  DeafProbe probe;
  SimgridWorld world{platform, {.seed = lab.seed}, probe};
  for (std::uint32_t i = 0; i < world.size(); ++i)
    world.node(NodeId{i}).on_start([&boot](Node& node) { boot(node, [] {}); });
  world.run(longest);
  return world.link_bytes();
}

std::vector<double> run_on_sockets(const MpcLab& lab, const LabBoot& boot) {
  const std::uint32_t seats = lab.parties + lab.clients;
  const Platform platform = platform_of(lab);
  const ScratchFolder scratch;
  LinkClocks clocks{platform};
  std::optional<Authority> authority;
  if (!lab.plain) authority.emplace();
  DeafProbe probe;
  std::vector<Platform> platforms;
  for (std::uint32_t i = 0; i < seats; ++i) platforms.push_back(platform.twin());
  const bool is_bare = lab.round_trip == Duration{} && lab.bandwidth >= widest;
  std::vector<std::unique_ptr<SocketWorld>> worlds;
  std::vector<Address> addresses;
  for (std::uint32_t i = 0; i < seats; ++i) {
    SocketSettings settings{.network = {.rates_elsewhere = is_bare, .delays_elsewhere = is_bare},
                            .directory = fmt::format("{}/{}", scratch.path(), i),
                            .seed = lab.seed,
                            .run = lab.seed};
    if (authority) settings.credentials = authority->issue(platform.nodes()[i].name);
    worlds.push_back(
        std::make_unique<SocketWorld>(platforms[i], NodeId{i}, settings, clocks, probe));
    addresses.push_back({"127.0.0.1", worlds.back()->listen("127.0.0.1", 0)});
  }
  std::atomic<std::uint32_t> open = seats;
  const std::function<void()> done = [&open, &worlds] {
    if (--open == 0)
      for (const auto& world : worlds) world->interrupt();
  };
  for (std::uint32_t i = 0; i < seats; ++i) {
    worlds[i]->meet(addresses);
    worlds[i]->node().on_start([&boot, &done](Node& node) { boot(node, done); });
  }
  const auto start = SocketWorld::Clock::now() + std::chrono::milliseconds{50};
  std::vector<std::thread> threads;
  for (const auto& world : worlds)
    threads.emplace_back([&world, start] { world->run(start, longest); });
  for (std::thread& thread : threads) thread.join();
  std::vector<double> link_bytes(platform.links().size());
  for (const auto& world : worlds)
    std::ranges::transform(link_bytes, world->link_bytes(), link_bytes.begin(), std::plus{});
  return link_bytes;
}

}  // namespace

std::vector<double> run_in_lab(const MpcLab& lab, const LabBoot& boot) {
  return lab.on_sockets ? run_on_sockets(lab, boot) : run_in_virtual_time(lab, boot);
}

}  // namespace evenkeel

#include "tests/bench/seats.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/study/scratch_folder.h"
#include "sim/topology/builder.h"
#include "sim/world/simgrid_world.h"
#include "sim/world/socket_world.h"
#include "tests/bench/measured.h"
#include "tests/cluster_world.h"
#include "tests/counting_probe.h"

namespace evenkeel::bench {
namespace {

Task<> sit(Node& node, Seat seats, const Part& part, Best& best, std::function<void()> done) {
  Sessions sessions{node};
  std::vector<NodeId> places;
  for (Seat seat = 0; seat < seats; ++seat) places.push_back(NodeId{seat});
  Session session{sessions,
                  {.id = 1,
                   .seats = std::move(places),
                   .self = index(node.id()),
                   .parties = seats,
                   .patience = seconds(100)}};
  Task<bool> body = part(session, best);
  Task<Result<bool>> running = session.run(std::move(body));
  const Result<bool> ended = co_await std::move(running);
  if (!ended) fmt::print(stderr, "{}\n", ended.error().detail);
  co_await node.sleep(std::chrono::milliseconds{200});  // others may still wait for what was sent
  done();
}

Platform platform_of(Seat seats) {
  GraphBuilder builder{LinkDefaults{}};
  std::vector<PlatformNode> nodes;
  for (std::uint32_t i = 0; i < seats; ++i) {
    builder.add({.name = fmt::format("party {}", i)});
    nodes.push_back({.name = fmt::format("party {}", i), .vertex = i, .speed = 2e9});
  }
  for (std::uint32_t to = 1; to < seats; ++to)
    for (std::uint32_t from = 0; from < to; ++from)
      builder.link({.from = from, .to = to, .latency = Duration{1000}, .bandwidth = 1e12});
  return {std::move(builder).build(), std::move(nodes)};
}

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

}  // namespace

Best on_sockets(Seat seats, const Part& part) {
  auto* const shared = static_cast<Best*>(
      mmap(nullptr, sizeof(Best), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  *shared = {};
  std::vector<Address> addresses;
  for (Seat i = 0; i < seats; ++i) addresses.push_back({"127.0.0.1", free_port()});
  for (std::uint32_t i = 0; i < seats; ++i) {
    if (fork() != 0) continue;
    const ScratchFolder scratch;
    const Platform platform = platform_of(seats);
    LinkClocks clocks{platform};
    test::CountingProbe probe;
    SocketWorld world{platform,
                      NodeId{i},
                      {.network = {.rates_elsewhere = true, .delays_elsewhere = true},
                       .directory = scratch.path()},
                      clocks,
                      probe};
    world.listen(addresses[i].host, addresses[i].port);
    world.meet(addresses);
    Best best;
    world.node().on_start([&](Node& node) {
      Task<> task_of_seat = sit(node, seats, part, best, [&world] { world.interrupt(); });
      node.spawn(std::move(task_of_seat));
    });
    world.run(SocketWorld::Clock::now() + std::chrono::milliseconds{200}, seconds(300));
    if (i == 0) *shared = best;
    _exit(0);
  }
  while (wait(nullptr) > 0) {
  }
  const Best best = *shared;
  munmap(shared, sizeof(Best));
  return best;
}

// In one memory: every message arrives at once.
Best in_memory(Seat seats, const Part& part) {
  test::ClusterWorld world{{.nodes = seats, .fastest = {}, .slowest = {}}};
  std::vector<Best> best(seats);
  for (std::uint32_t i = 0; i < seats; ++i)
    world.node(i).on_start([&, i](Node& node) {
      Task<> task_of_seat = sit(node, seats, part, best[i], [] {});
      node.spawn(std::move(task_of_seat));
    });
  world.start();
  world.run_for(seconds(10'000));
  world.stop();
  return best[0];
}

Best in_virtual_time(Seat seats, const Part& part) {
  auto* const shared = static_cast<Best*>(
      mmap(nullptr, sizeof(Best), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  in_a_child([&part, seats, shared] {
    const Platform platform = platform_of(seats);
    test::CountingProbe probe;
    SimgridWorld world{platform, {.network = WorldSettings::Network::latency}, probe};
    std::vector<Best> best(seats);
    for (std::uint32_t i = 0; i < seats; ++i)
      world.node(NodeId{i}).on_start([&, i](Node& node) {
        Task<> task_of_seat = sit(node, seats, part, best[i], [] {});
        node.spawn(std::move(task_of_seat));
      });
    world.run(seconds(1000));
    *shared = best[0];
    return std::uint64_t{1};
  });
  const Best best = *shared;
  munmap(shared, sizeof(Best));
  return best;
}

}  // namespace evenkeel::bench

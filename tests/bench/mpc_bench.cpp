// Multi-party computation: three processes over plain TCP on the loopback, beside the same seats in
// virtual time and in one memory without a network. The best times of several, since others may
// share the machine; in brackets the reference's fastest public implementation on a machine like
// this.
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <limits>

#include "models/mpc/function.h"
#include "sim/study/scratch_folder.h"
#include "sim/topology/builder.h"
#include "sim/world/simgrid_world.h"
#include "sim/world/socket_world.h"
#include "tests/bench/targets.h"
#include "tests/cluster_world.h"
#include "tests/counting_probe.h"

namespace evenkeel::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Drill {
  const char* protocol;
  const char* what;  // "multiply", "compare", "argmin", "sum"
  std::size_t count;
  int repeats;
};

struct Best {
  double seconds = std::numeric_limits<double>::infinity();
  bool right = false;
};

Task<std::int64_t> once(Protocol& p, const Drill& task, const std::vector<std::int64_t>& mine,
                        const std::vector<Secrets>& entered) {
  const std::string_view what = task.what;
  if (what == "multiply") {
    const Secrets product = co_await p.multiply(entered[0], entered[1]);
    const Secrets first = p.slice(product, 0, 1);
    const std::vector<std::int64_t> opened = co_await p.open(first);
    co_return opened[0];
  }
  if (what == "compare") {
    const Secrets is_less = co_await p.less(entered[0], entered[1], p.domain().value_bits() + 1);
    const Secrets first = p.slice(is_less, 0, 1);
    const std::vector<std::int64_t> opened = co_await p.open(first);
    co_return opened[0];
  }
  if (what == "sum") {
    const std::vector<Seat> owners{0, 1, 2};
    const std::vector<Secrets> all = co_await p.inputs(owners, mine, task.count);
    Secrets sum = p.add(all[0], all[1]);
    sum = p.add(std::move(sum), all[2]);
    const std::vector<std::int64_t> opened = co_await p.open(sum);
    co_return opened[0];
  }
  const std::shared_ptr<const Function> argmin = function_named("argmin");
  const Problem problem{.owners = 1,
                        .size = task.count,
                        .bits = p.domain().value_bits(),
                        .round_trip = std::chrono::microseconds{40},
                        .bandwidth = 2e10};
  const std::vector<Secrets> candidates{entered[0]};
  const Secrets place = co_await argmin->compute(p, candidates, problem);
  const std::vector<std::int64_t> opened = co_await p.open(place);
  co_return opened[0];
}

std::int64_t number(std::size_t place, Seat owner) {
  return static_cast<std::int64_t>((place * 7919 + 5 + owner) % 100'003) - 50'000;
}

// Of what is opened: the first element, or the place of the smallest.
std::int64_t right_answer(const Drill& task) {
  const std::string_view what = task.what;
  if (what == "multiply") return number(0, 0) * number(0, 1);
  if (what == "compare") return number(0, 0) < number(0, 1) ? 1 : 0;
  if (what == "sum") return number(0, 0) + number(0, 1) + number(0, 2);
  std::size_t least = 0;
  for (std::size_t i = 1; i < task.count; ++i)
    if (number(i, 0) < number(least, 0)) least = i;
  return static_cast<std::int64_t>(least);
}

Task<bool> play(Protocol& p, const Drill& task, Best& best) {
  co_await p.set_up();
  std::vector<std::int64_t> mine(task.count);
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i] = number(i, p.session().self());
  const std::vector<Seat> owners{0, 1};
  const std::vector<Secrets> entered = co_await p.inputs(owners, mine, task.count);
  for (int i = 0; i < task.repeats; ++i) {
    const Secrets nothing = p.constant(0, 1);
    co_await p.open(nothing);  // all begin together
    const Clock::time_point start = Clock::now();
    const std::int64_t got = co_await once(p, task, mine, entered);
    best.right = got == right_answer(task);
    best.seconds =
        std::min(best.seconds, std::chrono::duration<double>(Clock::now() - start).count());
  }
  co_return true;
}

Task<> sit(Node& node, const Drill& task, Best& best, std::function<void()> done) {
  Sessions sessions{node};
  Session session{sessions,
                  {.id = 1,
                   .seats = {NodeId{0}, NodeId{1}, NodeId{2}},
                   .self = index(node.id()),
                   .parties = 3,
                   .patience = seconds(100)}};
  const std::unique_ptr<Protocol> protocol = protocol_named(task.protocol).make(session);
  Task<bool> body = play(*protocol, task, best);
  Task<Result<bool>> running = session.run(std::move(body));
  const Result<bool> ended = co_await std::move(running);
  if (!ended) fmt::print(stderr, "{}: {}\n", task.protocol, ended.error().detail);
  co_await node.sleep(std::chrono::milliseconds{200});  // others may still wait for what was sent
  done();
}

Platform three() {
  GraphBuilder builder{LinkDefaults{}};
  std::vector<PlatformNode> nodes;
  for (std::uint32_t i = 0; i < 3; ++i) {
    builder.add({.name = fmt::format("party {}", i)});
    nodes.push_back({.name = fmt::format("party {}", i), .vertex = i, .speed = 2e9});
  }
  for (const auto& [from, to] : {std::pair{0U, 1U}, std::pair{1U, 2U}, std::pair{0U, 2U}})
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

Best on_sockets(const Drill& task) {
  auto* const shared = static_cast<Best*>(
      mmap(nullptr, sizeof(Best), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  *shared = {};
  std::vector<Address> addresses;
  for (int i = 0; i < 3; ++i) addresses.push_back({"127.0.0.1", free_port()});
  for (std::uint32_t i = 0; i < 3; ++i) {
    if (fork() != 0) continue;
    const ScratchFolder scratch;
    const Platform platform = three();
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
      Task<> task_of_seat = sit(node, task, best, [&world] { world.interrupt(); });
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
Best in_memory(const Drill& task) {
  test::ClusterWorld world{{.fastest = {}, .slowest = {}}};
  std::vector<Best> best(3);
  for (std::uint32_t i = 0; i < 3; ++i)
    world.node(i).on_start([&, i](Node& node) {
      Task<> task_of_seat = sit(node, task, best[i], [] {});
      node.spawn(std::move(task_of_seat));
    });
  world.start();
  world.run_for(seconds(10'000));
  world.stop();
  return best[0];
}

Best in_virtual_time(const Drill& task) {
  auto* const shared = static_cast<Best*>(
      mmap(nullptr, sizeof(Best), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  in_a_child([&task, shared] {
    const Platform platform = three();
    test::CountingProbe probe;
    SimgridWorld world{platform, {.network = WorldSettings::Network::latency}, probe};
    std::vector<Best> best(3);
    for (std::uint32_t i = 0; i < 3; ++i)
      world.node(NodeId{i}).on_start([&, i](Node& node) {
        Task<> task_of_seat = sit(node, task, best[i], [] {});
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

void measure(benchmark::State& state, const Drill& task, double target_s,
             const std::string& reference) {
  for (auto _ : state) {
    const Best sockets = on_sockets(task);
    const Best memory = in_memory(task);
    const Best simulated = in_virtual_time(task);
    state.SetIterationTime(sockets.seconds);
    add_row({.what = fmt::format("{} {} x {}, sockets", task.protocol, task.what, task.count),
             .target = fmt::format("at most {} ms", target_s * 1e3),
             .ours = fmt::format("{:.2f} ms", sockets.seconds * 1e3),
             .baseline = reference,
             .ratio = sockets.seconds / target_s,
             .met = sockets.seconds <= target_s && sockets.right});
    add_row({.what = fmt::format("{} {} x {}, simulated", task.protocol, task.what, task.count),
             .target = "at most 1.5",
             .ours = fmt::format("{:.2f} ms", simulated.seconds * 1e3),
             .baseline = fmt::format("in memory {:.2f} ms", memory.seconds * 1e3),
             .ratio = simulated.seconds / memory.seconds,
             .met = simulated.seconds <= 1.5 * memory.seconds});
  }
}

void products(benchmark::State& state) {
  measure(state, {"replicated3", "multiply", 1'000'000, 10}, 20e-3, "MP-SPDZ 34 ms");
}
void comparisons(benchmark::State& state) {
  measure(state, {"replicated3", "compare", 10'000, 20}, 3e-3, "MP-SPDZ 2.6 ms");
}
void argmin(benchmark::State& state) {
  measure(state, {"replicated3", "argmin", 64, 50}, 2e-3, "MP-SPDZ 1.65 ms");
}
void sum(benchmark::State& state) {
  measure(state, {"replicated3", "sum", 1'000'000, 10}, 60e-3, "MP-SPDZ 79 ms");
}

BENCHMARK(products)->Name("mpc/products")->UseManualTime()->Iterations(1);
BENCHMARK(comparisons)->Name("mpc/comparisons")->UseManualTime()->Iterations(1);
BENCHMARK(argmin)->Name("mpc/argmin")->UseManualTime()->Iterations(1);
BENCHMARK(sum)->Name("mpc/sum")->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace evenkeel::bench

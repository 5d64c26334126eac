// What the runtime costs by itself: a task, and a call to another node with its answer.
#include "models/runtime/rpc.h"
#include "models/runtime/task.h"
#include "sim/topology/builder.h"
#include "sim/world/simgrid_world.h"
#include "tests/bench/targets.h"
#include "tests/counting_probe.h"

namespace evenkeel::bench {
namespace {

Task<> nothing() { co_return; }

void spawn_task(benchmark::State& state) {
  TaskList tasks;
  for (auto _ : state) tasks.spawn(nothing());
}
BENCHMARK(spawn_task);

Task<int> inner() { co_return 1; }
Task<> outer(int& sum) { sum += co_await inner(); }

void await_task(benchmark::State& state) {
  TaskList tasks;
  int sum = 0;
  for (auto _ : state) tasks.spawn(outer(sum));
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(await_task);

Task<std::optional<Payload>> echo(CallId, Payload payload) { co_return payload; }

Task<> call_again_and_again(Node& node, NodeId other, std::uint64_t times, std::uint64_t& done) {
  while (done < times) {
    Call call = node.rpc().call(other, Port::tests, Payload{}, seconds(1));
    const Result<Payload> answer = co_await call;
    if (answer) ++done;
  }
}

std::uint64_t round_trips(std::uint64_t times) {
  GraphBuilder builder{{}};
  const VertexId here = builder.add({.name = "here"});
  const VertexId there = builder.add({.name = "there"});
  builder.link({.from = here, .to = there, .latency = seconds(1e-3), .bandwidth = 1e9});
  const Platform platform{std::move(builder).build(),
                          {{.name = "a", .vertex = here}, {.name = "b", .vertex = there}}};
  test::CountingProbe probe;
  SimgridWorld world{platform, {.network = WorldSettings::Network::latency}, probe};
  std::uint64_t done = 0;
  world.node(NodeId{1}).on_start([](Node& node) { node.rpc().serve(Port::tests, echo); });
  world.node(NodeId{0}).on_start(
      [&](Node& node) { node.spawn(call_again_and_again(node, NodeId{1}, times, done)); });
  world.run(seconds(0.0021 * static_cast<double>(times)));
  return done;
}

void rpc_round_trip(benchmark::State& state) {
  for (auto _ : state) {
    const Measured result = in_a_child([] { return round_trips(1'000'000); });
    state.SetIterationTime(result.wall_s);
    state.counters["per_cpu_s"] = result.requests_per_cpu_s();
  }
}
BENCHMARK(rpc_round_trip)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenkeel::bench

// What devices cost: a request's cost among 100 and among 100,000 of them at equal total rate, and
// the memory of a device that hardly ever asks.
#include <fmt/format.h>

#include "tests/bench/scenarios.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

void many_devices(benchmark::State& state, const std::string& arrivals) {
  const auto among = [&](int devices) {
    return [devices, &arrivals] {
      return run({.devices = devices, .arrivals = arrivals, .requests = 1e6});
    };
  };
  const Pair pair = compare(state, among(100'000), among(100));
  const double ratio = pair.baseline.requests_per_cpu_s() / pair.ours.requests_per_cpu_s();
  add_row({"100,000 devices, cost of a request: " + arrivals, "below 1.5",
           grouped(pair.ours.requests_per_cpu_s()) + "/s",
           grouped(pair.baseline.requests_per_cpu_s()) + "/s with 100", ratio, ratio < 1.5});
}
BENCHMARK_CAPTURE(many_devices, poisson, "poisson")->UseManualTime()->Iterations(3);
BENCHMARK_CAPTURE(many_devices, deterministic, "deterministic")->UseManualTime()->Iterations(3);
BENCHMARK_CAPTURE(many_devices, on_off, "on_off")->UseManualTime()->Iterations(3);
BENCHMARK_CAPTURE(many_devices, closed_loop, "closed_loop")->UseManualTime()->Iterations(3);

// Nearly nobody asks: 1,000 requests from a million devices.
// Poisson arrivals are drawn for all devices at once; the others keep something for each.
void idle_memory(benchmark::State& state, const std::string& at, const std::string& arrivals) {
  constexpr int many = 1'000'000;
  constexpr int few = 100;
  const auto peak_of = [&](int devices) {
    return [devices, &at, &arrivals] {
      return run({.devices = devices, .arrivals = arrivals, .requests = 1000, .at = at});
    };
  };
  const Pair pair = compare(state, peak_of(many), peak_of(few));
  const double bytes =
      (static_cast<double>(pair.ours.peak_bytes) - static_cast<double>(pair.baseline.peak_bytes)) /
      (many - few);
  state.counters["bytes_per_device"] = bytes;
  add_row({"memory of an idle device: " + arrivals + ", balanced at " + at, "below 500 B",
           fmt::format("{:.0f} B", bytes),
           fmt::format("{} MB with 100", pair.baseline.peak_bytes >> 20), bytes / 500,
           bytes < 500});
}
BENCHMARK_CAPTURE(idle_memory, poisson, "site", "poisson")->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(idle_memory, deterministic, "site", "deterministic")
    ->UseManualTime()
    ->Iterations(1);
BENCHMARK_CAPTURE(idle_memory, on_off, "site", "on_off")->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(idle_memory, closed_loop, "site", "closed_loop")->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(idle_memory, at_client, "client", "deterministic")
    ->UseManualTime()
    ->Iterations(1);

// Two hundred sites of fifty servers, each site with a balancer that may choose among all: its
// memory grows with sites x servers.
void many_sites(benchmark::State& state) {
  const Load load{.sites = 200,
                  .servers_each = 50,
                  .devices_at = "every site",
                  .devices = 10,
                  .rate = 10,
                  .requests = 10'000,
                  .size = "200 B"};
  for (auto _ : state) {
    const Measured result = in_a_child([&] { return run(load); });
    state.SetIterationTime(result.wall_s);
    state.counters["cpu_s"] = result.cpu_s;
    state.counters["peak_MB"] = static_cast<double>(result.peak_bytes) / 1e6;
  }
}
BENCHMARK(many_sites)->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace evenkeel::bench

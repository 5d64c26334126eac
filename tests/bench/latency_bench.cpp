// Requests per second of one core with the network model `latency`: one class, ten nodes, all
// included (reading the scenario, balancing, recording, summing up).
#include "tests/bench/scenarios.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

void latency_requests(benchmark::State& state) {
  constexpr double target = 600'000;
  std::vector<Measured> results;
  for (auto _ : state) {
    results.push_back(in_a_child([] { return run({.requests = 1e6}); }));
    state.SetIterationTime(results.back().wall_s);
  }
  const double rate = median(std::move(results)).requests_per_cpu_s();
  state.counters["per_cpu_s"] = rate;
  add_row({"latency: requests/s of one core, 10 nodes", "at least 600,000", grouped(rate),
           "the target", rate / target, rate >= target});
}
BENCHMARK(latency_requests)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenkeel::bench

// Requests per second with the network model `fluid`, against the same activities straight on
// SimGrid. Messages of 10 kB, so that each is a transfer.
#include "tests/bench/bare_simgrid.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

void fluid_requests(benchmark::State& state) {
  constexpr double target = 0.7;
  const Load load{
      .network = "fluid", .requests = 200'000, .size = "10 kB", .policy = "round_robin"};
  const Pair pair = compare(
      state, [&] { return run(load); }, [&] { return run_bare(load, 10'000); });
  const double ratio = pair.ours.requests_per_cpu_s() / pair.baseline.requests_per_cpu_s();
  add_row({"fluid: requests/s, 10 kB each way", "at least 0.7",
           grouped(pair.ours.requests_per_cpu_s()) + "/s",
           grouped(pair.baseline.requests_per_cpu_s()) + "/s bare SimGrid", ratio,
           ratio >= target});
}
BENCHMARK(fluid_requests)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenkeel::bench

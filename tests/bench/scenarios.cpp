#include "tests/bench/scenarios.h"

#include <fmt/format.h>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"

namespace evenkeel::bench {

namespace {

// A device of a closed loop asks again a while after its last answer; it has no rate.
std::string arrivals_of(const std::string& name, double each) {
  if (name == "closed_loop")
    return fmt::format("{{closed_loop: {{think: {{exponential: {{mean: {:.12g} s}}}}}}}}",
                       1 / each);
  return fmt::format("{}\n    rate: {:.12g} /s", name, each);
}

}  // namespace

std::string text_of(const Load& load) {
  const int places = load.devices_at == "cloud" ? 1 : load.sites;
  const double total_rate = load.rate * places;
  const double each = load.rate / load.devices;
  const double mean_work = load.utilisation * 1e9 * load.sites * load.servers_each / total_rate;
  return fmt::format(
      R"(name: bench
duration: {duration} s
topology:
  generate: {{star: {{n: {sites}, latency: 1 ms, bandwidth: 10 Gbit/s}}}}
network: {{model: {network}}}
nodes:
  server: {{at: every site, count: {servers_each}, cores: 1, speed: 1 Gop/s,
           link: {{latency: 100 us, bandwidth: 10 Gbit/s}}}}
devices:
  device: {{at: {devices_at}, count: {devices}, link: {{latency: 0 s, bandwidth: 1000000 Gbit/s}}}}
workload:
  request:
    from: device
    arrivals: {arrivals}
    input: {size}
    output: {size}
    work: {{exponential: {{mean: {mean_work:.12g} op}}}}
balancing: {{at: {at}, policy: {policy}, knowledge: own}}
)",
      fmt::arg("duration", load.requests / total_rate), fmt::arg("sites", load.sites),
      fmt::arg("network", load.network), fmt::arg("servers_each", load.servers_each),
      fmt::arg("devices_at", load.devices_at), fmt::arg("devices", load.devices),
      fmt::arg("arrivals", arrivals_of(load.arrivals, each)), fmt::arg("size", load.size),
      fmt::arg("mean_work", mean_work), fmt::arg("at", load.at), fmt::arg("policy", load.policy));
}

std::uint64_t run(const Load& load) {
  const Scenario scenario = read(parse_scenario(text_of(load), "bench.yaml", ".", catalogues()));
  return run_scenario(scenario, RunOptions{}).requests_in_all;
}

}  // namespace evenkeel::bench

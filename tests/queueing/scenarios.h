// Small queueing systems as whole scenarios.
#pragma once

#include <fmt/format.h>

#include <string>

namespace evenkeel::test {

/// A cluster at one place, without a network: requests arrive as a Poisson process, with a mean
/// work of one second.
struct Cluster {
  int servers = 1;
  int cores = 1;
  double load = 0.7;  // of each core
  std::string policy = "random";
  std::string work = "exponential: 1 Gop";
  std::string discipline = "fifo";
  double requests = 4e5;
};

inline std::string scenario_of(const Cluster& cluster) {
  const double rate = cluster.servers * cluster.cores * cluster.load;
  const double duration = cluster.requests / rate;
  return fmt::format(R"(name: queue
duration: {:.9f} s
warm_up: {:.9f} s
topology: {{generate: {{star: {{n: 1}}}}}}
network: {{model: latency}}
nodes:
  server: {{at: site 1, count: {}, cores: {}, speed: 1 Gop/s, discipline: {}}}
devices:
  source: {{at: site 1, count: 1, link: {{latency: 0 s, bandwidth: 1000 Tbit/s}}}}
workload:
  ask: {{from: source, arrivals: poisson, rate: {:.9f} /s, work: {{{}}}, timeout: 1000000 s}}
balancing: {{at: site, policy: {}, knowledge: exact}}
)",
                     duration, duration / 20, cluster.servers, cluster.cores, cluster.discipline,
                     rate, cluster.work, cluster.policy);
}

/// An exponential server at home, and a cloud with cores for everybody, twice as fast and half a
/// second away.
inline std::string edge_and_cloud(double load, int threshold, double requests) {
  const double duration = requests / load;
  return fmt::format(R"(name: edge and cloud
duration: {:.9f} s
warm_up: {:.9f} s
topology: {{generate: {{star: {{n: 1, latency: 500 ms, bandwidth: 1000 Tbit/s}}}}}}
network: {{model: latency}}
nodes:
  server: {{at: site 1, cores: 1, speed: 1 Gop/s}}
  cloud: {{at: cloud, cores: 1000, speed: 2 Gop/s}}
devices:
  source: {{at: site 1, count: 1, link: {{latency: 0 s, bandwidth: 1000 Tbit/s}}}}
workload:
  ask: {{from: source, arrivals: poisson, rate: {} /s, work: {{exponential: 1 Gop}}, timeout: 1000000 s}}
balancing:
  at: site
  policy: {{threshold_offload: {{threshold: {}}}}}
  knowledge: exact
)",
                     duration, duration / 20, load, threshold);
}

}  // namespace evenkeel::test

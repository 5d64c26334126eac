// Queues behind a network, where latency, transfer and queueing add up.
#include <cmath>

#include "tests/queueing/run.h"

namespace evenkeel::test {
namespace {

/// An exponential server at home, and a cloud with cores for everybody, twice as fast.
std::string edge_and_cloud(double load, int threshold) {
  return fmt::format(R"(name: edge and cloud
duration: 400000 s
warm_up: 5000 s
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
                     load, threshold);
}

TEST(ThresholdOffload, IsAQueueWithLimitedRoom) {
  struct Case {
    double load;
    int room;
    double sent_away;
    double latency;  // with one second there and back, and half a second in the cloud
  };
  for (const Case& each : {Case{0.8, 3, 0.173442, 1.79133}, Case{0.9, 5, 0.126023, 2.62768},
                           Case{1.2, 5, 0.250588, 2.89353}}) {
    const double r = each.load;
    const double blocked = (1 - r) * std::pow(r, each.room) / (1 - std::pow(r, each.room + 1));
    EXPECT_NEAR(blocked, each.sent_away, 1e-6);
    const Measured measured = run(edge_and_cloud(each.load, each.room));
    expect_mean(measured, each.latency);
    EXPECT_NEAR(measured.busiest, r * (1 - blocked), 0.01);
  }
}

std::string ten_servers(const std::string& model) {
  return fmt::format(R"(name: ten servers
duration: 400 s
warm_up: 10 s
topology: {{generate: {{star: {{n: 1}}}}}}
network: {{model: {}}}
nodes:
  server:
    at: site 1
    count: 10
    cores: 1
    speed: 1 Gop/s
    link: {{latency: 1.1 ms, bandwidth: 80 Mbit/s}}
devices:
  source: {{at: site 1, count: 1, link: {{latency: 0 s, bandwidth: 1000 Tbit/s}}}}
workload:
  ask:
    from: source
    arrivals: poisson
    rate: 700 /s
    input: 10 kB
    work: {{exponential: 10 Mop}}
    output: 1 kB
balancing: {{at: site, policy: random, knowledge: own}}
)",
                     model);
}

TEST(TenServers, BehindTimersTakeQueueAndNetwork) {
  // 10 ms / (1 - 0.7), 1.1 ms there and back, 10 kB in and 1 kB out at 10 MB/s.
  expect_mean(run(ten_servers("latency")), 10e-3 / 0.3 + 2 * 1.1e-3 + 1e-3 + 0.1e-3);
}

TEST(TenServers, BehindSharedLinksTakeQueueAndNetwork) {
  // The same, but the requests share their server's link: 70 a second of 1 ms each.
  expect_mean(run(ten_servers("fluid")), 10e-3 / 0.3 + 2 * 1.1e-3 + 1e-3 / (1 - 0.07) + 0.1e-3);
}

}  // namespace
}  // namespace evenkeel::test

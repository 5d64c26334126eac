// Queues behind a network, where latency, transfer and queueing add up.
#include <fmt/format.h>

#include "tests/queueing/run.h"

namespace evenkeel::test {
namespace {

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
  expect_mean(run(ten_servers("latency")), 10e-3 / 0.3 + 2 * 1.1e-3 + 1e-3 + 0.1e-3, 0.03);
}

TEST(TenServers, BehindSharedLinksTakeQueueAndNetwork) {
  // The same, but the requests share their server's link: 70 a second of 1 ms each.
  expect_mean(run(ten_servers("fluid")), 10e-3 / 0.3 + 2 * 1.1e-3 + 1e-3 / (1 - 0.07) + 0.1e-3,
              0.03);
}

}  // namespace
}  // namespace evenkeel::test

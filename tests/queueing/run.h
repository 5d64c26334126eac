// Runs a small queueing system as a whole scenario and compares with what queueing theory says.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <new>
#include <string>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"

namespace evenkeel::test {

/// A cluster at one place, without a network: requests arrive as a Poisson process, with a mean
/// work of one second.
struct Cluster {
  int servers = 1;
  int cores = 1;
  double load = 0.7;  // of each core
  std::string policy = "random";
  std::string knowledge = "exact";
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
balancing: {{at: site, policy: {}, knowledge: {}}}
)",
                     duration, duration / 20, cluster.servers, cluster.cores, cluster.discipline,
                     rate, cluster.work, cluster.policy, cluster.knowledge);
}

/// What the tests look at; plain numbers, as they come from another process.
struct Measured {
  double mean, interval, p50, p99, dropped, busiest, completed;
};

inline Measured measure(const std::string& text, std::uint64_t seed) {
  const Scenario scenario = read(parse_scenario(text, "queue.yaml", ".", catalogues()));
  const RunResult result = run_scenario(scenario, {.seed = seed});
  check_conservation(result);
  return {.mean = result.latency.mean,
          .interval = result.latency.ci95_mean,
          .p50 = result.latency.p50,
          .p99 = result.latency.p99,
          .dropped = static_cast<double>(result.tally.dropped),
          .busiest = result.nodes.empty() ? 0 : result.nodes.front().utilisation,
          .completed = static_cast<double>(result.tally.completed)};
}

/// Runs the scenario in a child, since SimGrid has one engine a process.
inline Measured run(const std::string& text, std::uint64_t seed = 1) {
  void* shared =
      mmap(nullptr, sizeof(Measured), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* measured = new (shared) Measured{};
  const pid_t child = fork();
  if (child == 0) {
    try {
      *measured = measure(text, seed);
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << text;
  const Measured result = *measured;
  munmap(shared, sizeof(Measured));
  return result;
}

inline Measured run(const Cluster& cluster, std::uint64_t seed = 1) {
  return run(scenario_of(cluster), seed);
}

/// The mean is within three half widths of its 95 % interval, which itself must be narrow: a
/// share of the mean. A right program fails this once in 10^8 runs, and never on a fixed seed.
inline void expect_mean(const Measured& measured, double expected, double narrow = 0.03) {
  EXPECT_NEAR(measured.mean, expected, 3 * measured.interval);
  EXPECT_LT(measured.interval, narrow * expected);
}

}  // namespace evenkeel::test

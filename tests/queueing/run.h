// Runs a scenario's text in a child process and holds its mean latency to what theory says.
#pragma once

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <string>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"

namespace evenkeel::test {

/// What the tests look at; plain numbers, as they come from another process.
struct Measured {
  double mean, interval, p50, p99, busiest;
};

inline Measured measure(const std::string& text, std::uint64_t seed) {
  const Scenario scenario = read(parse_scenario(text, "queue.yaml", ".", catalogues()));
  const RunResult result = run_scenario(scenario, {.seed = seed});
  return {.mean = result.latency.mean,
          .interval = result.latency.ci95_mean,
          .p50 = result.latency.p50,
          .p99 = result.latency.p99,
          .busiest = result.nodes.empty() ? 0 : result.nodes.front().utilisation};
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

/// The mean is within three half widths of its 95 % interval, which itself must be narrow: a
/// share of the mean. A right program fails this once in 10^8 runs, and never on a fixed seed.
inline void expect_mean(const Measured& measured, double expected, double narrow, double give = 0) {
  EXPECT_NEAR(measured.mean, expected, 3 * measured.interval + give);
  EXPECT_LT(measured.interval, narrow * expected);
}

}  // namespace evenkeel::test

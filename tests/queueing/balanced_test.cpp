// Many servers behind one balancer, by policy, against exact values where there are some and else
// against mean fields and published simulations.
#include <cmath>
#include <vector>

#include "tests/queueing/run.h"

namespace evenkeel::test {
namespace {

/// Round robin over n exponential servers: each sees Erlang(n) gaps. G/M/1: the latency is
/// 1 / (1 - sigma) where sigma is the root of sigma = (n load / (n load + 1 - sigma))^n.
double round_robin_latency(int n, double load) {
  double sigma = 0.5;
  for (int i = 0; i < 1000; ++i) sigma = std::pow(n * load / (n * load + 1 - sigma), n);
  return 1 / (1 - sigma);
}

TEST(RoundRobin, MakesEveryServerAnErlangQueue) {
  EXPECT_NEAR(round_robin_latency(10, 0.7), 2.0198, 1e-4);
  EXPECT_NEAR(round_robin_latency(2, 0.9), 7.5883, 1e-4);
  expect_mean(run(Cluster{.servers = 10, .load = 0.7, .policy = "round_robin"}),
              round_robin_latency(10, 0.7));
  expect_mean(run(Cluster{.servers = 2, .load = 0.8, .policy = "round_robin"}),
              round_robin_latency(2, 0.8), 0.05);
}

/// Two exponential servers, Poisson arrivals, the chain of their lengths cut at `limit` each and
/// solved by Gauss and Seidel's iteration. An arrival joins the shorter queue, ties by a coin:
/// with two servers that is also what the best of two sampled without replacement does. With
/// `straying` it joins a random one with that probability: sampling with replacement strays by
/// 1/2.
double shorter_queue_latency(double load, double straying) {
  constexpr int limit = 40;
  const double arrivals = 2 * load;
  const auto share = [&](int to, int other) {  // of arrivals, to the queue that has `to`
    const double shorter = to < other ? 1 : to == other ? 0.5 : 0;
    return straying * 0.5 + (1 - straying) * shorter;
  };
  std::vector<std::vector<double>> p(limit + 1, std::vector<double>(limit + 1, 1));
  const auto at = [&](int a, int b) {
    return a < 0 || b < 0 || a > limit || b > limit
               ? 0.0
               : p[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
  };
  for (int sweep = 0; sweep < 2000; ++sweep) {
    for (int a = 0; a <= limit; ++a) {
      for (int b = 0; b <= limit; ++b) {
        double in = at(a + 1, b) + at(a, b + 1);
        if (a > 0) in += arrivals * share(a - 1, b) * at(a - 1, b);
        if (b > 0) in += arrivals * share(b - 1, a) * at(a, b - 1);
        double out = (a > 0) + (b > 0);
        if (a < limit) out += arrivals * share(a, b);
        if (b < limit) out += arrivals * share(b, a);
        p[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = in / out;
      }
    }
  }
  double total = 0;
  double jobs = 0;
  for (int a = 0; a <= limit; ++a)
    for (int b = 0; b <= limit; ++b) {
      total += at(a, b);
      jobs += (a + b) * at(a, b);
    }
  return jobs / total / arrivals;
}

TEST(TwoServers, ShortestQueueMatchesItsMarkovChain) {
  for (const double load : {0.5, 0.8}) {
    const double exact = shorter_queue_latency(load, 0);
    expect_mean(run(Cluster{.servers = 2, .load = load, .policy = "shortest_queue"}), exact);
    expect_mean(run(Cluster{.servers = 2, .load = load, .policy = "power_of_d"}), exact);
  }
}

TEST(TwoServers, SamplingWithReplacementMatchesItsMarkovChain) {
  const double exact = shorter_queue_latency(0.8, 0.5);
  EXPECT_GT(exact, shorter_queue_latency(0.8, 0) * 1.05);
  expect_mean(
      run(Cluster{.servers = 2, .load = 0.8, .policy = "{power_of_d: {d: 2, replacement: true}}"}),
      exact);
}

TEST(PowerOfD, MatchesMitzenmachersSimulationOfAHundred) {
  // IEEE TPDS 12(10), 2001, n = 100; the last digits are those of a simulation too.
  const auto best_of = [](int d, double load) {
    return run(Cluster{.servers = 100,
                       .load = load,
                       .policy = fmt::format("{{power_of_d: {{d: {}}}}}", d),
                       .requests = 6e5});
  };
  EXPECT_NEAR(best_of(2, 0.7).mean, 1.6202, 0.01);
  EXPECT_NEAR(best_of(2, 0.9).mean, 2.6454, 0.04);
  EXPECT_NEAR(best_of(3, 0.7).mean, 1.3634, 0.01);
}

TEST(JoinIdleQueue, MatchesAnIndependentSimulationOfTen) {
  EXPECT_NEAR(run(Cluster{.servers = 10, .load = 0.5, .policy = "join_idle_queue"}).mean, 1.027,
              0.005);
  EXPECT_NEAR(run(Cluster{.servers = 10, .load = 0.7, .policy = "join_idle_queue"}).mean, 1.198,
              0.012);
}

TEST(WorkStealing, MatchesAnIndependentSimulationOfManyServers) {
  // Mitzenmacher 1998: 2.1073 for infinitely many; 2.111 +- 0.006 for 128.
  const Measured measured = run(Cluster{.servers = 128,
                                        .load = 0.7,
                                        .policy = "{work_stealing: {placement: random}}",
                                        .requests = 6e5});
  EXPECT_NEAR(measured.mean, 2.111, 0.025);
}

// A request's work is the same wherever it goes. Copies of all at both servers, of which the first
// answer cancels the other: both do the same, and together they are one M/M/1 queue.
TEST(Redundancy, OfAllRequestsAtBothServersIsOneQueue) {
  const std::string twice =
      "{hedged: {policy: random, after: delay, delay: 0 s, max_copies: 2, budget: 1}}";
  expect_mean(run(Cluster{.servers = 2, .load = 0.3, .policy = twice}), 1 / (1 - 0.6));
}

}  // namespace
}  // namespace evenkeel::test

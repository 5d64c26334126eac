// Mean latencies of queueing systems, for a mean service time of one second.
#pragma once

#include <array>
#include <cmath>

namespace evenkeel::test {

/// M/M/c, first come first served (Erlang's C formula); processor sharing has the same mean for
/// any distribution of work.
inline double erlang_c_latency(int cores, double load) {
  const double offered = cores * load;
  double inverse_b = 1;  // of Erlang's loss probability, by its recursion
  for (int i = 1; i <= cores; ++i) inverse_b = 1 + inverse_b * i / offered;
  const double blocked = 1 / inverse_b;
  const double waits = blocked / (1 - load * (1 - blocked));
  return 1 + waits / (cores * (1 - load));
}

/// M/G/1, first come first served (Pollaczek and Khinchine); `cv2` is the squared coefficient of
/// variation of the work.
inline double pollaczek_khinchine_latency(double load, double cv2) {
  return 1 + load * (1 + cv2) / (2 * (1 - load));
}

/// Round robin over n exponential servers: each sees Erlang(n) gaps. G/M/1: the latency is
/// 1 / (1 - sigma) where sigma is the root of sigma = (n load / (n load + 1 - sigma))^n.
inline double round_robin_latency(int n, double load) {
  double sigma = 0.5;
  for (int i = 0; i < 5000; ++i) sigma = std::pow(n * load / (n * load + 1 - sigma), n);
  return 1 / (1 - sigma);
}

/// Two exponential servers, Poisson arrivals, the chain of their lengths cut at `limit` each and
/// solved by Gauss and Seidel's iteration. An arrival joins the shorter queue, ties by a coin:
/// with two servers that is also what the best of two sampled without replacement does. With
/// `straying` it joins a random one with that probability: sampling with replacement strays by
/// 1/2.
inline double shorter_queue_latency(double load, double straying) {
  constexpr int limit = 60;
  const double arrivals = 2 * load;
  std::array<std::array<double, limit + 2>, limit + 2> p{};  // at [a + 1][b + 1]; the rim stays 0
  for (int a = 0; a <= limit; ++a)
    for (int b = 0; b <= limit; ++b)
      p[static_cast<std::size_t>(a + 1)][static_cast<std::size_t>(b + 1)] = std::pow(load, a + b);
  const auto at = [&p](int a, int b) -> double& {
    return p[static_cast<std::size_t>(a + 1)][static_cast<std::size_t>(b + 1)];
  };
  const auto share = [&](int to, int other) {  // of arrivals, to the queue that has `to`
    const double shorter = to < other ? 1 : to == other ? 0.5 : 0;
    return straying * 0.5 + (1 - straying) * shorter;
  };
  for (int sweep = 0; sweep < 1500; ++sweep) {
    for (int a = 0; a <= limit; ++a) {
      for (int b = 0; b <= limit; ++b) {
        double in = (a < limit ? at(a + 1, b) : 0) + (b < limit ? at(a, b + 1) : 0);
        if (a > 0) in += arrivals * share(a - 1, b) * at(a - 1, b);
        if (b > 0) in += arrivals * share(b - 1, a) * at(a, b - 1);
        double out = (a > 0) + (b > 0);
        if (a < limit) out += arrivals * share(a, b);
        if (b < limit) out += arrivals * share(b, a);
        at(a, b) = in / out;
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

/// M/M/1/K: the share of arrivals that find K requests and go elsewhere.
inline double overflow_share(double load, int room) {
  return (1 - load) * std::pow(load, room) / (1 - std::pow(load, room + 1));
}

/// Those that overflow take `elsewhere` seconds; the others wait in an M/M/1/K queue.
inline double overflow_latency(double load, int room, double elsewhere) {
  double weights = 0;
  double jobs = 0;
  for (int n = 0; n <= room; ++n) {
    weights += std::pow(load, n);
    jobs += n * std::pow(load, n);
  }
  const double away = overflow_share(load, room);
  return jobs / weights / load + away * elsewhere;
}

}  // namespace evenkeel::test

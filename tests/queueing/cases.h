// Queueing systems whose mean latency is known, each as a scenario. The tests run them shortly, the
// study for long.
#pragma once

#include <string>
#include <vector>

#include "tests/queueing/formulas.h"
#include "tests/queueing/scenarios.h"

namespace evenkeel::test {

struct Case {
  std::string name;
  std::string source;  // of the reference
  double reference = 0;
  double give = 0;  // of the reference, where it is itself a simulation's: half its 95 % interval
  std::string scenario;
};

/// `requests` of each case, warm-up included.
inline std::vector<Case> cases(double requests) {
  std::vector<Case> all;
  const auto add = [&](std::string name, std::string source, double reference, Cluster cluster,
                       double give = 0) {
    cluster.requests = requests;
    all.push_back({std::move(name), std::move(source), reference, give, scenario_of(cluster)});
  };

  for (const double load : {0.3, 0.7, 0.9})
    add(fmt::format("M/M/1, load {}", load), "1 / (1 - load)", 1 / (1 - load), {.load = load});
  struct Several {
    int cores;
    double load;
  };
  for (const auto& [cores, load] : {Several{2, 0.8}, Several{4, 0.9}, Several{10, 0.7}})
    add(fmt::format("M/M/{}, load {}", cores, load), "Erlang C", erlang_c_latency(cores, load),
        {.cores = cores, .load = load});

  struct Service {
    std::string name;
    std::string work;
    double cv2;
  };
  const Service services[] = {{"M/D/1", "fixed: 1 Gop", 0},
                              {"M/G/1, gamma, cv 0.5", "gamma: {mean: 1 Gop, cv: 0.5}", 0.25},
                              {"M/H2/1, cv 2", "hyperexponential: {mean: 1 Gop, cv: 2}", 4}};
  for (const auto& [name, work, cv2] : services) {
    constexpr double load = 0.7;
    add(name + ", load 0.7", "Pollaczek-Khinchine", pollaczek_khinchine_latency(load, cv2),
        {.load = load, .work = work});
    add(name + ", load 0.7, shared", "1 / (1 - load), for any work", 1 / (1 - load),
        {.load = load, .work = work, .discipline = "processor_sharing"});
  }
  add("M/H2/2, cv 2, load 0.8, shared", "Erlang C, for any work", erlang_c_latency(2, 0.8),
      {.cores = 2, .load = 0.8, .work = services[2].work, .discipline = "processor_sharing"});

  for (const auto& [n, load] : {Several{2, 0.8}, Several{10, 0.7}, Several{10, 0.9}})
    add(fmt::format("round robin over {}, load {}", n, load), "E_n/M/1",
        round_robin_latency(n, load), {.servers = n, .load = load, .policy = "round_robin"});

  for (const double load : {0.5, 0.8}) {
    const double exact = shorter_queue_latency(load, 0);
    add(fmt::format("JSQ over 2, load {}", load), "Markov chain, solved", exact,
        {.servers = 2, .load = load, .policy = "shortest_queue"});
    add(fmt::format("SQ(2) over 2, load {}", load), "Markov chain, solved", exact,
        {.servers = 2, .load = load, .policy = "power_of_d"});
  }
  add("SQ(2) with replacement over 2, load 0.8", "Markov chain, solved",
      shorter_queue_latency(0.8, 0.5),
      {.servers = 2, .load = 0.8, .policy = "{power_of_d: {d: 2, replacement: true}}"});

  struct BestOf {
    int d;
    double load, latency, give;
  };
  // The published values have no intervals; these are those of a simulation that confirms them.
  for (const auto& [d, load, latency, give] :
       {BestOf{2, 0.7, 1.6202, 0.0021}, BestOf{2, 0.9, 2.6454, 0.0078},
        BestOf{3, 0.7, 1.3634, 0.0019}, BestOf{3, 0.9, 2.0614, 0.0067}})
    add(fmt::format("SQ({}) over 100, load {}", d, load), "Mitzenmacher 2001, simulated", latency,
        {.servers = 100, .load = load, .policy = fmt::format("{{power_of_d: {{d: {}}}}}", d)},
        give);

  struct Idle {
    int servers;
    double load, latency, give;
  };
  for (const auto& [servers, load, latency, give] :
       {Idle{10, 0.5, 1.027, 0.001}, Idle{10, 0.7, 1.198, 0.003}, Idle{100, 0.9, 1.071, 0.003}})
    add(fmt::format("JIQ over {}, load {}", servers, load), "an independent simulation", latency,
        {.servers = servers, .load = load, .policy = "join_idle_queue"}, give);

  for (const auto& [load, latency, give] :
       {std::array{0.5, 1.619, 0.003}, std::array{0.7, 2.111, 0.006}})
    add(fmt::format("work stealing over 128, load {}", load), "an independent simulation", latency,
        {.servers = 128, .load = load, .policy = "{work_stealing: {placement: random}}"}, give);

  // A request's work is the same wherever it goes: two copies, of which the first answer cancels
  // the other, do the same at the same time, and both servers together are one M/M/1 queue.
  add("every request at both of 2 servers, load 0.3", "one M/M/1 queue of load 0.6", 1 / (1 - 0.6),
      {.servers = 2,
       .load = 0.3,
       .policy = "{hedged: {policy: random, after: delay, delay: 0 s, max_copies: 2, budget: 1}}"});

  for (const auto& [room, load] : {Several{3, 0.8}, Several{5, 0.9}, Several{5, 1.2}})
    all.push_back({fmt::format("threshold offload from {}, load {}", room, load),
                   "M/M/1/K, and 1.5 s elsewhere", overflow_latency(load, room, 1.5), 0,
                   edge_and_cloud(load, room, requests)});
  return all;
}

}  // namespace evenkeel::test

// A policy driven by hand: a test says what is eligible, what the loads are and what happens, and
// looks at what is picked. No node, no network, no clock.
#pragma once

#include <fmt/format.h>

#include <any>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/balancing/policy.h"
#include "tests/balancing/default_fields.h"

namespace evenkeel {

/// Alike servers s0, s1, ... in zone 0.
inline std::vector<Candidate> alike(std::size_t n) {
  std::vector<Candidate> candidates(n);
  for (std::size_t i = 0; i < n; ++i) candidates[i].name = fmt::format("s{}", i);
  return candidates;
}

inline std::vector<Candidate> with_weights(const std::vector<double>& weights) {
  std::vector<Candidate> candidates = alike(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    candidates[i].weight = candidates[i].speed = weights[i];
  return candidates;
}

/// Settings for `make_policy`: by field name (durations in seconds), and options by name.
struct Given {
  std::map<std::string, double> values = {};
  std::map<std::string, std::string> names = {};
};

inline MakePolicy maker(const std::string& name, const Given& given = {}) {
  DefaultFields fields{given.values, given.names};
  const Entry* entry = policies().find(name);
  if (entry == nullptr) throw std::logic_error("no policy " + name);
  MakePolicy make = std::any_cast<MakePolicy>(entry->configure(fields));
  EXPECT_EQ(fields.refused, "");
  return make;
}

/// Of so many servers, all a millisecond away but one.
inline std::vector<Duration> all_but_one_at(std::size_t n, ServerIndex which, double round_trip_s) {
  std::vector<Duration> round_trips(n, seconds(0.001));
  round_trips[which] = seconds(round_trip_s);
  return round_trips;
}

class HandDriven {
 public:
  HandDriven(const MakePolicy& make, std::vector<Candidate> candidates, std::uint64_t seed = 1,
             std::uint32_t zone = 0, std::vector<double> zone_demand = {1.0},
             std::size_t balancers = 1, std::vector<Duration> round_trips = {})
      : candidates_(std::move(candidates)),
        round_trips_(std::move(round_trips)),
        zone_demand_(std::move(zone_demand)),
        random_(seed),
        eligible(candidates_.size()),
        in_flight(candidates_.size(), 0) {
    std::iota(eligible.begin(), eligible.end(), 0U);
    beliefs.loads.assign(candidates_.size(), 0);
    round_trips_.resize(candidates_.size(), seconds(0.001));
    policy = make(PolicyContext{candidates_, round_trips_, zone, zone_demand_, balancers, random_});
  }
  HandDriven(const std::string& name, std::vector<Candidate> candidates, const Given& given = {},
             std::vector<Duration> round_trips = {})
      : HandDriven(maker(name, given), std::move(candidates), 1, 0, {1.0}, 1,
                   std::move(round_trips)) {}

  View view() const { return {now, eligible, in_flight, considered, beliefs}; }

  /// Considers and picks; `considered` keeps what was asked for.
  ServerIndex pick(const Job& job = {}) {
    considered.clear();
    std::vector<ServerIndex> wanted;
    policy->consider(job, view(), wanted);
    considered = std::move(wanted);
    return policy->pick(job, view());
  }

  void send(ServerIndex server) {
    ++in_flight[server];
    policy->sent(server, now);
  }

  ServerIndex pick_and_send(const Job& job = {}) {
    const ServerIndex server = pick(job);
    send(server);
    return server;
  }

  void finish(ServerIndex server, const Outcome& outcome = {.ok = true, .latency = seconds(0.1)}) {
    --in_flight[server];
    policy->finished(server, outcome, now);
  }

  /// How often each server is picked in so many picks that are never sent.
  std::vector<int> counts(int picks, const Job& job = {}) {
    std::vector<int> result(candidates_.size(), 0);
    for (int i = 0; i < picks; ++i) ++result[pick(job)];
    return result;
  }

  struct Loads final : Beliefs {
    double load(ServerIndex server) const override { return loads[server]; }
    std::vector<double> loads;
  };

 private:
  std::vector<Candidate> candidates_;  // these outlive the policy
  std::vector<Duration> round_trips_;  // a millisecond where nothing is said
  std::vector<double> zone_demand_;
  Random random_;

 public:
  Time now{};
  std::vector<ServerIndex> eligible;
  std::vector<std::uint32_t> in_flight;
  std::vector<ServerIndex> considered;
  Loads beliefs;
  std::unique_ptr<Policy> policy;
};

}  // namespace evenkeel

// One decision of each policy, with its default settings and no world around it: consider, pick,
// sent, and the end of an earlier request, so that about half of the servers are busy.
#include <fmt/format.h>

#include <numeric>
#include <queue>

#include "models/balancing/policy.h"
#include "models/runtime/defaults.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

class OwnLoads final : public Beliefs {
 public:
  explicit OwnLoads(const std::vector<std::uint32_t>& in_flight) : in_flight_(in_flight) {}
  double load(ServerIndex server) const override { return in_flight_[server]; }

 private:
  const std::vector<std::uint32_t>& in_flight_;
};

class Decisions {
 public:
  Decisions(const Entry& entry, std::size_t servers)
      : candidates_(servers),
        round_trips_(servers, seconds(0.001)),
        in_flight_(servers, 0),
        eligible_(servers),
        loads_(in_flight_) {
    for (std::size_t i = 0; i < servers; ++i) candidates_[i].name = fmt::format("s{}", i);
    std::iota(eligible_.begin(), eligible_.end(), 0U);
    Defaults defaults;
    policy_ = std::any_cast<MakePolicy>(entry.configure(defaults))({.candidates = candidates_,
                                                                    .round_trips = round_trips_,
                                                                    .zone_demand = demand_,
                                                                    .random = random_});
  }

  void decide() {
    now_ += Duration{10'000};
    if (under_way_.size() >= candidates_.size() / 2) finish();
    const Job job{.key = random_()};
    considered_.clear();
    policy_->consider(job, view(), considered_);
    const ServerIndex server = policy_->pick(job, view());
    ++in_flight_[server];
    policy_->sent(server, now_);
    under_way_.push(server);
  }

 private:
  View view() const { return {now_, eligible_, in_flight_, considered_, loads_}; }

  void finish() {
    const ServerIndex server = under_way_.front();
    under_way_.pop();
    --in_flight_[server];
    policy_->finished(server, {.ok = true, .latency = Duration{1'000'000}}, now_);
  }

  std::vector<Candidate> candidates_;
  std::vector<Duration> round_trips_;
  std::vector<double> demand_{1};
  std::vector<std::uint32_t> in_flight_;
  std::vector<ServerIndex> eligible_;
  std::vector<ServerIndex> considered_;
  std::queue<ServerIndex> under_way_;
  Random random_{1};
  Time now_{};
  OwnLoads loads_;
  std::unique_ptr<Policy> policy_;
};

void decide(benchmark::State& state, const Entry* entry) {
  Decisions decisions{*entry, static_cast<std::size_t>(state.range(0))};
  for (auto _ : state) decisions.decide();
}

}  // namespace

void register_policies() {
  for (const Entry& entry : policies().entries())
    benchmark::RegisterBenchmark(("decide/" + entry.name).c_str(), decide, &entry)
        ->Arg(10)
        ->Arg(1000);
}

}  // namespace evenkeel::bench

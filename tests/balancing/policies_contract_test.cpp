// What every registered policy must keep, whatever it is: run over the registry, so that a new
// policy is tested without an edit here.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

/// Drives a policy through a random life: requests that overlap, answers good and bad, ejections,
/// probes, idle servers. Every pick is checked, and all picks are kept.
std::vector<Duration> uneven_round_trips(std::size_t n) {
  std::vector<Duration> round_trips;
  for (std::size_t i = 0; i < n; ++i)
    round_trips.push_back(seconds(0.001 * static_cast<double>(1 + (i * 7) % 5)));
  return round_trips;
}

class RandomLife {
 public:
  RandomLife(const std::string& policy, const std::vector<Candidate>& candidates,
             std::uint64_t seed, std::uint32_t zone = 0, std::vector<double> zone_demand = {1.0},
             std::vector<Duration> round_trips = {})
      : driven_(maker(policy), candidates, seed, zone, std::move(zone_demand), 3,
                std::move(round_trips)),
        whim_(seed + 1000),
        n_(candidates.size()) {}

  std::vector<ServerIndex> live(int requests) {
    for (int i = 0; i < requests; ++i) {
      if (whim_.chance(0.1)) eject_some(static_cast<std::size_t>(whim_.below(n_)));
      arrive();
      while (!sent_.empty() && whim_.chance(sent_.size() > 3 * n_ ? 0.9 : 0.45)) finish_one();
      driven_.now += seconds(0.01 * whim_.exponential());
    }
    return picks_;
  }

  void drain() {
    while (!sent_.empty()) finish_one();
  }

  void eject_some(std::size_t ejected) {
    std::vector<ServerIndex>& eligible = driven_.eligible;
    eligible.resize(n_);
    std::iota(eligible.begin(), eligible.end(), 0U);
    for (; ejected > 0; --ejected)
      eligible.erase(eligible.begin() + static_cast<std::ptrdiff_t>(whim_.below(eligible.size())));
  }

  HandDriven& driven() { return driven_; }

 private:
  struct Waiting {
    Job job;
    std::vector<ServerIndex> considered;
  };

  /// One request is considered; some of those considered are picked for, in any order.
  void arrive() {
    Waiting request{.job = {.key = whim_.below(100), .request_class = 0}, .considered = {}};
    driven_.considered.clear();
    driven_.policy->consider(request.job, driven_.view(), request.considered);
    for (const ServerIndex server : request.considered) {
      ASSERT_LT(server, n_);
      ASSERT_TRUE(driven_.view().is_eligible(server)) << "considers an ejected server";
    }
    waiting_.push_back(std::move(request));
    while (waiting_.size() > 4 || (!waiting_.empty() && whim_.chance(0.6)))
      decide(static_cast<std::size_t>(whim_.below(waiting_.size())));
  }

  void decide(std::size_t which) {
    const Waiting request = std::move(waiting_[which]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(which));
    driven_.considered = request.considered;
    wait_while_held(request.job);
    const ServerIndex picked = driven_.policy->pick(request.job, driven_.view());
    ASSERT_LT(picked, n_);
    ASSERT_TRUE(driven_.view().is_eligible(picked)) << "picks the ejected server " << picked;
    send(picked);
    if (const auto hedge = driven_.policy->hedge(request.job, driven_.view())) {
      ASSERT_GE(hedge->delay, Duration::zero());
      ASSERT_GE(hedge->max_copies, 2U);
      if (whim_.chance(0.2)) send(driven_.policy->pick(request.job, driven_.view()));
    }
    probe();
  }

  void wait_while_held(const Job& job) {
    for (int asked = 0; asked < 10'000; ++asked) {
      const Duration hold = driven_.policy->hold(job, driven_.view());
      ASSERT_GE(hold, Duration::zero());
      if (hold == Duration::zero()) return;
      driven_.now += hold;
    }
    FAIL() << "held for ever";
  }

  void send(ServerIndex server) {
    picks_.push_back(server);
    sent_.push_back({server, driven_.now});
    driven_.beliefs.loads[server] += 1;
    driven_.send(server);
  }

  void probe() {
    std::vector<ServerIndex> asked;
    driven_.policy->probe(driven_.view(), asked);
    for (const ServerIndex server : asked) {
      ASSERT_LT(server, n_);
      driven_.policy->probed(server, report(server), driven_.now);
    }
  }

  void finish_one() {
    const auto which = static_cast<std::ptrdiff_t>(whim_.below(sent_.size()));
    const auto [server, at] = sent_[static_cast<std::size_t>(which)];
    sent_.erase(sent_.begin() + which);
    driven_.beliefs.loads[server] -= 1;
    const Report said = report(server);
    Outcome outcome{.ok = whim_.chance(0.9), .latency = driven_.now - at};
    if (outcome.ok && driven_.policy->wants_reports()) outcome.report = &said;
    driven_.finish(server, outcome);
    if (driven_.beliefs.loads[server] == 0 &&
        driven_.policy->rules().idle_report != ServerRules::IdleReport::none)
      driven_.policy->idle(server, driven_.now);
  }

  Report report(ServerIndex server) {
    return {driven_.beliefs.loads[server], seconds(0.01), seconds(0.01 * whim_.uniform())};
  }

  struct Sent {
    ServerIndex server;
    Time at;
  };

  HandDriven driven_;
  Random whim_;  // what happens, apart from the policy's own random stream
  std::size_t n_;
  std::vector<Waiting> waiting_;
  std::vector<Sent> sent_;
  std::vector<ServerIndex> picks_;
};

/// Servers in three zones, near and far, weak and strong, the last one in the cloud.
std::vector<Candidate> mixed(std::size_t n) {
  std::vector<Candidate> candidates = alike(n);
  for (std::size_t i = 0; i < n; ++i) {
    Candidate& candidate = candidates[i];
    candidate.zone = static_cast<std::uint32_t>(i % 3);
    candidate.cores = 1 + static_cast<std::uint32_t>(i % 4);
    candidate.speed = 1e9 * static_cast<double>(1 + i % 2);
    candidate.weight = candidate.cores * candidate.speed / 3.75e9;
    candidate.cloud = n > 1 && i + 1 == n;
  }
  return candidates;
}

class PolicyContract : public testing::TestWithParam<std::string> {};

TEST_P(PolicyContract, PicksAnEligibleServerAmongAnyNumber) {
  for (std::size_t n = 1; n <= 50; ++n) {
    RandomLife life{GetParam(), mixed(n), n, 0, {0.5, 0.3, 0.2}, uneven_round_trips(n)};
    life.live(60);
    ASSERT_FALSE(HasFatalFailure()) << "n = " << n;
  }
}

TEST_P(PolicyContract, PicksTheSameUnderTheSameSeed) {
  const auto picks = [](std::uint64_t seed) {
    return RandomLife{GetParam(), mixed(7), seed, 0, {0.5, 0.3, 0.2}, uneven_round_trips(7)}.live(
        400);
  };
  EXPECT_EQ(picks(5), picks(5));
}

TEST_P(PolicyContract, SurvivesAllButOneEjected) {
  constexpr std::size_t n = 20;
  RandomLife life{GetParam(), mixed(n), 3, 1, {0.5, 0.3, 0.2}, uneven_round_trips(n)};
  life.live(100);
  for (ServerIndex last = 0; last < n; ++last) {
    life.driven().eligible = {last};
    for (int i = 0; i < 20; ++i)
      ASSERT_EQ(life.driven().pick({.key = static_cast<std::uint64_t>(i)}), last);
  }
}

TEST_P(PolicyContract, UsesAgainAServerThatComesBackFromEjection) {
  // With two alike servers no policy may forget one for good, whichever it prefers by key.
  std::vector<Candidate> two = alike(2);
  RandomLife life{GetParam(), two, 9};
  life.driven().eligible = {0};
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(life.driven().pick({.key = static_cast<std::uint64_t>(i)}), 0U);
  life.driven().eligible = {0, 1};
  std::set<ServerIndex> picked;
  for (int i = 0; i < 3000 && picked.size() < 2; ++i) {
    const ServerIndex server = life.driven().pick_and_send({.key = static_cast<std::uint64_t>(i)});
    picked.insert(server);
    if (i % 2 == 1) life.driven().finish(server);
    life.driven().now += seconds(0.01);
    life.driven().beliefs.loads[server] = life.driven().in_flight[server];
  }
  EXPECT_EQ(picked.size(), 2U);
}

TEST_P(PolicyContract, WorksOnAfterAllRequestsHaveEnded) {
  RandomLife life{GetParam(), mixed(9), 11, 2, {0.5, 0.3, 0.2}, uneven_round_trips(9)};
  for (int round = 0; round < 5; ++round) {
    life.live(100);
    life.drain();
    for (const std::uint32_t left : life.driven().in_flight) ASSERT_EQ(left, 0U);
    life.driven().now += seconds(100);
  }
}

TEST_P(PolicyContract, TakesWeightsOfAnyShape) {
  const std::vector<std::vector<double>> shapes = {
      {0}, {0, 0, 0}, {1e-12, 1, 1e9}, {1, 0, 5, 0}, {1e15, 1e15}, {1e-300, 1e-300, 1e-300}};
  for (const std::vector<double>& weights : shapes) {
    RandomLife life{GetParam(), with_weights(weights), 13};
    life.live(200);
    ASSERT_FALSE(HasFatalFailure()) << testing::PrintToString(weights);
  }
}

TEST_P(PolicyContract, TakesZonesOfAnyShape) {
  for (const std::uint32_t zone : {0U, 2U, 7U, 4'000'000'000U}) {
    std::vector<Candidate> candidates = mixed(12);
    candidates[3].zone = 4'000'000'000U;
    for (const std::vector<double>& demand :
         {std::vector<double>{}, {1.0}, {0, 0, 0}, {0.2, 0.3, 0.5}}) {
      RandomLife life{GetParam(), candidates, 17, zone, demand};
      life.live(100);
      ASSERT_FALSE(HasFatalFailure()) << "zone " << zone;
    }
    for (Candidate& candidate : candidates) candidate.cloud = true;
    RandomLife{GetParam(), candidates, 19, zone}.live(100);
  }
}

TEST_P(PolicyContract, TakesLoadsNeitherWholeNorPositive) {
  HandDriven driven{maker(GetParam()), mixed(6), 23, 0, {0.5, 0.3, 0.2}};
  Random random{29};
  for (int i = 0; i < 500; ++i) {
    for (double& load : driven.beliefs.loads) load = 1e3 * random.uniform() - 100;
    ASSERT_LT(driven.pick_and_send({.key = static_cast<std::uint64_t>(i)}), 6U);
    driven.now += seconds(0.001);
  }
}

std::vector<std::string> registered() {
  std::vector<std::string> names;
  for (const Entry& entry : policies().entries()) names.push_back(entry.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Registered, PolicyContract, testing::ValuesIn(registered()),
                         [](const auto& param) { return param.param; });

TEST(Policies, AreOneFileEachWithTheFilesName) {
  std::vector<std::string> files;
  const std::filesystem::path folder{EVENKEEL_SOURCE_DIR "/models/balancing/policies"};
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".cpp") files.push_back(file.path().stem().string());
  std::ranges::sort(files);
  EXPECT_EQ(registered(), files);
}

TEST(Policies, AreRegisteredInTheirOwnFile) {
  for (const std::string& name : registered()) {
    std::ifstream file{EVENKEEL_SOURCE_DIR "/models/balancing/policies/" + name + ".cpp"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    const std::size_t place = text.find("Registeredentry{policies(),policy_entry<");
    ASSERT_NE(place, std::string::npos) << name;
    EXPECT_EQ(text.find(">(\"" + name + "\",", place) != std::string::npos, true) << name;
    EXPECT_EQ(text.find("Registeredentry{", place + 1), std::string::npos) << name;
  }
}

TEST(Policies, SayInOneLineWhatTheyDo) {
  for (const Entry& entry : policies().entries()) {
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
    EXPECT_LE(entry.summary.size(), 100U) << entry.name;
    EXPECT_EQ(entry.summary.find('\n'), std::string::npos) << entry.name;
  }
}

}  // namespace
}  // namespace evenkeel

// What the swarm draws: the same for the same seed, different for others, and never more than a
// system must bear.
#include "sim/faults/swarm.h"

#include <gmock/gmock.h>

#include <set>

#include "sim/faults/faults.h"
#include "sim/scenario/breakage.h"
#include "sim/topology/builder.h"

namespace evenkeel {
namespace {

Platform square() {
  GraphBuilder builder{LinkDefaults{}};
  for (const char* name : {"A", "B", "C", "D"}) builder.add({.name = name});
  for (VertexId i = 0; i < 4; ++i) builder.link({.from = i, .to = (i + 1) % 4});
  std::vector<PlatformNode> nodes;
  for (VertexId i = 0; i < 4; ++i)
    nodes.push_back({.name = std::string("edge/") + static_cast<char>('A' + i), .vertex = i});
  nodes.push_back({.name = "gateway/A", .vertex = 0});
  return {std::move(builder).build(), std::move(nodes)};
}

Scenario swarming(std::vector<std::string> kinds = {}) {
  Scenario scenario;
  scenario.duration = seconds(100);
  scenario.nodes.push_back({.name = "edge"});
  scenario.swarm = Swarm{.kinds = std::move(kinds)};
  return scenario;
}

TEST(Swarm, DrawsTheSameForTheSameSeedAndElseSomethingElse) {
  const Platform platform = square();
  const Scenario scenario = swarming();
  std::set<std::vector<std::string>> plans;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<std::string> plan = draw_swarm(scenario, platform, seed);
    EXPECT_FALSE(plan.empty());
    EXPECT_EQ(plan, draw_swarm(scenario, platform, seed));
    plans.insert(plan);
  }
  EXPECT_EQ(plans.size(), 50u);
}

TEST(Swarm, DrawsEveryKindInSomeRunsAndNoneInAll) {
  const Platform platform = square();
  const Scenario scenario = swarming();
  std::map<std::string, int> runs_with;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::set<std::string> kinds;
    for (const Fault& fault : read_plan(draw_swarm(scenario, platform, seed)))
      kinds.insert(fault.what.name);
    for (const std::string& kind : kinds) ++runs_with[kind];
  }
  for (const Entry& kind : fault_kinds().entries()) {
    if (kind.name == "partition") continue;  // of places; the swarm isolates nodes
    EXPECT_GT(runs_with[kind.name], 20) << kind.name;
    EXPECT_LT(runs_with[kind.name], 180) << kind.name;
  }
}

TEST(Swarm, MendsEverythingInTime) {
  const Platform platform = square();
  const Scenario scenario = swarming();
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    for (const Fault& fault : read_plan(draw_swarm(scenario, platform, seed))) {
      EXPECT_GE(fault.at, seconds(2)) << "seed " << seed;
      EXPECT_LE(fault.at + fault.lasts, seconds(70) + std::chrono::microseconds{2})
          << "seed " << seed;
    }
}

TEST(Swarm, DamagesOneDiskAtATimeAndLetsItSettle) {
  const Platform platform = square();
  const Scenario scenario = swarming({"lose_disk", "corrupt_disk"});
  int losses = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const std::vector<Fault> plan = read_plan(draw_swarm(scenario, platform, seed));
    for (const Fault& one : plan)
      for (const Fault& other : plan) {
        const std::string a = breakage(one)->named().names.at(0).text;
        const std::string b = breakage(other)->named().names.at(0).text;
        if (a == b || other.at < one.at) continue;
        const Duration damaged = one.what.name == "lose_disk" ? one.lasts : Duration{};
        EXPECT_GE(other.at - (one.at + damaged), seconds(9.99)) << "seed " << seed;
      }
    losses += static_cast<int>(plan.size());
  }
  EXPECT_GT(losses, 300);
}

TEST(Swarm, LeavesAloneWhatIsNoNodeOfTheScenario) {
  const Platform platform = square();
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    for (const std::string& line : draw_swarm(swarming(), platform, seed))
      if (line.find("skew: ") == std::string::npos) {  // gateways have clocks, too
        EXPECT_THAT(line, testing::Not(testing::HasSubstr("gateway")));
      }
}

TEST(Swarm, DrawsOnlyTheKindsThatItIsTold) {
  const Platform platform = square();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto plan = read_plan(draw_swarm(swarming({"skew"}), platform, seed));
    EXPECT_FALSE(plan.empty());
    for (const Fault& fault : plan) EXPECT_EQ(fault.what.name, "skew");
  }
}

}  // namespace
}  // namespace evenkeel

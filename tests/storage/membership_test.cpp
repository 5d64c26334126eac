#include "models/storage/membership.h"

#include <gmock/gmock.h>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

std::vector<NodeId> ids(std::uint32_t first, std::uint32_t end) {
  std::vector<NodeId> nodes;
  for (std::uint32_t i = first; i < end; ++i) nodes.push_back(NodeId{i});
  return nodes;
}

/// Nodes that know only the first few, at first.
class Group {
 public:
  explicit Group(const ClusterWorld::Settings& its_settings, std::uint32_t contacts = 2)
      : world(its_settings), members(its_settings.nodes), deaths(its_settings.nodes) {
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i, contacts](Node& node) {
        members[i].reset();
        members[i] = std::make_unique<Membership>(node, ids(0, contacts));
        members[i]->on_change([this, i](NodeId of, Liveness state) {
          if (state == Liveness::dead) deaths[i].emplace_back(of, world.now());
        });
      });
  }
  ~Group() {
    world.stop();
    members.clear();
  }
  std::size_t all_deaths() const {
    std::size_t all = 0;
    for (const auto& of_one : deaths) all += of_one.size();
    return all;
  }
  /// How many of the nodes hold exactly these to be alive.
  std::size_t agreeing(const std::vector<NodeId>& nodes) const {
    std::size_t count = 0;
    for (const NodeId node : nodes) count += members[index(node)]->alive() == nodes ? 1 : 0;
    return count;
  }

  ClusterWorld world;
  std::vector<std::unique_ptr<Membership>> members;
  std::vector<std::vector<std::pair<NodeId, Time>>> deaths;  // by who believed it
};

TEST(Membership, TellsEverybodyOfEverybody) {
  Group group({.nodes = 50});
  group.world.start();
  group.world.run_for(seconds(35));  // mostly in a few seconds; a comparison finds the rest
  EXPECT_EQ(group.agreeing(ids(0, 50)), 50U);
}

TEST(Membership, FindsADeadNodeWithinTheBoundsOfItsSuspicion) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Group group({.nodes = 20, .seed = seed});
    group.world.start();
    group.world.run_for(seconds(20));
    group.world.crash(7);
    group.world.run_for(seconds(30));
    // At least 4 * log10(20) = 5.2 s of suspicion, at most, alone, 31 s; with others as here near
    // the least. Before it the ping's second; after it some rounds of gossip.
    for (std::uint32_t i = 0; i < 20; ++i) {
      if (i == 7) continue;
      ASSERT_EQ(group.deaths[i].size(), 1U) << "seed " << seed << ", node " << i;
      EXPECT_EQ(group.deaths[i][0].first, NodeId{7});
      EXPECT_GE(group.deaths[i][0].second, seconds(20 + 5.2));
      EXPECT_LE(group.deaths[i][0].second, seconds(20 + 14));
    }
  }
}

TEST(Membership, HoldsNobodyDeadInTenMinutesOfLosses) {
  Group group({.nodes = 20, .loss = 0.1, .duplication = 0.05});
  group.world.start();
  group.world.run_for(seconds(600));
  EXPECT_EQ(group.all_deaths(), 0U);
  EXPECT_EQ(group.agreeing(ids(0, 20)), 20U);
}

TEST(Membership, AgreesAgainWhenAPartitionHeals) {
  Group group({.nodes = 20, .seed = 5});
  group.world.start();
  group.world.run_for(seconds(10));
  bool is_cut = true;
  group.world.loses = [&](const Message& message) {
    return is_cut && (index(message.from) < 8) != (index(message.to) < 8);
  };
  group.world.run_for(seconds(60));
  EXPECT_EQ(group.agreeing(ids(0, 8)), 8U);
  EXPECT_EQ(group.agreeing(ids(8, 20)), 12U);
  is_cut = false;
  group.world.run_for(seconds(70));  // two comparisons with a dead node, and gossip
  EXPECT_EQ(group.agreeing(ids(0, 20)), 20U);
}

TEST(Membership, TakesANodeBackThatRestarts) {
  Group group({.nodes = 10});
  group.world.start();
  group.world.run_for(seconds(10));
  const std::uint64_t before = group.members[3]->incarnation();
  group.world.crash(3);
  group.world.run_for(seconds(30));
  EXPECT_FALSE(group.members[4]->is_alive(NodeId{3}));
  group.world.restart(3);
  group.world.run_for(seconds(5));
  EXPECT_GT(group.members[3]->incarnation(), before);
  EXPECT_EQ(group.agreeing(ids(0, 10)), 10U);
}

TEST(Membership, TakesANodeBackThatRestartsBeforeAnybodyMissedIt) {
  Group group({.nodes = 10});
  group.world.start();
  group.world.run_for(seconds(10));
  group.world.crash(3);
  group.world.restart(3);
  group.world.run_for(seconds(60));
  EXPECT_EQ(group.all_deaths(), 0U);
  EXPECT_EQ(group.agreeing(ids(0, 10)), 10U);
}

Task<> go(Membership& member) {
  Task<> leaving = member.leave();
  co_await std::move(leaving);
}

TEST(Membership, LetsANodeLeaveWithoutSuspectingIt) {
  Group group({.nodes = 10});
  group.world.start();
  group.world.run_for(seconds(10));
  group.world.node(3).spawn(go(*group.members[3]));
  group.world.run_for(seconds(3));
  group.world.crash(3);
  group.world.run_for(seconds(30));
  EXPECT_EQ(group.all_deaths(), 0U);
  for (const std::uint32_t i : {0, 5, 9})
    EXPECT_EQ(group.members[i]->state(NodeId{3}), Liveness::left);
}

TEST(Membership, LetsASlowNodeHarmNobodyButItself) {
  Group group({.nodes = 20, .seed = 9});
  group.world.start();
  group.world.run_for(seconds(10));
  // Node 4 stands still for a second in every four.
  group.world.loses = [&](const Message& message) {
    const auto phase = group.world.now().count() / 1'000'000'000 % 4;
    return (message.to == NodeId{4} || message.from == NodeId{4}) && phase == 0;
  };
  group.world.run_for(seconds(180));
  for (std::uint32_t i = 0; i < 20; ++i)
    for (const auto& [dead, at] : group.deaths[i]) EXPECT_EQ(dead, NodeId{4}) << "by " << i;
  EXPECT_GT(group.members[4]->slowness(), 0);
}

TEST(Membership, IgnoresWhatMakesNoSense) {
  Group group({.nodes = 3});
  group.world.start();
  group.world.run_for(seconds(5));
  const auto say = [&](NodeId of, std::uint64_t incarnation, std::uint8_t state) {
    const MemberNews news{of, incarnation, static_cast<Liveness>(state), NodeId{1}};
    Payload payload;
    append(payload.bytes, std::vector<Rumour>{{0, index(of), encoded(news)}});
    group.world.node(1).send(NodeId{0}, Port::gossip, payload);
  };
  say(NodeId{2}, 1, 77);
  say(NodeId{2}, ~std::uint64_t{0}, 2);
  say(NodeId{4'000'000'000}, 1, 0);
  group.world.node(1).send(NodeId{0}, Port::gossip, Payload{});
  group.world.run_for(seconds(1));
  EXPECT_EQ(group.agreeing(ids(0, 3)), 3U);
  EXPECT_EQ(group.world.counts["malformed messages"], 1);
}

TEST(Membership, CarriesNewsOfOthersToEverybody) {
  Group group({.nodes = 30, .loss = 0.05});
  std::vector<int> heard(30);
  group.world.start();
  group.world.run_for(seconds(6));
  for (std::uint32_t i = 0; i < 30; ++i)
    group.members[i]->listen(7, [&group, &heard, i](const Rumour& rumour) {
      if (heard[i]++ == 0) group.members[i]->spread(rumour);
    });
  group.members[11]->spread({7, 1, blob_of("news")});
  group.world.run_for(seconds(4));
  heard[11] = 1;
  EXPECT_EQ(std::ranges::count(heard, 0), 0);
}

TEST(Membership, CostsEachNodeTheSameHoweverManyThereAre) {
  const auto cost = [](std::uint32_t nodes) {
    Group group({.nodes = nodes}, nodes);
    group.world.start();
    group.world.run_for(seconds(10));
    const std::uint64_t before = group.world.messages;
    group.world.run_for(seconds(10));
    return static_cast<double>(group.world.messages - before) / nodes / 10;
  };
  // A ping and its answer a second, and now and then a comparison.
  EXPECT_NEAR(cost(10), 2.1, 0.2);
  EXPECT_NEAR(cost(1000), 2.1, 0.2);
}

TEST(Rumours, SendsTheNewestAndLeastSentFirstAndEachOnlySoOften) {
  Rumours rumours;
  for (std::uint32_t key = 1; key <= 3; ++key) rumours.add({1, key, Blob(11)});  // 20 bytes each
  const auto keys = [&] {
    std::vector<std::uint32_t> taken;
    for (const Rumour& rumour : rumours.take(45, 2)) taken.push_back(rumour.key);
    return taken;
  };
  EXPECT_THAT(keys(), testing::ElementsAre(3, 2));
  EXPECT_THAT(keys(), testing::ElementsAre(1, 3));
  rumours.add({1, 1, Blob(12)});
  EXPECT_THAT(keys(), testing::ElementsAre(1, 2));
  EXPECT_THAT(keys(), testing::ElementsAre(1));
  EXPECT_TRUE(rumours.empty());
}

TEST(Suspicion, IsAsLongAsMemberlistsAndShorterTheMoreShareIt) {
  const auto of = [](std::size_t nodes) { return suspicion_times(nodes, 4, 6, seconds(1)); };
  EXPECT_EQ(of(10).least, seconds(4));  // memberlist's documented 4, 8 and 12 s
  EXPECT_EQ(of(100).least, seconds(8));
  EXPECT_EQ(of(1000).least, seconds(12));
  EXPECT_EQ(suspicion_time(of(100), 0), seconds(48));
  EXPECT_EQ(suspicion_time(of(100), 2), seconds(8));
  EXPECT_GT(suspicion_time(of(100), 1), seconds(16));
  EXPECT_LT(suspicion_time(of(100), 1), seconds(32));
  EXPECT_EQ(suspicion_time(of(2), 0), seconds(4));  // nobody else could share it
}

}  // namespace
}  // namespace evenkeel::test

#include "models/sharing/catalogue.h"

#include <gmock/gmock.h>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Party i owns node i; the last party owns the last two nodes.
struct Market {
  Market(std::uint32_t nodes, ClusterWorld::Settings settings) : world(settings) {
    Random random{3};
    std::vector<Party> parties;
    std::vector<NodeId> everyone;
    for (std::uint32_t i = 0; i < nodes; ++i) everyone.push_back(NodeId{i});
    for (std::uint32_t i = 0; i + 1 < nodes; ++i) {
      keys.push_back(PartyKeys::draw(random));
      parties.push_back(keys.back().party("party" + std::to_string(i), {NodeId{i}}));
    }
    keys.push_back(keys.back());
    directory = PartyDirectory{parties};
    shelves.resize(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i)
      world.node(i).on_start([this, i, everyone](Node& node) {
        shelves[i] = std::make_unique<Shelf>(node, keys[i], directory, everyone);
      });
    world.start();
  }
  struct Shelf {
    Shelf(Node& node, const PartyKeys& keys, const PartyDirectory& directory,
          std::vector<NodeId> everyone)
        : service(node, Port::sharing),
          clock(node),
          catalogue(node, service, keys, directory, clock,
                    {.peers = std::move(everyone), .compare_every = seconds(1)}) {}
    Service service;
    HybridClock clock;
    DataCatalogue catalogue;
  };
  DataCatalogue& at(std::uint32_t i) { return shelves[i]->catalogue; }
  DataSetId id(std::uint32_t party, const std::string& name) {
    return {keys[party].signing.public_key(), name};
  }
  void publish(std::uint32_t i, std::string name, CatalogueFields fields) {
    world.node(i).spawn(publishing(at(i), std::move(name), std::move(fields)));
  }
  void withdraw(std::uint32_t i, std::string name) {
    world.node(i).spawn(withdrawing(at(i), std::move(name)));
  }
  static Task<> publishing(DataCatalogue& catalogue, std::string name, CatalogueFields fields) {
    Task<Result<Done>> task = catalogue.publish(std::move(name), std::move(fields));
    const Result<Done> done = co_await std::move(task);
    EXPECT_TRUE(done);
  }
  static Task<> withdrawing(DataCatalogue& catalogue, std::string name) {
    Task<Result<Done>> task = catalogue.withdraw(std::move(name));
    const Result<Done> done = co_await std::move(task);
    EXPECT_TRUE(done || done.error().code == ErrorCode::not_found);
  }

  ClusterWorld world;
  std::vector<PartyKeys> keys;
  PartyDirectory directory;
  std::vector<std::unique_ptr<Shelf>> shelves;
};

TEST(DataCatalogue, EverybodySeesWhatIsPublishedAndFindsIt) {
  Market market{5, {.nodes = 5}};
  market.publish(0, "traffic", {{"title", "Cars on Main Street"}, {"schema", "t,speed"}});
  market.publish(1, "air", {{"title", "Dust"}, {"schema", "t,pm10"}});
  market.world.run_for(std::chrono::milliseconds{50});
  EXPECT_THAT(market.at(4).search("main street"), ElementsAre(market.id(0, "traffic")));
  EXPECT_THAT(market.at(3).search("", {{"schema", "t,pm10"}}), ElementsAre(market.id(1, "air")));
  EXPECT_THAT(market.at(2).search("noise"), IsEmpty());
}

TEST(DataCatalogue, AWithdrawnDataSetStaysGoneAndWhatIsAddedMeanwhileStays) {
  Market market{4, {.nodes = 4}};  // nodes 2 and 3 are of one party
  market.publish(2, "x", {{"title", "first"}});
  market.world.run_for(seconds(3));
  market.world.cut_off(3);
  market.withdraw(2, "x");
  market.world.run_for(seconds(30));
  EXPECT_FALSE(market.at(0).find(market.id(2, "x")));
  market.world.cut_off(3, false);
  market.world.run_for(seconds(10));
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_FALSE(market.at(i).find(market.id(2, "x"))) << i;
  market.publish(3, "x", {{"where", "node/3"}});
  market.world.run_for(seconds(3));
  EXPECT_THAT(*market.at(0).find(market.id(2, "x")), ElementsAre(Pair("where", "node/3")));
  market.world.cut_off(3);
  market.withdraw(3, "x");  // and, unseen, the other node adds it anew
  market.withdraw(2, "x");
  market.publish(2, "x", {{"title", "again"}});
  market.world.run_for(seconds(1));
  market.world.cut_off(3, false);
  market.world.run_for(seconds(10));
  for (std::uint32_t i = 0; i < 4; ++i)
    EXPECT_THAT(*market.at(i).find(market.id(2, "x")), ElementsAre(Pair("title", "again")));
}

TEST(DataCatalogue, RefusesWhatItsOwnerHasNotSigned) {
  Market market{3, {}};
  market.publish(0, "x", {{"title", "true"}});
  market.world.run_for(seconds(2));
  const CatalogueEntry good = market.at(1).entries().at(market.id(0, "x"));
  const Digest before = market.at(1).digest();
  const auto refused = [&](const CatalogueEntry& entry) {
    const Result<bool> merged = market.at(1).merge(entry);
    return !merged && merged.error().code == ErrorCode::denied;
  };
  CatalogueEntry forged = good;
  forged.content["title"].value = "false";
  forged.content["title"].at.wall_ms += 1;
  EXPECT_TRUE(refused(forged));
  forged = good;
  forged.content["other"] = good.content.at("title");
  EXPECT_TRUE(refused(forged));
  forged = good;
  forged.removed = good.added;  // an addition is no tombstone
  EXPECT_TRUE(refused(forged));
  forged = good;
  forged.added[7] = good.added.at(0);
  EXPECT_TRUE(refused(forged));
  forged = good;
  forged.id.name = "y";
  EXPECT_TRUE(refused(forged));
  forged = good;
  forged.id.owner = {};
  EXPECT_TRUE(refused(forged));
  EXPECT_EQ(market.at(1).digest(), before);
}

TEST(DataCatalogue, IsThereAgainAfterACrash) {
  Market market{3, {}};
  for (int round = 0; round < 200; ++round)
    market.publish(0, "x", {{"title", std::to_string(round)}});
  market.world.run_for(seconds(1));
  market.world.crash(0);
  market.world.restart(0);
  EXPECT_THAT(*market.at(0).find(market.id(0, "x")), ElementsAre(Pair("title", "199")));
}

TEST(DataCatalogue, HoldsAtMostSoManyOfAnOwner) {
  Market market{3, {}};
  CatalogueEntry large{.id = market.id(0, "x")};
  for (int i = 0; i < 100; ++i) large.content["field" + std::to_string(i)] = {};
  EXPECT_EQ(market.at(1).merge(large).error().code, ErrorCode::full);
}

// Everybody publishes, changes and withdraws, while messages are lost and doubled and nodes are cut
// off and crash.
TEST(DataCatalogue, ConvergesWhateverTheNetworkDoes) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random{seed};
    Market market{4,
                  {.nodes = 4,
                   .seed = seed,
                   .loss = random.uniform() * 0.3,
                   .duplication = random.uniform() * 0.5}};
    for (int step = 0; step < 20; ++step) {
      const auto i = static_cast<std::uint32_t>(random.below(4));
      const std::string name = "set" + std::to_string(random.below(3));
      switch (random.below(6)) {
        case 0:
          market.world.cut_off(i, random.chance(0.5));
          break;
        case 1:
          market.world.crash(i);
          market.world.restart(i);
          break;
        case 2:
          market.withdraw(i, name);
          break;
        default:
          market.publish(i, name, {{"title", std::to_string(random.below(100))}});
      }
      market.world.run_for(seconds(random.uniform()));
    }
    for (std::uint32_t i = 0; i < 4; ++i) market.world.cut_off(i, false);
    market.world.settings.loss = 0;
    market.world.run_for(seconds(30));
    for (std::uint32_t i = 1; i < 4; ++i)
      ASSERT_EQ(market.at(i).digest(), market.at(0).digest()) << "seed " << seed << " node " << i;
  }
}

}  // namespace
}  // namespace evenkeel::test

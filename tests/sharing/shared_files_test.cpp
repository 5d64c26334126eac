// Files that their owner shares: sealed, spread from peer to peer, opened by whoever has the key.
#include "models/sharing/shared_files.h"

#include "models/sharing/refusal.h"
#include "tests/sharing/market.h"

namespace evenkeel::test {
namespace {

using testing::StartsWith;

void publish(Market& market, const Blob& film) {
  Blob content = film;
  const Result<Done> published =
      market.wait(0, market.at(0).files.publish("film", std::move(content)));
  ASSERT_TRUE(published) << published.error().detail;
}

TEST(SharedFiles, ComeWholeToWhoeverHasAGrant) {
  Market market{{}};
  const Blob film = market.film();
  publish(market, film);
  const Result<Blob> bought = market.fetch();
  ASSERT_TRUE(bought) << bought.error().detail;
  EXPECT_EQ(*bought, film);
  const double uploaded = market.world.counts["swarm bytes uploaded"];
  EXPECT_EQ(*market.fetch(), film);
  EXPECT_EQ(market.world.counts["swarm bytes uploaded"], uploaded);
}

TEST(SharedFiles, AreRefusedToOthersByName) {
  Market market{{}};
  publish(market, market.film());
  const Result<Blob> stolen = market.fetch(4);
  ASSERT_FALSE(stolen);
  EXPECT_EQ(refusal_name(stolen.error()), "not offered");
}

TEST(SharedFiles, AreSealedOnEveryDisk) {
  Market market{{}};
  const Blob film(50'000, std::byte{7});
  publish(market, film);
  ASSERT_TRUE(market.fetch());
  for (const std::uint32_t node : {0u, 3u})
    for (const std::string& file : market.world.disks[node]->list()) {
      const auto content = market.world.disks[node]->read(file, 0, 100'000);
      ASSERT_TRUE(content);
      const std::vector<std::byte> plain(64, std::byte{7});
      EXPECT_TRUE(std::ranges::search(*content, plain).empty()) << file;
    }
}

TEST(SharedFiles, ComeFromPeersToo) {
  Market market{{.upload_bytes_per_s = 200e3}};
  const Blob film = market.film(400'000);
  publish(market, film);
  ASSERT_TRUE(market.fetch(1));
  market.world.cut_off(0);
  // The buyer has its grant, and what the owner vouches for, from before.
  market.world.cut_off(0, false);
  const double owner_before = static_cast<double>(market.at(0).swarm.uploaded_bytes());
  ASSERT_TRUE(market.fetch(3));
  EXPECT_GT(market.at(1).swarm.uploaded_bytes(), 0u);
  EXPECT_LT(static_cast<double>(market.at(0).swarm.uploaded_bytes()) - owner_before, 350e3);
}

TEST(SharedFiles, HaveANewKeyAfterARevocationThatTheOthersGet) {
  Market market{{}};
  const Blob film = market.film();
  publish(market, film);
  ASSERT_TRUE(market.fetch(3));
  ASSERT_TRUE(market.fetch(1));
  const PublicKey box = market.keys[3].box.public_key();
  market.take_back(3, "film");
  ASSERT_TRUE(market.wait(0, market.at(0).files.revoke("film", box)));
  const SharedFile* now = market.at(0).files.find(market.data_set("film"));
  EXPECT_EQ(now->version, 2u);
  EXPECT_EQ(now->epoch, 2u);
  const Result<Blob> again = market.fetch(3);
  ASSERT_FALSE(again);
  EXPECT_EQ(refusal_name(again.error()), "revoked");
  const Result<Blob> other = market.fetch(1);
  ASSERT_TRUE(other) << other.error().detail;
  EXPECT_EQ(*other, film);
  EXPECT_EQ(market.at(1).files.find(market.data_set("film"))->version, 2u);
}

// F9: an agreement that ends while a transfer runs.
TEST(SharedFiles, DeliverNoBlockLaterThanTheLeaseAfterARevocationInMidTransfer) {
  Market market{{.upload_bytes_per_s = 20e3}};
  publish(market, market.film(400'000));
  Time last{};
  for (std::uint32_t i = 0; i < 6; ++i)
    market.at(i).sharing.guard.on_serve([&](const AdmittedGrant& grant, const GrantPiece&) {
      if (grant.who == market.keys[3].signing.public_key()) last = market.world.now();
    });
  std::optional<Result<Blob>> came;
  const auto kept = std::make_shared<std::optional<Result<Blob>>>();
  Task<Result<Blob>> fetching = market.at(3).desk->fetch(market.data_set("film"), "", seconds(120));
  market.world.node(3).spawn(ClusterWorld::keep(std::move(fetching), kept));
  market.world.run_for(seconds(5));
  EXPECT_FALSE(kept->has_value());
  EXPECT_GT(last, Time{});
  market.take_back(3, "film");
  const Time revoked = market.world.now();
  market.world.run_for(seconds(120));
  EXPECT_LE(last, revoked + seconds(10));
  ASSERT_TRUE(kept->has_value());
  EXPECT_FALSE(**kept);
}

TEST(SharedFiles, AreThereAgainAfterTheOwnerRestarts) {
  Market market{{}};
  const Blob film = market.film();
  publish(market, film);
  market.world.crash(0);
  market.world.restart(0);
  const Result<Blob> bought = market.fetch();
  ASSERT_TRUE(bought) << bought.error().detail;
  EXPECT_EQ(*bought, film);
}

// F10: a node that restarts while its uplink is cut goes on with what it has.
TEST(GrantDesk, RestartedOffLineItUsesTheGrantsAndTheFilesThatItHas) {
  Market market{{}};
  const Blob film = market.film(50'000);
  publish(market, film);
  ASSERT_TRUE(market.fetch(3));
  market.fill(5);
  ASSERT_TRUE(market.ask("SELECT count(*) FROM meters"));
  market.world.crash(3);
  market.world.cut_off(0);
  market.world.cut_off(5);
  market.world.restart(3);
  EXPECT_TRUE(market.wait(3, market.at(3).desk->token(market.data_set("use"))));
  const Result<Blob> here = market.fetch(3);
  ASSERT_TRUE(here) << here.error().detail;
  EXPECT_EQ(*here, film);
  EXPECT_TRUE(market.ask("SELECT count(*) FROM meters"));  // of hosts whose lease still runs
}

}  // namespace
}  // namespace evenkeel::test

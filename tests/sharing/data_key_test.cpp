#include "models/sharing/data_key.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

struct Readers {
  ClusterWorld world{{.nodes = 1}};
  Random random{4};
  PartyKeys owner = PartyKeys::draw(random);
  BoxKey ann = BoxKey::draw(random);
  BoxKey bob = BoxKey::draw(random);
  DataKeyRing ring{world.node(0), owner, "traffic"};
  Readers() { world.start(); }
  DataKeyReader reader(const BoxKey& box, const std::vector<WrappedKey>& keys) const {
    DataKeyReader result{box, ring.data_set()};
    for (const WrappedKey& key : keys)
      EXPECT_TRUE(key.reader != box.public_key() || result.take(key));
    return result;
  }
};

TEST(DataKey, ARevokedReaderOpensNothingThatIsNewAndTheOthersDo) {
  Readers cast;
  DataKeyReader ann = cast.reader(cast.ann, *cast.ring.grant(cast.ann.public_key()));
  DataKeyReader bob = cast.reader(cast.bob, *cast.ring.grant(cast.bob.public_key()));
  const SealedData old = cast.ring.seal("1", bytes_of("old"));
  EXPECT_EQ(*ann.open("1", old), blob_of("old"));
  const std::vector<WrappedKey> after = *cast.ring.revoke(cast.ann.public_key());
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(ann.take(after[0]).error().code, ErrorCode::denied);
  ASSERT_TRUE(bob.take(after[0]));
  const SealedData fresh = cast.ring.seal("2", bytes_of("new"));
  EXPECT_EQ(ann.open("2", fresh).error().code, ErrorCode::denied);
  EXPECT_EQ(*bob.open("2", fresh), blob_of("new"));
  EXPECT_EQ(*bob.open("1", old), blob_of("old"));
}

TEST(DataKey, ANewReaderSeesThePastOnlyIfItMay) {
  Readers cast;
  const SealedData old = cast.ring.seal("1", bytes_of("old"));
  ASSERT_TRUE(cast.ring.revoke(cast.bob.public_key()));
  const DataKeyReader now = cast.reader(cast.ann, *cast.ring.grant(cast.ann.public_key()));
  EXPECT_FALSE(now.open("1", old));
  const DataKeyReader all = cast.reader(cast.ann, *cast.ring.grant(cast.ann.public_key(), true));
  EXPECT_TRUE(all.open("1", old));
}

TEST(DataKey, RefusesForgedKeysAndMovedData) {
  Readers cast;
  std::vector<WrappedKey> keys = *cast.ring.grant(cast.ann.public_key());
  const DataKeyReader ann = cast.reader(cast.ann, keys);
  SealedData data = cast.ring.seal("1", bytes_of("x"));
  EXPECT_EQ(ann.open("2", data).error().code, ErrorCode::malformed);
  data.sealed.back() ^= std::byte{1};
  EXPECT_EQ(ann.open("1", data).error().code, ErrorCode::malformed);
  const SecretKey own{};
  keys[0].wrapped = seal_for(cast.ann.public_key(), own, cast.random);
  DataKeyReader fooled{cast.ann, cast.ring.data_set()};
  EXPECT_EQ(fooled.take(keys[0]).error().code, ErrorCode::denied);
}

TEST(DataKey, SurvivesARestartAndItsDiskShowsNoKey) {
  Readers cast;
  const SealedData data = cast.ring.seal("1", bytes_of("x"));
  ASSERT_TRUE(cast.ring.grant(cast.ann.public_key()));
  ASSERT_TRUE(cast.ring.revoke(cast.bob.public_key()));
  cast.world.crash(0);
  const DataKeyRing again{cast.world.node(0), cast.owner, "traffic"};
  EXPECT_EQ(again.epoch(), 2u);
  EXPECT_EQ(*again.open("1", data), blob_of("x"));
  const PartyKeys thief = PartyKeys::draw(cast.random);
  const DataKeyRing stolen{cast.world.node(0), thief, "traffic"};
  EXPECT_FALSE(stolen.open("1", data));
}

}  // namespace
}  // namespace evenkeel::test

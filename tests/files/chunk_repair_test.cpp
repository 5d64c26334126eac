#include "models/storage/files/chunk_repair.h"

#include <bit>

#include "tests/files/cluster.h"

namespace evenkeel::test {
namespace {

const Duration bound = seconds(60 * 1.25 + 30);  // a period, questions, and moving the bytes

ChunkCluster::Settings repairing(std::uint32_t nodes, std::uint32_t zones = 1) {
  return {.world = {.nodes = nodes}, .zones = zones, .repairs = true};
}

/// Puts chunks of several codings; all of them.
std::vector<StoredChunk> fill(ChunkCluster& cluster, std::vector<Coding> codings,
                              std::size_t chunks_each = 10) {
  std::vector<StoredChunk> all;
  for (const Coding coding : codings)
    for (std::size_t i = 0; i < chunks_each; ++i) {
      const Result<StoredChunk> stored =
          cluster.store(0, draw_bytes(i + 100 * coding.data, 2000 + 37 * i), coding);
      EXPECT_TRUE(stored) << stored.error().detail;
      if (stored) all.push_back(*stored);
    }
  return all;
}

void expect_all_readable(ChunkCluster& cluster, const std::vector<StoredChunk>& chunks,
                         std::uint32_t reader) {
  for (const StoredChunk& chunk : chunks) {
    const Result<Blob> loaded = cluster.load(reader, chunk);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(sha256(*loaded), chunk.key.id);
  }
}

TEST(ChunkRepair, GivesALostDiskBackAllThatItHeld) {
  ChunkCluster cluster{repairing(7, 3)};
  const auto chunks = fill(cluster, {Coding::copies(3), {2, 1}, {4, 2}});
  ASSERT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  const std::uint64_t before = bytes_on(*cluster.world.disks[2]);
  cluster.lose_disk(2);
  ASSERT_THAT(cluster.flaws(chunks.size()), testing::Not(testing::IsEmpty()));
  cluster.world.run_for(bound);
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  EXPECT_EQ(bytes_on(*cluster.world.disks[2]), before);
  EXPECT_GT(cluster.world.counts["shards rebuilt"], 0);
}

TEST(ChunkRepair, OutlivesOneDiskAfterTheOther) {
  ChunkCluster cluster{repairing(6)};
  const auto chunks = fill(cluster, {Coding::copies(3), {4, 2}});
  for (std::uint32_t lost = 0; lost < 6; ++lost) {
    cluster.lose_disk(lost);
    cluster.world.run_for(bound);
    ASSERT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty()) << "after disk " << lost;
  }
  expect_all_readable(cluster, chunks, 3);
}

TEST(ChunkRepair, FindsFlippedBitsBeforeAnybodyReadsThem) {
  ChunkCluster::Settings settings = repairing(6);
  settings.scrub.period = seconds(120);
  ChunkCluster cluster{settings};
  const auto chunks = fill(cluster, {Coding::copies(3), {4, 2}});
  Random random{3};
  double flipped = 0;
  for (const StoredChunk& chunk : chunks)
    for (unsigned i = 0; i < chunk.key.coding.parity; ++i, ++flipped) {
      const auto [node, index] = chunk.durable[i];
      flip_bit(*cluster.world.disks[evenkeel::index(node)], ChunkStore::file_name(chunk.key, index),
               random.below(400));
    }
  ASSERT_THAT(cluster.flaws(chunks.size()), testing::Not(testing::IsEmpty()));
  cluster.world.run_for(seconds(150) + bound);
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  EXPECT_EQ(cluster.world.counts["corrupt shards found"], flipped);
}

// MinIO #5825: written while one node is down, then two others go down.
TEST(ChunkRepair, MakesWhatWasWrittenUnderAFailureOutliveLaterOnes) {
  ChunkCluster cluster{repairing(4)};
  cluster.world.crash(3);
  const auto chunks = fill(cluster, {Coding::copies(3), {2, 2}});
  cluster.world.restart(3);
  cluster.world.run_for(bound);
  ASSERT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  for (const StoredChunk& chunk : chunks) {
    // Two of those who had it at once.
    for (unsigned i = 0; i < chunk.key.coding.parity; ++i)
      cluster.world.cut_off(index(chunk.durable[i].first));
    std::uint32_t reader = 0;
    while (std::ranges::any_of(chunk.durable,
                               [&](const auto& one) { return index(one.first) == reader; }))
      ++reader;
    EXPECT_TRUE(cluster.load(reader % 4, chunk)) << to_string(chunk.key);
    for (std::uint32_t i = 0; i < 4; ++i) cluster.world.cut_off(i, false);
  }
}

TEST(ChunkRepair, SpreadsShardsRoundFewerNodesThanThereAreShards) {
  ChunkCluster cluster{repairing(3)};
  const auto chunks = fill(cluster, {{4, 2}, Coding::copies(5)});
  ASSERT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  cluster.lose_disk(1);
  cluster.world.run_for(bound);
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  expect_all_readable(cluster, chunks, 0);
}

TEST(ChunkRepair, FollowsALayoutWithNewNodesAndReadsNeverFail) {
  ChunkCluster::Settings settings = repairing(9, 3);
  settings.later = {6, 7, 8};
  ChunkCluster cluster{settings};
  const auto chunks = fill(cluster, {Coding::copies(3), {2, 1}, {4, 2}});
  cluster.placement.add(layout_of(9, 3, 2));
  for (int i = 0; i < 20; ++i) {
    cluster.world.run_for(bound / 20);
    expect_all_readable(cluster, {chunks.begin() + i, chunks.begin() + i + 5},
                        static_cast<std::uint32_t>(i % 9));
  }
  expect_all_readable(cluster, chunks, 4);
  cluster.placement.end_old();
  cluster.world.run_for(bound);
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  EXPECT_GT(bytes_on(*cluster.world.disks[7]), 0U);
  EXPECT_GT(cluster.world.counts["surplus shards dropped"], 0);
  expect_all_readable(cluster, chunks, 8);
}

TEST(ChunkRepair, EmptiesNodesThatLeave) {
  ChunkCluster cluster{repairing(8)};
  const auto chunks = fill(cluster, {Coding::copies(3), {4, 2}});
  cluster.placement.add(layout_of(8, 1, 2, {0, 1}));
  cluster.world.run_for(bound);
  cluster.placement.end_old();
  cluster.world.run_for(bound);
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
  EXPECT_EQ(bytes_on(*cluster.world.disks[0]), 0U);
  EXPECT_EQ(bytes_on(*cluster.world.disks[1]), 0U);
}

TEST(ChunkRepair, OfAWholeNewSetOfNodesIsDoneByTheOldOnes) {
  ChunkCluster::Settings settings = repairing(6);
  settings.later = {3, 4, 5};
  ChunkCluster cluster{settings};
  const auto chunks = fill(cluster, {Coding::copies(3), {2, 1}});
  cluster.placement.add(layout_of(6, 1, 2, {0, 1, 2}));
  cluster.world.run_for(bound);
  cluster.placement.end_old();
  cluster.world.run_for(bound);
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
}

TEST(ChunkRepair, MovesNoMoreThanItsBandwidth) {
  ChunkCluster::Settings settings = repairing(3);
  settings.repair.bandwidth = 1000;
  ChunkCluster cluster{settings};
  const auto chunks = fill(cluster, {Coding::copies(3)}, 20);
  cluster.lose_disk(1);
  const double before = cluster.world.counts["bytes moved for repair"];
  cluster.world.run_for(seconds(30));
  const double moved = cluster.world.counts["bytes moved for repair"] - before;
  EXPECT_GT(moved, 5'000);
  EXPECT_LT(moved, 2 * 30 * 1000 + 2 * 3000);  // two nodes repair, and each may have just begun
  cluster.world.run_for(seconds(120));
  EXPECT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty());
}

TEST(ChunkRepair, EndsWithAllWholeAfterAnyLossesThatTheCodeBears) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    ChunkCluster::Settings settings = repairing(7, 3);
    settings.world = {.nodes = 7, .seed = seed, .loss = 0.03, .duplication = 0.1};
    ChunkCluster cluster{settings};
    const auto chunks = fill(cluster, {Coding::copies(3), {4, 2}}, 5);
    cluster.world.run_for(bound);
    Random random{seed};
    for (int round = 0; round < 4; ++round) {
      const auto first = static_cast<std::uint32_t>(random.below(7));
      const auto second = static_cast<std::uint32_t>(random.below(7));
      cluster.lose_disk(first);
      cluster.world.cut_off(second);
      cluster.world.run_for(seconds(40));
      cluster.world.cut_off(second, false);
      cluster.world.crash(static_cast<std::uint32_t>(random.below(7)));
      for (std::uint32_t i = 0; i < 7; ++i)
        if (!cluster.world.node(i).is_up()) cluster.world.restart(i);
      cluster.world.run_for(2 * bound);
      ASSERT_THAT(cluster.flaws(chunks.size()), testing::IsEmpty())
          << "seed " << seed << ", round " << round;
    }
    expect_all_readable(cluster, chunks, 1);
  }
}

// Whatever the owners hold, as long as it suffices: a few rounds of gifts and drops make it right.
TEST(ShardPlan, LeadsFromAnyHoldingsToEachShardOnce) {
  Random random{5};
  for (int i = 0; i < 3000; ++i) {
    const Coding coding = i % 4 == 0 ? Coding::copies(3)
                                     : Coding{static_cast<std::uint8_t>(2 + random.below(4)),
                                              static_cast<std::uint8_t>(1 + random.below(3))};
    const std::size_t count = 1 + random.below(coding.total());
    const std::uint32_t all = coding.is_copies() ? 1 : (1U << coding.total()) - 1;
    std::vector<OwnerShards> owners;
    for (std::uint32_t node = 0; node < count; ++node) {
      const auto held = static_cast<std::uint32_t>(random() & random()) & all;
      owners.push_back({NodeId{node}, ShardsThere{held, held}});
    }
    for (int round = 0; round < 4; ++round) {
      const ShardPlan plan = plan_shards(coding, owners);
      if (plan.complete) {
        ASSERT_TRUE(plan.sure);
        for (std::size_t node = 0; node < count; ++node) {
          owners[node].shards->held &= ~plan.surplus[node];
          owners[node].shards->sure &= ~plan.surplus[node];
        }
      }
      for (const ShardPlan::Gift& gift : plan.gifts) {
        owners[index(gift.to)].shards->held |= 1U << gift.index;
        owners[index(gift.to)].shards->sure |= 1U << gift.index;
      }
    }
    std::uint32_t together = 0;
    int shards = 0;
    for (const OwnerShards& owner : owners) {
      together |= owner.shards->held;
      shards += std::popcount(owner.shards->held);
      ASSERT_TRUE(owner.shards->held != 0 || count < coding.total());
    }
    ASSERT_EQ(together, all);
    ASSERT_EQ(shards,
              coding.is_copies() ? static_cast<int>(count) : static_cast<int>(coding.total()));
  }
}

TEST(ShardPlan, GivesNothingThatASilentOwnerProbablyHas) {
  const ShardsThere first{1, 1}, nothing{};
  const ShardPlan plan =
      plan_shards({2, 1}, {{NodeId{4}, first}, {NodeId{5}, std::nullopt}, {NodeId{6}, nothing}});
  ASSERT_EQ(plan.gifts.size(), 1U);
  EXPECT_EQ(plan.gifts[0].to, NodeId{6});
  EXPECT_EQ(plan.gifts[0].index, 2);
  EXPECT_FALSE(plan.complete);
}

}  // namespace
}  // namespace evenkeel::test

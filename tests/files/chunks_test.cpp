#include "models/storage/files/chunks.h"

#include <bit>

#include "tests/files/cluster.h"

namespace evenkeel::test {
namespace {

TEST(Chunks, AreReadWhileAnyKOfTheirShardsAreLeft) {
  for (const Coding coding : {Coding::copies(3), Coding{2, 1}, Coding{4, 2}}) {
    const std::uint32_t nodes = coding.total();
    ChunkCluster cluster{{.world = {.nodes = nodes}}};
    const Blob bytes = draw_bytes(5, 50'001);
    const Result<StoredChunk> stored = cluster.store(0, bytes, coding);
    ASSERT_TRUE(stored);
    ASSERT_EQ(stored->durable.size(), nodes);
    // Node 0 reads; the others fail in every combination that leaves k shards.
    for (std::uint32_t down = 0; down < 1U << nodes; down += 2) {
      if (std::popcount(down) > coding.parity) continue;
      for (std::uint32_t i = 0; i < nodes; ++i) cluster.world.cut_off(i, (down >> i & 1) != 0);
      const Result<Blob> loaded = cluster.load(0, *stored);
      ASSERT_TRUE(loaded) << loaded.error().detail;
      ASSERT_EQ(*loaded, bytes) << "down: " << down;
    }
  }
}

TEST(Chunks, AreDurableInAsManyZonesAsThereAreWhenAcknowledged) {
  ChunkCluster cluster{{.world = {.nodes = 6}, .zones = 3}};
  for (std::uint64_t i = 0; i < 20; ++i)
    ASSERT_TRUE(cluster.store(0, draw_bytes(i, 1000), Coding::copies(3)));
  for (std::uint32_t i = 0; i < 6; ++i) cluster.world.crash(i);
  const OnDisks there = on_disks(cluster.world);
  EXPECT_EQ(there.size(), 20U);
  for (const auto& [chunk, nodes] : there) {
    std::set<std::uint32_t> zones;
    for (const auto& [node, indices] : nodes) zones.insert(node % 3);
    EXPECT_EQ(zones.size(), 3U);
  }
}

TEST(Chunks, AreAcknowledgedWithoutTheLastShardsButNotWithFewerThanOneMoreThanNeeded) {
  ChunkCluster cluster{{.world = {.nodes = 6}}};
  const Blob bytes = draw_bytes(5, 50'000);
  cluster.world.cut_off(5);
  const Time start = cluster.world.now();
  const Result<StoredChunk> stored = cluster.store(0, bytes, {4, 2});
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->durable.size(), 5U);
  EXPECT_LT(cluster.world.now() - start, seconds(2.5));  // the patience
  cluster.placement.believed_dead.insert(NodeId{5});
  const Time second = cluster.world.now();
  ASSERT_TRUE(cluster.store(0, draw_bytes(6, 50'000), {4, 2}));
  EXPECT_LT(cluster.world.now() - second, seconds(0.1));  // nobody waits for the dead
  cluster.world.cut_off(4);
  EXPECT_EQ(cluster.store(0, draw_bytes(7, 50'000), {4, 2}).error().code, ErrorCode::no_quorum);
}

TEST(Chunks, ThatFailForAFullDiskLeaveNothingBehind) {
  for (const Coding coding : {Coding::copies(3), Coding{2, 1}}) {
    ChunkCluster cluster{{.world = {.nodes = 3}}};
    ASSERT_TRUE(cluster.store(0, draw_bytes(1, 50'000), coding));
    const std::uint64_t room = bytes_on(*cluster.world.disks[1]) + 100;
    for (std::uint32_t i : {1U, 2U}) {
      auto small = std::make_unique<MemoryDisk>(room);
      for (const std::string& file : cluster.world.disks[i]->list()) {
        ASSERT_TRUE(small->write(file, 0, *cluster.world.disks[i]->read(file, 0, 1 << 20)));
        ASSERT_TRUE(small->sync(file));
      }
      cluster.world.disks[i] = std::move(small);
    }
    const OnDisks before = on_disks(cluster.world);
    const Result<StoredChunk> stored = cluster.store(0, draw_bytes(2, 50'000), coding);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, ErrorCode::full);
    cluster.world.run_for(seconds(1));
    EXPECT_EQ(on_disks(cluster.world), before);
  }
}

TEST(Chunks, WithACorruptShardAreReadFromTheOthers) {
  for (const Coding coding : {Coding::copies(3), Coding{4, 2}}) {
    ChunkCluster cluster{{.world = {.nodes = 6}}};
    const Blob bytes = draw_bytes(5, 50'000);
    const Result<StoredChunk> stored = cluster.store(0, bytes, coding);
    ASSERT_TRUE(stored);
    for (unsigned bad = 0; bad < coding.parity; ++bad) {
      const auto [node, index] = stored->durable[bad];
      flip_bit(*cluster.world.disks[evenkeel::index(node)],
               ChunkStore::file_name(stored->key, index), 200);
    }
    for (std::uint32_t reader = 0; reader < 6; ++reader) {
      const Result<Blob> loaded = cluster.load(reader, *stored);
      ASSERT_TRUE(loaded) << loaded.error().detail;
      EXPECT_EQ(*loaded, bytes);
    }
    EXPECT_EQ(cluster.world.counts["corrupt shards found"], coding.parity);
  }
}

// A node that lies: its shard is another one, with a header that fits it.
TEST(Chunks, WithAWrongShardAreReadAndTheWrongOneIsFound) {
  ChunkCluster cluster{{.world = {.nodes = 6}}};
  const Blob bytes = draw_bytes(5, 50'000);
  const Result<StoredChunk> stored = cluster.store(0, bytes, {4, 2});
  ASSERT_TRUE(stored);
  std::string file;
  std::uint32_t liar = 0;  // who has the first shard, which is among the first to be asked
  for (const auto& [node, index] : stored->durable)
    if (index == 0) liar = evenkeel::index(node);
  file = ChunkStore::file_name(stored->key, 0);
  Disk& disk = *cluster.world.disks[liar];
  ShardHeader header = *decode_header(*disk.read(file, 0, ShardHeader::size));
  const Blob lie = draw_bytes(66, header.bytes());
  header.hash = sha256(lie);
  ASSERT_TRUE(disk.write(file, 0, encode_header(header)));
  ASSERT_TRUE(disk.write(file, ShardHeader::size, lie));
  for (std::uint32_t reader = 0; reader < 6; ++reader) {
    const Result<Blob> loaded = cluster.load(reader, *stored);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(*loaded, bytes);
  }
  EXPECT_GT(cluster.world.counts["wrong shards received"], 0);
}

TEST(Chunks, ThatNobodyHasAreNotFoundAndThoseOutOfReachMayBeThere) {
  ChunkCluster cluster{{.world = {.nodes = 4}}};
  const StoredChunk never_stored{{sha256(bytes_of("?")), {2, 1}}, 100, {}, {}};
  EXPECT_EQ(cluster.load(0, never_stored).error().code, ErrorCode::not_found);
  cluster.world.cut_off(3);
  EXPECT_EQ(cluster.load(0, never_stored).error().code, ErrorCode::no_quorum);
}

TEST(Chunks, AreFoundOnNodesThatNoLayoutNamesAnyMore) {
  ChunkCluster cluster{{.world = {.nodes = 6}}};
  const Result<StoredChunk> stored = cluster.store(0, draw_bytes(5, 50'000), {2, 1});
  ASSERT_TRUE(stored);
  std::set<std::uint32_t> holders;
  for (const auto& [node, index] : stored->durable) holders.insert(evenkeel::index(node));
  cluster.placement.add(layout_of(6, 1, 2, {*holders.begin()}));
  EXPECT_TRUE(cluster.load(0, *stored));
}

TEST(Chunks, SurviveALossyNetworkAndTwiceDeliveredMessages) {
  ChunkCluster cluster{{.world = {.nodes = 4, .loss = 0.02, .duplication = 0.3}}};
  for (std::uint64_t i = 0; i < 30; ++i) {
    const Blob bytes = draw_bytes(i, 3000);
    const Result<StoredChunk> stored = cluster.store(i % 4, bytes, {2, 1});
    if (!stored) continue;
    const Result<Blob> loaded = cluster.load((i + 1) % 4, *stored);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(*loaded, bytes);
  }
}

TEST(ChunkServer, RefusesShardsThatAreNotWhatTheyClaim) {
  ChunkCluster cluster{{.world = {.nodes = 2}}};
  const Blob bytes = draw_bytes(1, 1000);
  const auto refusal = [&](auto change) {
    StoreShard question{.header = {.chunk = {sha256(bytes), Coding::copies(2)},
                                   .chunk_bytes = 1000,
                                   .hash = sha256(bytes)},
                        .bytes = bytes};
    change(question);
    const Result<bool> stored =
        run(cluster.world, 0,
            ask(cluster.world.node(0), NodeId{1}, Port::chunks, question, seconds(1)));
    return stored ? std::string{"stored"} : std::string{to_string(stored.error().code)};
  };
  EXPECT_EQ(refusal([](StoreShard& shard) { shard.bytes[7] ^= std::byte{1}; }), "malformed");
  EXPECT_EQ(refusal([](StoreShard& shard) { shard.bytes.pop_back(); }), "malformed");
  EXPECT_EQ(refusal([](StoreShard& shard) { shard.header.chunk.id[0] ^= std::byte{1}; }),
            "malformed");
  EXPECT_EQ(refusal([](StoreShard& shard) { shard.header.chunk.coding = {0, 0}; }), "malformed");
  EXPECT_EQ(refusal([](StoreShard& shard) { shard.header.index = 200; }), "malformed");
  EXPECT_EQ(refusal([](StoreShard&) {}), "stored");
  EXPECT_EQ(on_disks(cluster.world).size(), 1U);
}

}  // namespace
}  // namespace evenkeel::test

#include "models/storage/files/chunk.h"

#include "tests/files/cluster.h"

namespace evenkeel::test {
namespace {

ShardHeader some_header() {
  return {.chunk = {sha256(bytes_of("chunk")), {4, 2}},
          .index = 5,
          .chunk_bytes = 100'000,
          .hash = sha256(bytes_of("shard"))};
}

TEST(ShardHeader, SaysWhatItWasMadeOf) {
  const ShardHeader header = some_header();
  const std::optional<ShardHeader> read = decode_header(encode_header(header));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->chunk, header.chunk);
  EXPECT_EQ(read->index, header.index);
  EXPECT_EQ(read->chunk_bytes, header.chunk_bytes);
  EXPECT_EQ(read->hash, header.hash);
}

TEST(ShardHeader, IsRefusedWithAnyByteChangedOrMissing) {
  const Blob bytes = encode_header(some_header());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Blob changed = bytes;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(decode_header(changed)) << i;
    EXPECT_FALSE(decode_header(View8{bytes}.first(i))) << i;
  }
}

TEST(ShardHeader, IsRefusedWithSizesThatCannotBeThoughTheChecksumFits) {
  const auto refuses = [](auto change) {
    ShardHeader header = some_header();
    change(header);
    return !header.is_sound() && !decode_header(encode_header(header));
  };
  EXPECT_TRUE(refuses([](ShardHeader& header) { header.index = 6; }));
  EXPECT_TRUE(refuses([](ShardHeader& header) { header.chunk_bytes = 0; }));
  EXPECT_TRUE(refuses([](ShardHeader& header) { header.chunk_bytes = most_chunk_bytes + 1; }));
  EXPECT_TRUE(refuses([](ShardHeader& header) { header.chunk.coding.parity = 11; }));
  EXPECT_TRUE(refuses([](ShardHeader& header) {  // a copy of something else
    header.chunk.coding = {1, 2};
    header.index = 0;
  }));
}

TEST(Chunk, IsWholeAgainFromAnyOfItsShards) {
  for (const std::size_t size : {1, 63, 64, 65, 4000, 100'000}) {
    const Blob chunk = draw_bytes(size, size);
    for (const Coding coding : {Coding{1, 2}, Coding{2, 1}, Coding{4, 2}, Coding{10, 4}}) {
      ErasureCode code{coding};
      std::vector<Blob> shards = cut(code, chunk);
      for (unsigned first = 0; first < (coding.is_copies() ? 1 : coding.total()); ++first) {
        std::vector<IndexedShard> some;
        for (unsigned i = 0; i < coding.data; ++i) {
          const unsigned index = (first + i) % coding.total();
          ASSERT_EQ(shards[index].size(), shard_bytes(coding, static_cast<std::uint32_t>(size)));
          some.emplace_back(index, shards[index]);
        }
        const Result<Blob> joined = join(code, some, static_cast<std::uint32_t>(size));
        ASSERT_TRUE(joined);
        ASSERT_EQ(*joined, chunk);
      }
    }
  }
}

struct OneNode {
  explicit OneNode(ChunkStoreSettings its_settings = {}, std::uint64_t disk = 1 << 30)
      : settings(its_settings) {
    world.disks[0] = std::make_unique<MemoryDisk>(disk);
    world.node(0).on_start(
        [this](Node& node) { store = std::make_unique<ChunkStore>(node, settings); });
    world.start();
  }
  ~OneNode() { world.stop(); }

  static ShardHeader header_of(const Blob& bytes) {
    return {.chunk = {sha256(bytes), Coding::copies(3)},
            .chunk_bytes = static_cast<std::uint32_t>(bytes.size()),
            .hash = sha256(bytes)};
  }
  Result<bool> put(const Blob& bytes, ChunkStore::Purpose purpose = ChunkStore::Purpose::new_file,
                   std::uint64_t writer = 1) const {
    return store->put(header_of(bytes), bytes, purpose, writer);
  }
  Result<Blob> get(const Blob& bytes) const { return store->get(header_of(bytes).chunk, 0); }

  ChunkStoreSettings settings;
  std::unique_ptr<ChunkStore> store;
  ClusterWorld world{{.nodes = 1}};
};

TEST(ChunkStore, GivesWhatWasPutAlsoAfterThePowerFailed) {
  OneNode node;
  const Blob bytes = draw_bytes(1, 10'000);
  EXPECT_THAT(node.put(bytes).value(), true);
  EXPECT_THAT(node.put(bytes).value(), false);
  node.world.crash(0);
  node.world.restart(0);
  ASSERT_TRUE(node.get(bytes));
  EXPECT_EQ(*node.get(bytes), bytes);
  EXPECT_EQ(node.store->used_bytes(), bytes_on(*node.world.disks[0]));
}

TEST(ChunkStore, RemovesTornAndForeignShardsWhenItStarts) {
  OneNode node;
  const Blob bytes = draw_bytes(1, 10'000);
  Disk& disk = *node.world.disks[0];
  ASSERT_TRUE(node.put(bytes));
  const std::string file = disk.list().front();
  const Blob whole = *disk.read(file, 0, 100'000);
  const auto starts_without = [&](const std::string& name, View8 content) {
    disk.remove(name);
    EXPECT_TRUE(disk.write(name, 0, content) && disk.sync(name));
    node.world.crash(0);
    node.world.restart(0);
    return node.store->all().empty() && disk.list().empty() && node.store->used_bytes() == 0;
  };
  EXPECT_TRUE(starts_without(file, View8{whole}.first(50)));
  EXPECT_TRUE(starts_without(file, View8{whole}.first(whole.size() - 1)));
  Blob longer = whole;
  longer.push_back(std::byte{});
  EXPECT_TRUE(starts_without(file, longer));
  EXPECT_TRUE(starts_without("chunk-of-somebody-else", whole));
  EXPECT_FALSE(starts_without(file, whole));
}

TEST(ChunkStore, NoticesAFlippedBitDropsTheShardAndSuspectsTheChunk) {
  OneNode node;
  const Blob bytes = draw_bytes(1, 10'000);
  ASSERT_TRUE(node.put(bytes));
  for (const std::uint64_t at : {std::uint64_t{20}, ShardHeader::size + std::uint64_t{9'999}}) {
    flip_bit(*node.world.disks[0], node.world.disks[0]->list().front(), at);
    EXPECT_EQ(node.get(bytes).error().code, ErrorCode::disk);
    EXPECT_EQ(node.get(bytes).error().code, ErrorCode::not_found);
    EXPECT_EQ(node.store->take_suspects(), std::set{OneNode::header_of(bytes).chunk});
    EXPECT_THAT(node.world.disks[0]->list(), testing::IsEmpty());
    EXPECT_EQ(node.store->used_bytes(), 0U);
    EXPECT_THAT(node.put(bytes).value(), true);
  }
}

TEST(ChunkStore, GivesAllSpaceBackWhenTheDiskIsFull) {
  OneNode node{{}, 25'000};
  ASSERT_TRUE(node.put(draw_bytes(1, 10'000)));
  ASSERT_TRUE(node.put(draw_bytes(2, 10'000)));
  const std::uint64_t before = bytes_on(*node.world.disks[0]);
  EXPECT_EQ(node.put(draw_bytes(3, 10'000)).error().code, ErrorCode::full);
  EXPECT_EQ(bytes_on(*node.world.disks[0]), before);
  EXPECT_EQ(node.store->used_bytes(), before);
  EXPECT_EQ(node.store->all().size(), 2U);
  node.store->drop(OneNode::header_of(draw_bytes(1, 10'000)).chunk, 0);
  EXPECT_TRUE(node.put(draw_bytes(3, 10'000)));
}

TEST(ChunkStore, KeepsTheLastOfItsCapacityForRepair) {
  OneNode node{{.capacity_bytes = 100'000, .kept_for_repair = 0.2}};
  std::uint64_t seed = 0;
  while (node.put(draw_bytes(++seed, 5'000))) ASSERT_LE(node.store->used_bytes(), 80'000U);
  EXPECT_GT(node.store->used_bytes(), 70'000U);
  EXPECT_TRUE(node.put(draw_bytes(++seed, 5'000), ChunkStore::Purpose::repair));
  while (node.put(draw_bytes(++seed, 5'000), ChunkStore::Purpose::repair))
    ASSERT_LE(node.store->used_bytes(), 100'000U);
}

TEST(ChunkStore, LetsAWriterWithdrawOnlyWhatNobodyElseNeeds) {
  OneNode node;
  const Blob bytes = draw_bytes(1, 100);
  const ChunkKey chunk = OneNode::header_of(bytes).chunk;
  ASSERT_TRUE(node.put(bytes, ChunkStore::Purpose::new_file, 7));
  EXPECT_FALSE(node.store->withdraw(chunk, 0, 8));
  EXPECT_THAT(node.put(bytes, ChunkStore::Purpose::new_file, 8).value(), false);
  EXPECT_FALSE(node.store->withdraw(chunk, 0, 7));
  EXPECT_TRUE(node.get(bytes));
  EXPECT_TRUE(node.store->withdraw(chunk, 0, 8));
  EXPECT_FALSE(node.get(bytes));
}

}  // namespace
}  // namespace evenkeel::test

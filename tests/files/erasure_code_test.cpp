#include "models/storage/files/erasure_code.h"

#include <gmock/gmock.h>

#include <bit>

#include "models/runtime/blob.h"
#include "models/runtime/random.h"

namespace evenkeel::test {
namespace {

std::vector<Blob> draw_shards(Random& random, unsigned count, std::size_t bytes) {
  std::vector<Blob> shards(count, Blob(bytes));
  for (Blob& shard : shards)
    for (std::byte& byte : shard) byte = static_cast<std::byte>(random());
  return shards;
}

std::vector<Blob> encode(const ErasureCode& code, std::vector<Blob> shards) {
  const std::size_t bytes = shards.front().size();
  std::vector<const std::byte*> data;
  for (const Blob& shard : shards) data.push_back(shard.data());
  std::vector<Blob> parity(code.coding().parity, Blob(bytes));
  std::vector<std::byte*> rooms;
  for (Blob& shard : parity) rooms.push_back(shard.data());
  code.encode(data, rooms, bytes);
  shards.insert(shards.end(), parity.begin(), parity.end());
  return shards;
}

// Loses all shards but those in `kept`, and computes the lost ones.
void expect_recovery(ErasureCode& code, const std::vector<Blob>& shards, std::uint32_t kept) {
  const std::size_t bytes = shards.front().size();
  std::vector<ShardView> sources;
  std::vector<Blob> lost(shards.size(), Blob(bytes));
  std::vector<ShardRoom> rooms;
  for (unsigned i = 0; i < shards.size(); ++i) {
    if ((kept >> i & 1) != 0) {
      sources.push_back({i, shards[i].data()});
    } else {
      rooms.push_back({i, lost[i].data()});
    }
  }
  ASSERT_TRUE(code.reconstruct(sources, rooms, bytes));
  for (const ShardRoom& room : rooms)
    ASSERT_EQ(lost[room.index], shards[room.index]) << "kept " << kept << ", lost " << room.index;
}

TEST(ErasureCode, GivesBackWhatWasLostUnderEveryPattern) {
  Random random{7};
  for (std::uint8_t k = 1; k <= 6; ++k)
    for (std::uint8_t m = 0; m <= 4; ++m) {
      ErasureCode code{{k, m}};
      const std::vector<Blob> shards = encode(code, draw_shards(random, k, 1 + random.below(200)));
      for (std::uint32_t kept = 0; kept < 1U << (k + m); ++kept)
        if (std::popcount(kept) == k) expect_recovery(code, shards, kept);
    }
}

TEST(ErasureCode, GivesBackWhatWasLostFromTheLargestCode) {
  Random random{8};
  ErasureCode code{{Coding::most_data, Coding::most_parity}};
  const std::vector<Blob> shards = encode(code, draw_shards(random, Coding::most_data, 4096));
  for (int i = 0; i < 300; ++i) {
    std::uint32_t kept = (1U << code.coding().total()) - 1;
    while (std::popcount(kept) > Coding::most_data)
      kept &= ~(1U << random.below(code.coding().total()));
    expect_recovery(code, shards, kept);
  }
}

// Slow, plain arithmetic: x^8 + x^4 + x^3 + x^2 + 1.
unsigned times(unsigned a, unsigned b) {
  unsigned product = 0;
  for (; b != 0; b >>= 1, a = (a << 1) ^ ((a & 0x80) != 0 ? 0x11dU : 0))
    if ((b & 1) != 0) product ^= a;
  return product & 0xff;
}

TEST(ErasureCode, IsTheCauchyCodeByPlainArithmetic) {
  Random random{9};
  const ErasureCode code{{4, 3}};
  const std::vector<Blob> shards = encode(code, draw_shards(random, 4, 100));
  for (unsigned row = 4; row < 7; ++row)
    for (std::size_t at = 0; at < 100; ++at) {
      unsigned expected = 0;
      for (unsigned j = 0; j < 4; ++j) {
        unsigned inverse = 1;
        while (times(inverse, row ^ j) != 1) ++inverse;
        expected ^= times(inverse, static_cast<unsigned>(shards[j][at]));
      }
      ASSERT_EQ(static_cast<unsigned>(shards[row][at]), expected);
    }
}

TEST(ErasureCode, MakesCopiesOfASinglePiece) {
  Random random{10};
  const ErasureCode code{Coding::copies(3)};
  const std::vector<Blob> shards = encode(code, draw_shards(random, 1, 1000));
  EXPECT_THAT(shards, testing::Each(shards.front()));
  EXPECT_EQ(shards.size(), 3U);
}

TEST(ErasureCode, RefusesSourcesThatDoNotSuffice) {
  ErasureCode code{{2, 1}};
  Blob a(64), b(64), c(64);
  const ShardRoom room{2, c.data()};
  const auto reconstruct = [&](std::vector<ShardView> sources) {
    return code.reconstruct(sources, {&room, 1}, 64);
  };
  EXPECT_EQ(reconstruct({{0, a.data()}}).error().code, ErrorCode::invalid);
  EXPECT_EQ(reconstruct({{0, a.data()}, {0, b.data()}}).error().code, ErrorCode::invalid);
  EXPECT_EQ(reconstruct({{0, a.data()}, {9, b.data()}}).error().code, ErrorCode::invalid);
  EXPECT_TRUE(reconstruct({{0, a.data()}, {1, b.data()}}));
}

TEST(ErasureCode, StaysRightWhenMorePatternsComeThanItKeepsTablesFor) {
  Random random{11};
  ErasureCode code{{6, 6}};
  const std::vector<Blob> shards = encode(code, draw_shards(random, 6, 32));
  for (int round = 0; round < 2; ++round)
    for (std::uint32_t kept = 0; kept < 1U << 12; ++kept)
      if (std::popcount(kept) == 6) expect_recovery(code, shards, kept);
}

}  // namespace
}  // namespace evenkeel::test

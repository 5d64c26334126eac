// The tables of the hashing policies against published vectors and shares.
#include "models/balancing/hashing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

TEST(HashText, IsXxh64) {
  // From the reference implementation (xxhsum -H1).
  EXPECT_EQ(hash_text(""), 0xEF46DB3751D8E999U);
  EXPECT_EQ(hash_text("a"), 0xD24EC4F1A98C6E5BU);
  EXPECT_EQ(hash_text("abc"), 0x44BC2CF5AD770999U);
}

TEST(HashKey, HashesTheBytesLeastFirst) {
  const std::string bytes{"\x08\x07\x06\x05\x04\x03\x02\x01", 8};
  EXPECT_EQ(hash_key(0x0102030405060708U), hash_text(bytes));
  EXPECT_NE(hash_key(1, 0), hash_key(1, 1));
}

struct RingCase {
  std::size_t n;
  std::int64_t points;
  double max_over_mean;
};

class RingImbalance : public testing::TestWithParam<RingCase> {};

TEST_P(RingImbalance, IsThatOfAnIdealHash) {
  const RingCase expected = GetParam();
  constexpr int draws = 400;
  double sum = 0;
  double squares = 0;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<Candidate> candidates = alike(expected.n);
    for (Candidate& candidate : candidates) candidate.name += fmt::format("/{}", draw);
    const HashRing ring{candidates, {.points = expected.points, .weighted = true}};
    const std::vector<double> shares = ring.shares(expected.n);
    const double ratio = *std::ranges::max_element(shares) * static_cast<double>(expected.n);
    sum += ratio;
    squares += ratio * ratio;
  }
  const double mean = sum / draws;
  const double error = std::sqrt((squares / draws - mean * mean) / draws);
  EXPECT_NEAR(mean, expected.max_over_mean, 4 * error + 0.002);
}

// Table R8 of the reference; for one point a server the exact harmonic numbers H_n.
INSTANTIATE_TEST_SUITE_P(Reference, RingImbalance,
                         testing::Values(RingCase{10, 1, 2.929}, RingCase{100, 1, 5.187},
                                         RingCase{10, 10, 1.554}, RingCase{100, 10, 1.956},
                                         RingCase{10, 40, 1.254}, RingCase{10, 100, 1.153},
                                         RingCase{100, 40, 1.445}, RingCase{10, 160, 1.128},
                                         RingCase{10, 1000, 1.048}));

TEST(HashRing, GivesPlacesInProportionToWeight) {
  const HashRing ring{with_weights({3, 1}), {.points = 1000, .weighted = true}};
  std::size_t first = 0;
  for (std::size_t position = 0; position < ring.size(); ++position)
    first += ring.server(position) == 0;
  EXPECT_EQ(ring.size(), 2000U);
  EXPECT_EQ(first, 1500U);
  EXPECT_NEAR(ring.shares(2)[0], 0.75, 0.05);
}

TEST(HashRing, GivesEveryServerAPlace) {
  const HashRing ring{with_weights({1e9, 1e-9, 0}), {.points = 10, .weighted = true}};
  std::vector<bool> seen(3, false);
  for (std::size_t position = 0; position < ring.size(); ++position)
    seen[ring.server(position)] = true;
  EXPECT_EQ(seen, std::vector<bool>(3, true));
}

TEST(HashRing, GoesRound) {
  const HashRing ring{alike(1), {.points = 1, .weighted = false}};
  EXPECT_EQ(ring.home(0), 0U);
  EXPECT_EQ(ring.home(~0ULL), 0U);
  EXPECT_EQ(ring.next(0), 0U);
  EXPECT_EQ(ring.shares(1), std::vector<double>{1.0});
}

using Table = std::vector<ServerIndex>;

TEST(MaglevTable, IsThatOfThePaper) {
  // NSDI 2016, table 1.
  const std::vector<MaglevTurns> servers = {{3, 4}, {0, 2}, {3, 1}};
  EXPECT_EQ(maglev_table(servers, 7), (Table{1, 0, 1, 0, 2, 2, 0}));
}

TEST(MaglevTable, AfterRemovalIsThatOfThePaper) {
  const std::vector<MaglevTurns> left = {{3, 4}, {3, 1}};  // B0 and B2
  EXPECT_EQ(maglev_table(left, 7), (Table{0, 0, 0, 0, 1, 1, 1}));
}

std::vector<double> slots_by_server(const Table& table, std::size_t n) {
  std::vector<double> slots(n, 0.0);
  for (const ServerIndex server : table) slots[server] += 1;
  return slots;
}

TEST(MaglevTable, IsEvenToOneSlot) {
  for (const auto& [n, size] : {std::pair<std::size_t, std::size_t>{10, 65'537},
                                {100, 65'537},
                                {1000, 65'537},
                                {100, 1021},
                                {100, 251}}) {
    const std::vector<double> slots = slots_by_server(maglev_table(alike(n), true, size), n);
    EXPECT_EQ(*std::ranges::max_element(slots), std::ceil(double(size) / double(n)));
    EXPECT_EQ(*std::ranges::min_element(slots), std::floor(double(size) / double(n)));
  }
}

TEST(MaglevTable, GivesSlotsInProportionToWeight) {
  const std::vector<double> slots =
      slots_by_server(maglev_table(with_weights({4, 2, 1}), true, 65'537), 3);
  EXPECT_NEAR(slots[0], 65'537 * 4.0 / 7, 5);
  EXPECT_NEAR(slots[1], 65'537 * 2.0 / 7, 5);
  EXPECT_NEAR(slots[2], 65'537 * 1.0 / 7, 5);
}

TEST(MaglevTable, MovesFewSlotsWhenAServerGoes) {
  // Table R8: on top of the 1/n that must move .33 % of the slots at n = 10, .59 % at n = 100.
  for (const auto& [n, extra] : {std::pair<std::size_t, double>{10, 0.0033}, {100, 0.0059}}) {
    const std::vector<Candidate> all = alike(n);
    const Table before = maglev_table(all, true, 65'537);
    double moved = 0;
    constexpr std::size_t removals = 10;
    for (std::size_t gone = 0; gone < removals; ++gone) {
      std::vector<Candidate> left = all;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(gone));
      const Table after = maglev_table(left, true, 65'537);
      for (std::size_t slot = 0; slot < before.size(); ++slot) {
        const ServerIndex was = before[slot];
        moved += was != gone && after[slot] != was - (was > gone ? 1 : 0);
      }
    }
    EXPECT_NEAR(moved / (removals * 65'537.0), extra, 0.002) << n;
  }
}

TEST(IsPrime, KnowsMaglevsSizes) {
  for (const std::uint64_t prime : {2U, 3U, 251U, 1021U, 65'537U, 5'000'011U})
    EXPECT_TRUE(is_prime(prime)) << prime;
  for (const std::uint64_t other : {0U, 1U, 4U, 65'536U, 65'539U * 3U})
    EXPECT_FALSE(is_prime(other)) << other;
}

TEST(SharedTable, MakesOneTableForTheSameCandidates) {
  SharedTable<int> shared;
  int made = 0;
  const auto make = [&](std::span<const Candidate>) { return ++made; };
  const auto first = shared.get(alike(3), make);
  EXPECT_EQ(shared.get(alike(3), make), first);
  EXPECT_EQ(*shared.get(with_weights({1, 1, 2}), make), 2);
  EXPECT_EQ(*shared.get(alike(4), make), 3);
  EXPECT_EQ(*first, 1);  // who holds the old one keeps it
}

}  // namespace
}  // namespace evenkeel

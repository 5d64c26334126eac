// consistent_hash, bounded_load_hash, maglev, rendezvous: what moves, what is even, what is
// bounded.
#include <gtest/gtest.h>

#include <cmath>

#include "models/balancing/hashing.h"
#include "tests/balancing/hand_driven.h"

namespace evenkeel {
namespace {

constexpr std::uint64_t keys = 20'000;

std::vector<ServerIndex> owners(HandDriven& driven) {
  std::vector<ServerIndex> result;
  for (std::uint64_t key = 0; key < keys; ++key) result.push_back(driven.pick({.key = key}));
  return result;
}

class HashingPolicy : public testing::TestWithParam<std::string> {};

TEST_P(HashingPolicy, SendsAKeyToOneServer) {
  HandDriven one{maker(GetParam()), alike(10), 1};
  HandDriven other{maker(GetParam()), alike(10), 2};  // another balancer, other random numbers
  EXPECT_EQ(owners(one), owners(other));
}

TEST_P(HashingPolicy, MovesOnlyTheKeysOfAnEjectedServer) {
  HandDriven driven{GetParam(), alike(10)};
  const std::vector<ServerIndex> before = owners(driven);
  driven.eligible = {0, 1, 2, 4, 5, 6, 7, 8, 9};
  const std::vector<ServerIndex> after = owners(driven);
  for (std::uint64_t key = 0; key < keys; ++key) {
    ASSERT_TRUE(before[key] == 3 || after[key] == before[key]) << key;
  }
}

TEST_P(HashingPolicy, SpreadsTheKeysOfAnEjectedServer) {
  HandDriven driven{GetParam(), alike(10)};
  const std::vector<ServerIndex> before = owners(driven);
  driven.eligible = {0, 1, 2, 4, 5, 6, 7, 8, 9};
  const std::vector<ServerIndex> after = owners(driven);
  std::vector<int> gained(10, 0);
  for (std::uint64_t key = 0; key < keys; ++key) gained[after[key]] += before[key] == 3;
  for (const ServerIndex server : driven.eligible) EXPECT_GT(gained[server], 0) << server;
}

INSTANTIATE_TEST_SUITE_P(All, HashingPolicy,
                         testing::Values("consistent_hash", "bounded_load_hash", "maglev",
                                         "rendezvous"));

TEST(ConsistentHash, FollowsTheRing) {
  const std::vector<Candidate> candidates = alike(10);
  const HashRing ring{candidates, {.points = 160, .weighted = true}};
  HandDriven driven{"consistent_hash", candidates};
  for (std::uint64_t key = 0; key < 1000; ++key)
    ASSERT_EQ(driven.pick({.key = key}), ring.server(ring.home(hash_key(key))));
}

TEST(Maglev, FollowsTheTable) {
  const std::vector<Candidate> candidates = alike(10);
  const std::vector<ServerIndex> table = maglev_table(candidates, true, 65'537);
  HandDriven driven{"maglev", candidates};
  for (std::uint64_t key = 0; key < 1000; ++key)
    ASSERT_EQ(driven.pick({.key = key}), table[hash_key(key) % 65'537]);
}

TEST(Maglev, RefusesATableSizeThatIsNotPrime) {
  DefaultFields fields{{{"table_size", 65'536}}};
  policies().find("maglev")->configure(fields);
  EXPECT_EQ(fields.refused, "table_size: must be a prime number, such as 65537\n");
}

TEST(Maglev, LeavesATableSizeOutOfBoundsToTheReader) {
  for (const double size : {-5.0, 0.0, 1e15}) {
    struct Quiet final : DefaultFields {  // says nothing of bounds, as a reader that goes on
      explicit Quiet(double value) : size_{static_cast<std::int64_t>(value)} {}
      void integer(std::string_view, std::int64_t& value, const About&) override { value = size_; }
      std::int64_t size_;
    } fields{size};
    policies().find("maglev")->configure(fields);
    EXPECT_EQ(fields.refused, "");
  }
}

TEST(Maglev, ServesThoseWithoutASlotToo) {
  HandDriven driven{"maglev", alike(20), {.values = {{"table_size", 7}}}};
  for (ServerIndex only = 0; only < 20; ++only) {
    driven.eligible = {only};
    EXPECT_EQ(driven.pick({.key = only}), only);
  }
}

TEST(Rendezvous, SharesExactlyByWeight) {
  HandDriven driven{"rendezvous", with_weights({1, 2, 5})};
  std::vector<double> counts(3, 0);
  for (const ServerIndex server : owners(driven)) counts[server] += 1;
  const double n = static_cast<double>(keys);
  for (const auto& [server, share] : {std::pair{0U, 0.125}, {1U, 0.25}, {2U, 0.625}})
    EXPECT_NEAR(counts[server] / n, share, 4 * std::sqrt(share * (1 - share) / n)) << server;
}

TEST(Rendezvous, SharesEvenlyWithEqualWeights) {
  HandDriven driven{"rendezvous", alike(10)};
  std::vector<int> counts(10, 0);
  for (const ServerIndex server : owners(driven)) ++counts[server];
  for (const int count : counts) EXPECT_NEAR(count, 2000, 4 * std::sqrt(20'000 * 0.1 * 0.9));
}

TEST(Rendezvous, MovesOnlyToAServerThatGainsWeight) {
  HandDriven before{"rendezvous", with_weights({1, 1, 1, 1})};
  // Relative to the first, so that the others' draws stay as they are.
  HandDriven after{"rendezvous", with_weights({1, 1, 1, 3})};
  const std::vector<ServerIndex> was = owners(before);
  const std::vector<ServerIndex> is = owners(after);
  for (std::uint64_t key = 0; key < keys; ++key)
    ASSERT_TRUE(is[key] == was[key] || is[key] == 3) << key;
}

struct BoundedCase {
  double c;
  double points;
  std::string overflow;
  double displaced;  // table R8, for 10 000 balls that stay in 100 servers
  double tolerance;
};

class BoundedLoad : public testing::TestWithParam<BoundedCase> {};

/// Places balls into 100 servers bounded as if all balls were there already, as the reference does,
/// and returns the share not at home.
double displaced(const BoundedCase& given, int draw) {
  constexpr std::size_t n = 100;
  constexpr int balls = 10'000;
  std::vector<Candidate> candidates = alike(n);
  for (Candidate& candidate : candidates) candidate.name += fmt::format("/{}", draw);
  const Given settings{.values = {{"c", given.c}, {"points", given.points}},
                       .names = {{"overflow", given.overflow}}};
  HandDriven bounded{"bounded_load_hash", candidates, settings};
  HandDriven plain{"consistent_hash", candidates, {.values = {{"points", given.points}}}};
  for (int ball = 1; ball < balls; ++ball) bounded.policy->sent(0, {});
  int away = 0;
  for (int ball = 0; ball < balls; ++ball) {
    const Job job{.key = static_cast<std::uint64_t>(draw * balls + ball)};
    const ServerIndex server = bounded.pick(job);
    ++bounded.in_flight[server];
    away += server != plain.pick(job);
  }
  const double bound = std::ceil(given.c * balls / static_cast<double>(n) - 1e-9);
  for (const std::uint32_t load : bounded.in_flight) EXPECT_LE(load, bound);
  return away / static_cast<double>(balls);
}

TEST_P(BoundedLoad, DisplacesAsManyAsTheReferenceSays) {
  constexpr int draws = 60;
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) sum += displaced(GetParam(), draw);
  EXPECT_NEAR(sum / draws, GetParam().displaced, GetParam().tolerance);
}

INSTANTIATE_TEST_SUITE_P(Reference, BoundedLoad,
                         testing::Values(BoundedCase{1.10, 1, "linear", 0.413, 0.015},
                                         BoundedCase{1.10, 1, "random_jump", 0.388, 0.015},
                                         BoundedCase{1.25, 1, "linear", 0.347, 0.015},
                                         BoundedCase{1.25, 1, "random_jump", 0.338, 0.015},
                                         BoundedCase{1.50, 1, "linear", 0.252, 0.015},
                                         BoundedCase{1.50, 1, "random_jump", 0.244, 0.015},
                                         BoundedCase{2.00, 1, "linear", 0.151, 0.015},
                                         BoundedCase{2.00, 1, "random_jump", 0.142, 0.015},
                                         BoundedCase{1.10, 100, "linear", 0.026, 0.006},
                                         BoundedCase{1.10, 100, "random_jump", 0.023, 0.006},
                                         BoundedCase{1.25, 100, "linear", 0.004, 0.003},
                                         BoundedCase{1.25, 100, "random_jump", 0.002, 0.003}));

TEST(BoundedLoadHash, KeepsTheBoundOnEveryArrival) {
  constexpr std::size_t n = 10;
  HandDriven driven{"bounded_load_hash", alike(n)};
  for (std::uint64_t m = 1; m <= 5000; ++m) {
    driven.pick_and_send({.key = m % 7});
    const double bound = std::ceil(1.25 * static_cast<double>(m) / n - 1e-9);
    for (const std::uint32_t load : driven.in_flight) ASSERT_LE(load, bound) << "request " << m;
  }
}

TEST(BoundedLoadHash, KeepsTheBoundWhileRequestsComeAndGo) {
  for (const std::string overflow : {"linear", "random_jump"}) {
    const std::vector<double> weights = {1, 1, 2, 4, 8};
    HandDriven driven{"bounded_load_hash",
                      with_weights(weights),
                      {.values = {{"c", 1.1}}, .names = {{"overflow", overflow}}}};
    Random random{3};
    std::vector<ServerIndex> sent;
    for (int i = 0; i < 5000; ++i) {
      const ServerIndex server = driven.pick_and_send({.key = random.below(3)});
      sent.push_back(server);
      const double m = static_cast<double>(sent.size());
      ASSERT_LE(driven.in_flight[server], std::ceil(1.1 * m * weights[server] / 16 - 1e-9));
      while (!sent.empty() && random.chance(sent.size() > 60 ? 0.8 : 0.45)) {
        std::swap(sent[random.below(sent.size())], sent.back());
        driven.finish(sent.back());
        sent.pop_back();
      }
    }
  }
}

}  // namespace
}  // namespace evenkeel

// What secure aggregation is made of: the graph and its published bounds, shares of keys,
// agreement, sealing, masked vectors.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "models/mpc/tools/aes_gcm.h"
#include "models/mpc/tools/aggregation_graph.h"
#include "models/mpc/tools/binary_field64.h"
#include "models/mpc/tools/key_agreement.h"
#include "models/mpc/tools/key_sharing.h"
#include "models/mpc/tools/modular_vector.h"
#include "models/mpc/tools/share_vault.h"

namespace evenkeel::test {
namespace {

PrgKey key_of(std::uint8_t seed) {
  PrgKey key{};
  key[0] = static_cast<std::byte>(seed);
  return key;
}

struct PublishedShape {
  double corrupt;
  double dropout;
  bool semi_malicious;
  std::vector<GraphShape> shapes;  // of 100, 1000, ..., 10^6 clients
};

TEST(AggregationGraph, HasThePublishedDegreesAndThresholds) {
  // The values of the graph_parameter_finder_test of google-parfait/federated-compute.
  const std::vector<PublishedShape> all{
      {0.05, 0.05, false, {{12, 6}, {30, 17}, {34, 20}, {36, 21}, {38, 22}}},
      {0.33, 0.33, false, {{68, 34}, {286, 150}, {422, 221}, {480, 251}, {518, 270}}},
      {0.05, 0.33, false, {{28, 6}, {72, 24}, {86, 29}, {96, 32}, {102, 34}}},
      {0.05, 0.05, true, {{16, 11}, {52, 37}, {62, 44}, {68, 48}, {74, 52}}},
      {0.33, 0.05, true, {{42, 37}, {132, 109}, {178, 146}, {196, 160}, {212, 173}}},
      {0.33, 0.05, false, {{34, 29}, {78, 60}, {92, 70}, {102, 77}, {110, 83}}},
      {0.45, 0.45, false, {{92, 46}, {822, 417}, {3494, 1771}}}};
  for (const PublishedShape& published : all) {
    std::uint32_t clients = 100;
    for (const GraphShape& shape : published.shapes) {
      const auto found = sparse_graph_for({.clients = clients,
                                           .corrupt = published.corrupt,
                                           .dropout = published.dropout,
                                           .semi_malicious = published.semi_malicious});
      ASSERT_TRUE(found) << clients;
      EXPECT_EQ(found->degree, shape.degree) << clients << " clients, " << published.corrupt;
      EXPECT_EQ(found->threshold, shape.threshold) << clients << " clients, " << published.corrupt;
      clients *= 10;
    }
  }
}

TEST(AggregationGraph, IsNotSparseWhereOnlyAllNeighboursAreEnough) {
  EXPECT_FALSE(sparse_graph_for({.clients = 8, .corrupt = 0.45, .dropout = 0.45}));
}

TEST(AggregationGraph, MakesNeighboursOfEachOtherAndHidesWhoTheyWillBe) {
  const std::uint32_t n = 100;
  const auto graph = AggregationGraph::drawn(n, 12, key_of(1));
  for (Seat seat = 1; seat <= n; ++seat) {
    const std::vector<Seat> members = graph.members(seat);
    ASSERT_EQ(members.size(), 13U);
    EXPECT_TRUE(std::ranges::is_sorted(members));
    EXPECT_EQ(std::set<Seat>(members.begin(), members.end()).size(), 13U);
    EXPECT_TRUE(std::ranges::binary_search(members, seat));
    for (const Seat other : members)
      EXPECT_TRUE(std::ranges::binary_search(graph.members(other), seat));
  }
  EXPECT_NE(graph.members(1), AggregationGraph::drawn(n, 12, key_of(2)).members(1));
  EXPECT_EQ(graph.members(1), AggregationGraph::drawn(n, 12, key_of(1)).members(1));
}

TEST(AggregationGraph, IsCompleteWithEverybody) {
  std::vector<Seat> all(7);
  std::iota(all.begin(), all.end(), Seat{1});
  EXPECT_EQ(AggregationGraph::complete(7).members(3), all);
}

TEST(BinaryField64, IsAField) {
  using binary_field64::inverse;
  using binary_field64::multiply;
  EXPECT_EQ(multiply(Word{1} << 63, 2), 0x1BU);  // x^64
  Prg prg{key_of(1)};
  for (int i = 0; i < 100; ++i) {
    const Word a = prg.word();
    const Word b = prg.word();
    const Word c = prg.word();
    EXPECT_EQ(multiply(a, b), multiply(b, a));
    EXPECT_EQ(multiply(multiply(a, b), c), multiply(a, multiply(b, c)));
    EXPECT_EQ(multiply(a, b ^ c), multiply(a, b) ^ multiply(a, c));
    EXPECT_EQ(multiply(a, inverse(a)), 1U);
  }
}

SecretKey some_key(Prg& prg) {
  SecretKey key;
  prg.fill(key);
  return key;
}

TEST(KeySharing, GivesTheKeyToAnyThresholdOfHolders) {
  Prg prg{key_of(3)};
  const std::vector<Seat> holders{1, 2, 5, 700, 70'000, 9};
  for (std::size_t threshold = 1; threshold <= holders.size(); ++threshold) {
    const SecretKey key = some_key(prg);
    const std::vector<KeyShare> shares = share_key(key, holders, threshold, prg);
    for (std::uint32_t set = 0; set < 64; ++set) {
      std::vector<Seat> some;
      std::vector<KeyShare> theirs;
      for (std::size_t i = 0; i < holders.size(); ++i) {
        if ((set >> i & 1) == 0) continue;
        some.push_back(holders[i]);
        theirs.push_back(shares[i]);
      }
      if (some.size() != threshold) continue;
      EXPECT_EQ(KeyRecovery{some}.recover(theirs), key);
    }
  }
}

// With t-1 shares and any key there is one polynomial: as many shares fit each key.
TEST(KeySharing, LeavesEveryKeyPossibleToOneHolderLess) {
  Prg prg{key_of(4)};
  const SecretKey key = some_key(prg);
  const SecretKey other = some_key(prg);
  const std::vector<Seat> holders{1, 2, 3};
  const std::vector<KeyShare> shares = share_key(key, holders, 3, prg);
  // The key itself is the share of place 0: from (0, other), (1, s1), (2, s2) a third share
  // follows.
  using binary_field64::inverse;
  using binary_field64::multiply;
  KeyShare third;
  for (std::size_t p = 0; p < 4; ++p) {
    const auto word = [p](const ByteArray<32>& bytes) {
      Word value;
      std::memcpy(&value, bytes.data() + 8 * p, 8);
      return value;
    };
    const auto basis = [](Word x, Word a, Word b) {  // at 3
      return multiply(multiply(3 ^ a, 3 ^ b), inverse(multiply(x ^ a, x ^ b)));
    };
    const Word value = multiply(word(other), basis(0, 1, 2)) ^
                       multiply(word(shares[0]), basis(1, 0, 2)) ^
                       multiply(word(shares[1]), basis(2, 0, 1));
    std::memcpy(third.data() + 8 * p, &value, 8);
  }
  EXPECT_EQ(KeyRecovery{holders}.recover(std::vector<KeyShare>{shares[0], shares[1], third}),
            other);
}

TEST(KeyAgreement, IsX25519) {
  // RFC 7748, section 5.2: 9 times the base point.
  SecretKey nine{};
  nine[0] = std::byte{9};
  EXPECT_EQ(hex(AgreementKey{nine}.public_key()),
            "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
}

TEST(KeyAgreement, GivesBothTheSameAndOthersAnother) {
  Prg prg{key_of(5)};
  const AgreementKey a{prg};
  const AgreementKey b{prg};
  const AgreementKey c{prg};
  EXPECT_EQ(*a.agree(b.public_key()), *b.agree(a.public_key()));
  EXPECT_NE(*a.agree(b.public_key()), *a.agree(c.public_key()));
  EXPECT_EQ(AgreementKey{a.secret()}.public_key(), a.public_key());
}

TEST(KeyAgreement, RefusesPointsOfSmallOrder) {
  Prg prg{key_of(6)};
  const AgreementKey key{prg};
  PublicKey small{};
  for (const int first : {0, 1}) {
    small[0] = static_cast<std::byte>(first);
    EXPECT_FALSE(key.agree(small));
    EXPECT_FALSE(AgreementKey::is_sound(small));
  }
  EXPECT_TRUE(AgreementKey::is_sound(key.public_key()));
}

TEST(AesGcm, SealsAsTheStandardSays) {
  // McGrew and Viega, "The Galois/Counter Mode of operation", test case 2.
  Blob sealed(32);
  gcm_seal(PrgKey{}, 0, Blob(16), sealed);
  EXPECT_EQ(hex(sealed), "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
}

TEST(AesGcm, OpensWhatWasSealedAndNothingElse) {
  const Blob plain(100, std::byte{7});
  Blob sealed(plain.size() + gcm_tag_bytes);
  gcm_seal(key_of(1), 5, plain, sealed);
  Blob opened(plain.size());
  ASSERT_TRUE(gcm_unseal(key_of(1), 5, sealed, opened));
  EXPECT_EQ(opened, plain);
  EXPECT_FALSE(gcm_unseal(key_of(1), 6, sealed, opened));
  EXPECT_FALSE(gcm_unseal(key_of(2), 5, sealed, opened));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    sealed[i] ^= std::byte{1};
    EXPECT_FALSE(gcm_unseal(key_of(1), 5, sealed, opened)) << i;
    sealed[i] ^= std::byte{1};
  }
}

TEST(ModularVector, TravelsWithExactlyItsBits) {
  Prg prg{key_of(7)};
  for (int bits = 1; bits <= 64; ++bits) {
    for (const std::size_t count : {1U, 7U, 5000U}) {
      std::vector<Word> numbers;
      for (std::size_t i = 0; i < count; ++i) numbers.push_back(prg.word() >> (64 - bits));
      ModularVector vector{count, bits};
      vector.add(numbers);
      EXPECT_EQ(vector.packed_bytes(), (count * static_cast<std::size_t>(bits) + 7) / 8);
      Blob packed(vector.packed_bytes());
      vector.pack(packed);
      ModularVector sum{count, bits};
      sum.add_packed(packed);
      EXPECT_EQ(sum.values(), numbers);
      sum.add_packed(packed);
      for (Word& number : numbers) number = 2 * number & ~Word{0} >> (64 - bits);
      EXPECT_EQ(sum.values(), numbers);
    }
  }
}

TEST(ModularVector, LosesAMaskThatIsTakenOffAgain) {
  for (const int bits : {5, 32, 33, 64}) {
    const std::vector<Word> numbers(9000, 3);
    ModularVector vector{numbers.size(), bits};
    vector.add(numbers);
    vector.add_mask(key_of(1));
    vector.subtract_mask(key_of(2));
    EXPECT_NE(vector.values(), numbers);
    vector.add_mask(key_of(2));
    vector.subtract_mask(key_of(1));
    EXPECT_EQ(vector.values(), numbers);
  }
}

TEST(ShareVault, NeverTellsBothSecretsOfOneOwner) {
  using Secret = ShareVault::Secret;
  ShareVault vault{3};
  KeyShare seed{};
  KeyShare key{};
  seed[0] = std::byte{1};
  key[0] = std::byte{2};
  vault.put(0, seed, key);
  vault.put(1, seed, key);
  EXPECT_EQ(vault.tell(0, Secret::seed), seed);
  EXPECT_EQ(vault.tell(0, Secret::key), std::nullopt);
  EXPECT_EQ(vault.tell(1, Secret::key), key);
  EXPECT_EQ(vault.tell(1, Secret::seed), std::nullopt);
  EXPECT_EQ(vault.tell(1, Secret::key), key);
  EXPECT_EQ(vault.tell(2, Secret::seed), std::nullopt);
}

}  // namespace
}  // namespace evenkeel::test

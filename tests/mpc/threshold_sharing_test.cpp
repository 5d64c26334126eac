// Secrets at rest that any t+1 of n nodes give back, and that are refreshed.
#include "models/mpc/tools/threshold_sharing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/mpc/tools/robust_decoding.h"

namespace evenkeel::test {
namespace {

constexpr std::uint32_t n = 5;
constexpr std::uint32_t t = 2;

Prg prg(std::uint64_t seed) {
  Random random{seed};
  return Prg{draw_prg_key(random)};
}

SecretBytes bytes_of(std::string_view text) {
  SecretBytes bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}
const SecretBytes secret = bytes_of("the key of the vault, of any length at all");

std::vector<ThresholdShare> some(const std::vector<ThresholdShare>& all,
                                 std::initializer_list<std::size_t> places) {
  std::vector<ThresholdShare> chosen;
  for (const std::size_t place : places) chosen.push_back(all[place]);
  return chosen;
}

// Every node deals.
std::vector<ThresholdShare> refreshed_by_all(const std::vector<ThresholdShare>& old, Prg& stream) {
  std::vector<std::vector<Refreshment::Part>> parts(n);
  for (std::uint32_t dealer = 0; dealer < n; ++dealer) {
    const std::size_t values = old[0].values.size();
    const Refreshment dealt = deal_refreshment(values, n, t, stream);
    for (std::uint32_t place = 0; place < n; ++place) {
      EXPECT_TRUE(is_right(dealt, dealt.parts[place], place, values, n, t));
      parts[place].push_back(dealt.parts[place]);
    }
  }
  std::vector<ThresholdShare> shares;
  for (std::uint32_t place = 0; place < n; ++place)
    shares.push_back(refreshed(old[place], parts[place]));
  return shares;
}

void expect_secret(const std::vector<ThresholdShare>& shares) {
  const Result<SecretBytes> got = recover_secret(shares, t);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(*got, secret);
}

void expect_refused(const std::vector<ThresholdShare>& shares, const std::string& why) {
  const Result<SecretBytes> got = recover_secret(shares, t);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::invalid);
  EXPECT_EQ(got.error().detail, why);
}

TEST(ThresholdSharing, AnyOneMoreThanTheThresholdGiveTheSecretBack) {
  Prg stream = prg(1);
  const auto shares = share_secret(secret, n, t, stream);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b)
      for (std::size_t c = b + 1; c < n; ++c) expect_secret(some(shares, {c, a, b}));
  expect_refused(some(shares, {0, 1}), "too few shares");
  expect_refused(some(shares, {0, 1, 1}), "a share twice");
}

TEST(ThresholdSharing, SharesEmptyAndLongSecrets) {
  Prg stream = prg(2);
  for (const std::size_t size : {0U, 1U, 5U, 7U, 1000U}) {
    SecretBytes bytes(size);
    stream.fill(bytes);
    const auto shares = share_secret(bytes, n, t, stream);
    const auto got = recover_secret(some(shares, {4, 2, 0}), t);
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, bytes);
  }
}

TEST(ThresholdSharing, CorrectsAWrongShareOfFiveAndSeesOneOfThree) {
  Prg stream = prg(3);
  auto shares = share_secret(secret, n, t, stream);
  shares[1].values[3] ^= 1;
  expect_secret(shares);
  expect_refused(some(shares, {0, 1, 2}), "too many shares are wrong");
  shares[2].values[3] ^= 2;
  expect_refused(shares, "too many shares are wrong");
}

TEST(ThresholdSharing, ARefreshKeepsTheSecretAndChangesEveryShare) {
  Prg stream = prg(4);
  const auto old = share_secret(secret, n, t, stream);
  auto fresh = refreshed_by_all(old, stream);
  for (std::uint32_t place = 0; place < n; ++place)
    for (std::size_t k = 0; k < old[place].values.size(); ++k)
      EXPECT_NE(old[place].values[k], fresh[place].values[k]);
  expect_secret(some(fresh, {0, 2, 4}));
  fresh = refreshed_by_all(fresh, stream);
  expect_secret(some(fresh, {1, 2, 3}));
  EXPECT_EQ(fresh[0].period, 2U);
}

TEST(ThresholdSharing, OldAndNewSharesDoNotMix) {
  Prg stream = prg(5);
  const auto old = share_secret(secret, n, t, stream);
  const auto fresh = refreshed_by_all(old, stream);
  std::vector<ThresholdShare> mixture{old[0], old[1], fresh[2], fresh[3]};
  expect_refused(mixture, "shares of several periods");
  for (ThresholdShare& share : mixture) share.period = 1;  // even if somebody says so
  expect_refused(mixture, "too many shares are wrong");
  mixture.pop_back();
  expect_refused(mixture, "too many shares are wrong");
}

// Commits to these parts and shows mixtures of what the parts were, as good as a dealer can.
void commit(Refreshment& dealt, const std::vector<Refreshment::Part>& were, std::size_t values) {
  for (std::uint32_t place = 0; place < n; ++place)
    dealt.digests[place] = part_digest(dealt.parts[place], place);
  const Digest digest = sha256(std::as_bytes(std::span{dealt.digests}));
  PrgKey key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  Prg factors{key};
  for (std::size_t proof = 0; proof < Refreshment::proofs; ++proof) {
    const Words drawn = shamir::random_elements(factors, values);
    shamir::Elements mixed;
    for (const Refreshment::Part& part : were) {
      Word sum = part.values[values + proof];
      for (std::size_t k = 0; k < values; ++k)
        sum = field61::add(sum, field61::multiply(drawn[k], part.values[k]));
      mixed.push_back(sum);
    }
    const auto polynomial = decode_polynomial(shamir::first_points(n), mixed, t);
    ASSERT_TRUE(polynomial);
    dealt.mixtures[proof].assign(polynomial->coefficients.begin() + 1,
                                 polynomial->coefficients.end());
  }
}

TEST(ThresholdSharing, ADealingThatIsNotOfZeroIsSeenByAllAndOneFalsePartByItsNode) {
  Prg stream = prg(6);
  const std::size_t values = 4;
  Refreshment dealt = deal_refreshment(values, n, t, stream);
  const std::vector<Refreshment::Part> were = dealt.parts;
  commit(dealt, were, values);
  for (std::uint32_t place = 0; place < n; ++place)
    EXPECT_TRUE(is_right(dealt, dealt.parts[place], place, values, n, t));
  for (const std::uint32_t wrong : {1U, n}) {
    dealt.parts = were;
    for (std::uint32_t place = 0; place < wrong; ++place)
      dealt.parts[place].values[2] = field61::add(dealt.parts[place].values[2], 7);
    commit(dealt, were, values);
    for (std::uint32_t place = 0; place < n; ++place)
      EXPECT_EQ(is_right(dealt, dealt.parts[place], place, values, n, t), place >= wrong);
  }
}

TEST(ThresholdSharing, APartForAnotherNodeOrOfAnotherSizeIsRefused) {
  Prg stream = prg(7);
  const std::size_t values = 4;
  Refreshment dealt = deal_refreshment(values, n, t, stream);
  EXPECT_TRUE(is_right(dealt, dealt.parts[1], 1, values, n, t));
  EXPECT_FALSE(is_right(dealt, dealt.parts[1], 0, values, n, t));
  EXPECT_FALSE(is_right(dealt, dealt.parts[1], 1, values + 1, n, t));
  EXPECT_FALSE(is_right(dealt, dealt.parts[1], 1, values, n, t + 1));
  dealt.parts[1].values.pop_back();
  EXPECT_FALSE(is_right(dealt, dealt.parts[1], 1, values, n, t));
}

}  // namespace
}  // namespace evenkeel::test

// ElGamal's ciphertexts against sums in the clear.
#include "models/mpc/tools/elgamal.h"

#include <gtest/gtest.h>

namespace evenkeel::test {
namespace {

struct Keys {
  Random random{3};
  Prg prg{draw_prg_key(random)};
  RistrettoScalar secret = RistrettoScalar::drawn(prg);
  RistrettoPoint shown = RistrettoPoint::base_times(secret);
};

RistrettoPoint no_point() {
  RistrettoPoint point;
  point.bytes.fill(std::byte{0xff});
  return point;
}

TEST(ElGamal, AddsUpUnderEncryption) {
  Keys keys;
  std::optional<ElGamalCiphertext> sum = encrypt(keys.shown, 0, keys.prg);
  Word right = 0;
  for (const Word value : {0U, 1U, 77U, 300U}) {
    const auto one = encrypt(keys.shown, value, keys.prg);
    ASSERT_TRUE(one);
    sum = sum->plus(*one);
    ASSERT_TRUE(sum);
    right += value;
  }
  const auto point = decrypt(*sum, keys.secret);
  ASSERT_TRUE(point);
  EXPECT_EQ(logarithm_below(1000, *point), right);
}

TEST(ElGamal, HidesThatTwoNumbersAreTheSame) {
  Keys keys;
  const auto one = encrypt(keys.shown, 5, keys.prg);
  const auto other = encrypt(keys.shown, 5, keys.prg);
  EXPECT_NE(one->shared, other->shared);
  EXPECT_NE(one->hidden, other->hidden);
}

TEST(ElGamal, RefusesWhatIsNoPoint) {
  Keys keys;
  const auto fine = encrypt(keys.shown, 5, keys.prg);
  EXPECT_FALSE(encrypt(no_point(), 5, keys.prg));
  EXPECT_FALSE(fine->plus({no_point(), fine->hidden}));
  EXPECT_FALSE(fine->plus({fine->shared, no_point()}));
  EXPECT_FALSE(decrypt({no_point(), fine->hidden}, keys.secret));
  EXPECT_FALSE(decrypt({fine->shared, no_point()}, keys.secret));
}

TEST(ElGamal, FindsEveryLogarithmBelowTheLimitAndNoOther) {
  for (const Word limit : {1U, 2U, 17U, 100U}) {
    for (Word number = 0; number < limit + 3; ++number) {
      const RistrettoPoint point = RistrettoPoint::base_times(RistrettoScalar::of(number));
      const std::optional<Word> found = logarithm_below(limit, point);
      EXPECT_EQ(found, number < limit ? std::optional{number} : std::nullopt) << limit;
    }
  }
}

}  // namespace
}  // namespace evenkeel::test

// Keys of both holders against the function that they share.
#include "models/mpc/tools/function_secret_sharing.h"

#include <gtest/gtest.h>

#include "models/mpc/tools/prg.h"

namespace evenkeel::test {
namespace {

Prg stream(std::uint64_t seed) {
  Random random{seed};
  return Prg{draw_prg_key(random)};
}

// What the outcomes of both holders add up to.
Words compare(std::span<const Word> alpha, std::span<const Word> beta, std::span<const Word> x,
              std::size_t bits, Prg& random) {
  const Words first = random.words(seed_words * alpha.size());
  const Words second = random.words(seed_words * alpha.size());
  const Corrections corrections = share_comparisons(alpha, beta, bits, first, second);
  Words sum = evaluate_comparisons(0, x, bits, first, corrections);
  const Words other = evaluate_comparisons(1, x, bits, second, corrections);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
  return sum;
}

std::size_t size_of(const Corrections& corrections) {
  return 8 * corrections.seeds.size() + 8 * corrections.values.size() + corrections.controls.size();
}

TEST(SharedComparison, IsRightForAllPairsOfSmallNumbers) {
  Prg random = stream(1);
  for (const std::size_t bits : {1U, 2U, 3U, 5U}) {
    Words alpha;
    Words x;
    for (Word a = 0; a < Word{1} << bits; ++a)
      for (Word b = 0; b < Word{1} << bits; ++b) alpha.push_back(a), x.push_back(b);
    const Words beta = random.words(alpha.size());
    const Words sum = compare(alpha, beta, x, bits, random);
    for (std::size_t i = 0; i < sum.size(); ++i)
      EXPECT_EQ(sum[i], x[i] < alpha[i] ? beta[i] : 0) << x[i] << " < " << alpha[i];
  }
}

TEST(SharedComparison, IsRightForLargeNumbersNearAndFar) {
  Prg random = stream(2);
  for (const std::size_t bits : {33U, 63U, 64U}) {
    const Word all = ~Word{0} >> (64 - bits);
    Words alpha = random.words(60);
    Words x = random.words(60);
    for (std::size_t i = 0; i < x.size(); ++i) {
      alpha[i] &= all;
      x[i] = i < 20 ? x[i] & all : (alpha[i] + i % 3 - 1) & all;  // with its neighbours
    }
    const Words beta = random.words(alpha.size());
    const Words sum = compare(alpha, beta, x, bits, random);
    for (std::size_t i = 0; i < sum.size(); ++i)
      EXPECT_EQ(sum[i], x[i] < alpha[i] ? beta[i] : 0) << x[i] << " < " << alpha[i];
  }
}

TEST(SharedComparison, TakesAsManyBytesAsItSays) {
  for (const std::size_t count : {1U, 3U, 100U}) {
    EXPECT_EQ(size_of(room_for_comparisons(63, count)), comparison_bytes(63, count));
    EXPECT_EQ(size_of(room_for_comparisons(5, count)), comparison_bytes(5, count));
  }
  EXPECT_EQ(comparison_bytes(64, 1), 64 * (16 + 8) + 8 + 16U);
}

TEST(SharedComparison, GivesEachHolderWhatLooksTheSameForEveryFunction) {
  // Of the outcomes that one holder has over many keys, each bit is 1 about as often as not,
  // wherever the function is zero and wherever it is not.
  Prg random = stream(3);
  constexpr std::size_t count = 4000;
  const Words alpha(count, 20);
  const Words beta(count, 1);
  for (const Word at : {3U, 40U}) {
    const Words x(count, at);
    const Words first = random.words(seed_words * count);
    const Words second = random.words(seed_words * count);
    const Corrections corrections = share_comparisons(alpha, beta, 6, first, second);
    const Words outcome = evaluate_comparisons(0, x, 6, first, corrections);
    for (std::size_t bit = 0; bit < 64; ++bit) {
      std::size_t ones = 0;
      for (const Word word : outcome) ones += word >> bit & 1;
      EXPECT_NEAR(static_cast<double>(ones), count / 2.0, 5 * 32);  // five standard deviations
    }
  }
}

TEST(SharedPoint, IsRightEverywhere) {
  Prg random = stream(4);
  for (const std::size_t bits : {0U, 1U, 2U, 5U, 11U}) {
    const std::size_t places = (std::size_t{1} << bits) - (bits > 1 ? 1 : 0);
    for (const Word alpha : {Word{0}, Word{places / 2}, Word{places - 1}}) {
      const Words beta = random.words(seed_words);
      const Words first = random.words(seed_words);
      const Words second = random.words(seed_words);
      const Corrections corrections = share_point(alpha, beta, bits, first, second);
      EXPECT_EQ(size_of(corrections), point_bytes(bits));
      const Words one = evaluate_point_everywhere(0, places, bits, first, corrections);
      const Words other = evaluate_point_everywhere(1, places, bits, second, corrections);
      ASSERT_EQ(one.size(), seed_words * places);
      for (std::size_t i = 0; i < one.size(); ++i)
        EXPECT_EQ(one[i] ^ other[i], i / seed_words == alpha ? beta[i % seed_words] : 0);
    }
  }
}

}  // namespace
}  // namespace evenkeel::test

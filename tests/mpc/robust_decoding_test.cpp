// Shares of which some are wrong.
#include "models/mpc/tools/robust_decoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace evenkeel::test {
namespace {

using shamir::Elements;

struct Damaged {
  Elements points = {};
  std::vector<Words> shares = {};  // one vector a point
  Words secrets = {};
  std::vector<std::size_t> wrong = {};
};

// Seats at `errors` places lie; about every second share of theirs is wrong, one at least.
Damaged damaged(std::size_t n, std::size_t degree, std::size_t errors, std::uint64_t seed) {
  constexpr std::size_t count = 8;
  Random random{seed};
  Prg prg{draw_prg_key(random)};
  Damaged all{.points = shamir::first_points(n), .secrets = shamir::random_elements(prg, count)};
  all.shares = shamir::shares_of(all.secrets, all.points, degree, prg);
  std::vector<std::size_t> places(n);
  std::iota(places.begin(), places.end(), 0);
  for (std::size_t i = 0; i < errors; ++i) {
    std::swap(places[i], places[i + random.below(n - i)]);
    all.wrong.push_back(places[i]);
    const std::size_t surely = random.below(count);
    for (std::size_t k = 0; k < count; ++k)
      if (k == surely || random.chance(0.5)) {
        Word& share = all.shares[places[i]][k];
        share = field61::add(share, 1 + prg.below(field61::prime - 1));
      }
  }
  std::ranges::sort(all.wrong);
  return all;
}

TEST(RobustDecoding, CorrectsAsManyErrorsAsTheDistanceAllowsAndNamesThem) {
  for (std::size_t n = 1; n <= 13; ++n)
    for (std::size_t degree = 0; degree < n; ++degree)
      for (std::size_t errors = 0; errors <= (n - 1 - degree) / 2; ++errors)
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
          const Damaged sample = damaged(n, degree, errors, seed);
          const Elements targets{0, sample.points[n - 1]};
          const auto decoded = decode_shares(sample.points, sample.shares, degree, targets);
          ASSERT_TRUE(decoded) << n << " " << degree << " " << errors;
          EXPECT_EQ(decoded->values[0], sample.secrets) << n << " " << degree << " " << errors;
          EXPECT_EQ(decoded->wrong, sample.wrong);
          if (!std::ranges::binary_search(sample.wrong, n - 1)) {
            EXPECT_EQ(decoded->values[1], sample.shares[n - 1]);
          }
        }
}

TEST(RobustDecoding, RefusesWhatIsTooFarFromEveryPolynomial) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Damaged sample = damaged(7, 2, 0, seed);  // of 7 values 3 wrong, where 2 can be corrected
    for (std::size_t i = 0; i < 3; ++i) {
      Word& share = sample.shares[(seed + 2 * i) % 7][4];
      share = field61::add(share, seed * 1000003 + i);
    }
    const Elements targets{0};
    EXPECT_FALSE(decode_shares(sample.points, sample.shares, 2, targets)) << seed;
  }
}

TEST(RobustDecoding, SeesEveryErrorUpToTheDistance) {
  for (std::size_t errors = 1; errors <= 2; ++errors) {
    const Damaged sample = damaged(7, 4, errors, 9);  // degree 2t of 3t+1 values, t of them wrong
    std::vector<std::size_t> touched;
    const Damaged whole = damaged(7, 4, 0, 9);
    for (std::size_t k = 0; k < whole.secrets.size(); ++k)
      for (std::size_t i = 0; i < 7; ++i)
        if (whole.shares[i][k] != sample.shares[i][k] && (touched.empty() || touched.back() != k))
          touched.push_back(k);
    EXPECT_FALSE(touched.empty());
    EXPECT_EQ(inconsistent_places(sample.points, sample.shares, 4), touched);
  }
  const Damaged sample = damaged(7, 4, 0, 9);
  EXPECT_TRUE(inconsistent_places(sample.points, sample.shares, 4).empty());
}

TEST(RobustDecoding, RefusesTooFewPoints) {
  const Elements points{1, 2};
  const Elements values{3, 4};
  EXPECT_FALSE(decode_polynomial(points, values, 2));
  EXPECT_TRUE(decode_polynomial(points, values, 1));
}

}  // namespace
}  // namespace evenkeel::test

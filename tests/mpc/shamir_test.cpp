// Shamir shares, and random ones that come from keys alone.
#include "models/mpc/tools/shamir.h"

#include <gtest/gtest.h>

#include <map>

#include "models/mpc/tools/pseudorandom_sharing.h"

namespace evenkeel::test {
namespace {

using shamir::Elements;

Prg prg(std::uint64_t seed) {
  Random random{seed};
  return Prg{draw_prg_key(random)};
}

// By Horner's rule.
Word value_at(const Elements& coefficients, Word x) {
  Word value = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;)
    value = field61::add(field61::multiply(value, x), coefficients[i]);
  return value;
}

template <class T>
std::vector<T> chosen(const std::vector<T>& all, std::span<const std::size_t> places) {
  std::vector<T> some;
  for (const std::size_t place : places) some.push_back(all[place]);
  return some;
}

TEST(Shamir, EvaluatesAPolynomialAnywhereFromItsValues) {
  const Elements polynomial{5, field61::prime - 1, 7, 123456789};
  const Elements points{9, 2, 30, 4};
  for (const Word at : {Word{0}, Word{1}, Word{2}, Word{1} << 60}) {
    const Elements coefficients = shamir::lagrange(points, at);
    Word sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
      sum = field61::add(sum, field61::multiply(coefficients[i], value_at(polynomial, points[i])));
    EXPECT_EQ(sum, value_at(polynomial, at));
  }
}

TEST(Shamir, AddsManyProductsWithoutOverflow) {
  const std::size_t terms = 200;
  const Elements coefficients(terms, field61::prime - 1);
  const std::vector<Words> vectors(terms, Words(1, field61::prime - 1));
  EXPECT_EQ(shamir::combined(coefficients, vectors)[0], terms);  // (-1) (-1), so often
}

TEST(Shamir, AnyThresholdOfSharesAndOneMoreGiveTheSecret) {
  Prg stream = prg(1);
  const Words secrets = shamir::random_elements(stream, 20);
  const Elements points = shamir::first_points(5);
  const std::vector<Words> shares = shamir::shares_of(secrets, points, 2, stream);
  for (const std::vector<std::size_t>& some :
       std::vector<std::vector<std::size_t>>{{0, 1, 2}, {4, 2, 0}, {1, 3, 4}, {0, 1, 2, 3, 4}})
    EXPECT_EQ(shamir::interpolated(chosen(points, some), chosen(shares, some), 0), secrets);
  const std::vector<std::size_t> too_few{0, 1};
  EXPECT_NE(shamir::interpolated(chosen(points, too_few), chosen(shares, too_few), 0), secrets);
}

TEST(Shamir, SharesOfThresholdManySeatsSayNothing) {
  // Two shares are compatible with every secret: with any third value at 0 there is a polynomial.
  // What remains to be seen is that they are spread evenly.
  Prg stream = prg(2);
  const Words zeros(4000, 0);
  const std::vector<Words> shares = shamir::shares_of(zeros, shamir::first_points(3), 2, stream);
  std::map<Word, int> seen;
  for (std::size_t i = 0; i < zeros.size(); ++i)
    ++seen[(shares[0][i] >> 59) * 4 + (shares[1][i] >> 59)];
  ASSERT_EQ(seen.size(), 16U);
  for (const auto& [place, times] : seen) EXPECT_NEAR(times, 250, 5 * 16);
}

TEST(Shamir, EverySquarePartOfTheExtractionHasAnInverse) {
  const std::vector<Elements> matrix = shamir::extraction(4, 4);
  const auto minor = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    return field61::subtract(field61::multiply(matrix[a][c], matrix[b][d]),
                             field61::multiply(matrix[a][d], matrix[b][c]));
  };
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t c = 0; c < 4; ++c) {
      EXPECT_NE(matrix[a][c], 0U);
      for (std::size_t b = a + 1; b < 4; ++b)
        for (std::size_t d = c + 1; d < 4; ++d) EXPECT_NE(minor(a, b, c, d), 0U);
    }
}

struct Group {
  Group(std::uint32_t n, std::uint32_t t) {
    Prg keys = prg(3);
    const auto sets = PseudorandomSharing::sets(n, t);
    for (Seat seat = 0; seat < n; ++seat) seats.emplace_back(n, t, seat);
    for (std::size_t place = 0; place < sets.size(); ++place) {
      const PrgKey key = keys.key();
      for (Seat seat = 0; seat < n; ++seat)
        if (PseudorandomSharing::holds(sets[place], seat)) seats[seat].set_key(place, key);
    }
  }
  std::vector<PseudorandomSharing> seats = {};
};

TEST(PseudorandomSharing, HasASetForEveryChoiceOfSeats) {
  const auto sets = PseudorandomSharing::sets(5, 2);
  EXPECT_EQ(sets.size(), 10U);
  for (const auto set : sets) EXPECT_EQ(std::popcount(set), 3);
}

TEST(PseudorandomSharing, GivesSharesOfOnePolynomialOfTheThresholdsDegree) {
  Group group{5, 2};
  std::vector<Words> shares;
  for (PseudorandomSharing& seat : group.seats) shares.push_back(seat.random(5000));
  const Elements points = shamir::first_points(5);
  const std::span all{shares};
  const Words secrets = shamir::interpolated(std::span{points}.first(3), all.first(3), 0);
  EXPECT_EQ(shamir::interpolated(std::span{points}.last(3), all.last(3), 0), secrets);
  EXPECT_NE(shamir::interpolated(std::span{points}.first(2), all.first(2), 0), secrets);
  EXPECT_NE(secrets[0], secrets[1]);
}

TEST(PseudorandomSharing, GivesSharesOfZeroOfTwiceTheDegree) {
  Group group{6, 2};
  std::vector<Words> shares;
  for (PseudorandomSharing& seat : group.seats) shares.push_back(seat.zeros(50));
  const Elements points = shamir::first_points(6);
  const std::span all{shares};
  const Words zeros(50, 0);
  EXPECT_EQ(shamir::interpolated(std::span{points}.first(5), all.first(5), 0), zeros);
  EXPECT_EQ(shamir::interpolated(std::span{points}.last(5), all.last(5), 0), zeros);
  EXPECT_NE(shamir::interpolated(std::span{points}.first(4), all.first(4), 0), zeros);
}

}  // namespace
}  // namespace evenkeel::test

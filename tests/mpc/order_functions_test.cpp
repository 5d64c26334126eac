// Extrema, sorting, quantiles: ties, edges, one owner, and which way is chosen.
#include <cmath>

#include "models/mpc/functions/ordering.h"
#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;

TEST(Argmin, IsTheSameInGroupsOfAnySize) {
  const std::vector<Numbers> all{{5, 3, 9, 3}, {3, -7.5, 12, 0}, {-7.5, 8, -7.5, 4}};
  for (const std::int64_t k : {0, 2, 3, 5, 12, 100})
    EXPECT_THAT(answer({.function = function_with("argmin", {{"groups_of", k}})}, all),
                ElementsAre(5))
        << k;
}

TEST(Argmax, IsTheSameInGroupsOfAnySize) {
  const std::vector<Numbers> all{{5, 3, 9, 3}, {3, 12.5, 12, 0}, {-7.5, 8, 12.5, 4}};
  for (const std::int64_t k : {0, 2, 3, 5, 12, 100})
    EXPECT_THAT(answer({.function = function_with("argmax", {{"groups_of", k}})}, all),
                ElementsAre(5))
        << k;
}

TEST(Argmin, TakesTheFirstWhenAllAreEqual) {
  for (const char* name : {"argmin", "argmax"})
    for (const std::int64_t k : {2, 3, 5})
      EXPECT_THAT(answer({.function = function_with(name, {{"groups_of", k}})},
                         {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}),
                  ElementsAre(0));
}

TEST(Argmin, OfOneValueIsThatOne) {
  for (const char* name : {"argmin", "argmax"})
    EXPECT_THAT(answer({.function = function_named(name)}, {{3}}), ElementsAre(0));
  for (const char* name : {"min", "max"})
    EXPECT_THAT(answer({.function = function_named(name)}, {{3}}), ElementsAre(3));
}

TEST(Extremum, FindsTheExtremesThatTheBitsHold) {
  const double most = 4096 - 1.0 / 16;
  const std::vector<Numbers> all{{0, -most}, {most, 1}};
  EXPECT_THAT(answer({.function = function_named("min")}, all), ElementsAre(-most));
  EXPECT_THAT(answer({.function = function_named("max")}, all), ElementsAre(most));
  EXPECT_THAT(answer({.function = function_named("argmin")}, all), ElementsAre(1));
  EXPECT_THAT(answer({.function = function_named("argmax")}, all), ElementsAre(2));
}

TEST(Extremum, RefusesGroupsOfOne) {
  EXPECT_EQ(refusal_of("max", {{"groups_of", std::int64_t{1}}}),
            "groups_of: nobody is compared in groups of 1");
}

RC_GTEST_PROP(Argmin, FindsTheFirstSmallestOfAnyValues, ()) {
  const auto owners = static_cast<std::size_t>(*rc::gen::inRange(1, 4));
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
  const std::vector<Numbers> all = any_table(owners, size, -2, 2);
  for (const char* name : {"argmin", "argmax", "min", "max"}) {
    const std::int64_t k = *rc::gen::element<std::int64_t>(0, 2, 3, 4, 7);
    RC_ASSERT(error_share({.function = function_with(name, {{"groups_of", k}})}, all) <= 1);
  }
}

TEST(SortingNetwork, SortsAllZerosAndOnesAndSoAnything) {  // the 0-1 principle, Knuth 5.3.4
  for (std::size_t n = 1; n <= 12; ++n) {
    const auto layers = sorting_network(n);
    for (std::uint32_t start = 0; start < (1U << n); ++start) {
      std::vector<int> bits(n);
      for (std::size_t i = 0; i < n; ++i) bits[i] = static_cast<int>(start >> i & 1U);
      for (const auto& layer : layers)
        for (const Comparator& one : layer)
          if (bits[one.low] > bits[one.high]) std::swap(bits[one.low], bits[one.high]);
      ASSERT_TRUE(std::ranges::is_sorted(bits)) << n << " places, " << start;
    }
  }
}

TEST(SortingNetwork, HasTheSizeAndDepthThatAreKnown) {
  const std::map<std::size_t, std::pair<std::size_t, std::size_t>> known{
      {2, {1, 1}}, {4, {5, 3}}, {8, {19, 6}}, {16, {63, 10}}, {32, {191, 15}}};
  for (const auto& [n, size_and_depth] : known) {
    std::size_t size = 0;
    const auto layers = sorting_network(n);
    for (const auto& layer : layers) {
      size += layer.size();
      std::set<std::size_t> places;
      for (const Comparator& one : layer) places.insert({one.low, one.high});
      EXPECT_EQ(places.size(), 2 * layer.size());
    }
    EXPECT_EQ(size, size_and_depth.first) << n;
    EXPECT_EQ(layers.size(), size_and_depth.second) << n;
  }
}

TEST(Sort, PutsAnyNumberOfValuesInOrderEitherWay) {
  for (const char* by : {"network", "pairs", "fastest"})
    for (std::size_t n = 1; n <= 9; ++n) {
      const std::vector<Numbers> all{Numbers{3, -1.5, 3, 0, 7, -1.5, -1.5, 100, 3}};
      const std::vector<Numbers> some{Numbers(all[0].begin(), all[0].begin() + std::ptrdiff_t(n))};
      for (const bool descending : {false, true})
        EXPECT_LE(error_share({.function = function_with(
                                   "sort", {{"by", std::string{by}}, {"descending", descending}})},
                              some),
                  1)
            << n << " by " << by;
    }
}

TEST(Sort, CostsALayerOneComparisonAndOneProduct) {
  const Answered sorted =
      answered({.function = function_named("sort")}, {{4, 3, 2, 1}, {8, 7, 6, 5}});
  EXPECT_THAT(sorted.answer, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  // keys and inputs, 6 layers of a comparison of 17 bits and a product, opening
  EXPECT_EQ(sorted.rounds, 1U + 6U * (2U + 5U + 1U) + 1U);
}

TEST(Quantile, IsAValueThatEnoughDoNotExceed) {
  const std::vector<Numbers> all{{10, 40}, {20, 30}};
  const auto quantiles = function_with("quantile", {{"q", Numbers{0, 0.25, 0.26, 0.5, 0.9, 1}}});
  EXPECT_THAT(answer({.function = quantiles}, all), ElementsAre(10, 10, 20, 20, 40, 40));
}

TEST(Quantile, LiesBetweenTwoValuesIfWanted) {  // as numpy.quantile and R's type 7 have it
  const std::vector<Numbers> all{{1, 4}, {2, 3}};
  const auto quantiles =
      function_with("quantile", {{"q", Numbers{0, 0.25, 0.5, 0.75, 1}}, {"interpolate", true}});
  EXPECT_THAT(answer({.function = quantiles}, all), ElementsAre(1, 1.75, 2.5, 3.25, 4));
}

TEST(Quantile, ChoosesFewRoundsOverALongWayAndFewBytesOverAThinOne) {
  std::vector<Numbers> all(3);
  for (std::size_t i = 0; i < 60; ++i) all[i % 3].push_back(static_cast<double>(i * 7 % 60));
  const auto by = [](const char* way) {
    return function_with("quantile", {{"by", std::string{way}}});
  };
  const Answered pairs = answered({.function = by("pairs")}, all);
  const Answered network = answered({.function = by("network")}, all);
  EXPECT_LT(pairs.rounds, network.rounds / 5);
  EXPECT_LT(network.bytes, pairs.bytes);
  const Answered far =
      answered({.function = by("fastest"), .round_trip = seconds(1), .bandwidth = 1e9}, all);
  EXPECT_EQ(far.rounds, pairs.rounds);
  const Answered thin = answered({.function = by("fastest"), .bandwidth = 1e4}, all);
  EXPECT_EQ(thin.bytes, network.bytes);
  for (const Answered& each : {network, far, thin}) EXPECT_EQ(each.answer, pairs.answer);
}

TEST(TopK, GivesPlacesInOrderTheFirstOfEqualOnesFirst) {
  const std::vector<Numbers> all{{5, 9, -2}, {9, 5, 9}};
  for (const char* by : {"network", "pairs"}) {
    const auto with = [&](const char* gives, std::int64_t k, bool smallest) {
      return answer({.function = function_with("top_k", {{"k", k},
                                                         {"gives", std::string{gives}},
                                                         {"by", std::string{by}},
                                                         {"smallest", smallest}})},
                    all);
    };
    EXPECT_THAT(with("places", 4, false), ElementsAre(1, 3, 5, 0));
    EXPECT_THAT(with("both", 2, true), ElementsAre(-2, 5, 2, 0));
    EXPECT_THAT(with("both", 2, false), ElementsAre(9, 9, 1, 3));
    EXPECT_THAT(with("values", 100, false), ElementsAre(9, 9, 9, 5, 5, -2));
    EXPECT_THAT(with("places", 100, true), ElementsAre(2, 0, 4, 1, 3, 5));
  }
}

TEST(TopK, NeedsMoreBitsForPlacesInANetwork) {
  const auto needed = [](const char* by, const char* gives) {
    return function_with("top_k", {{"by", std::string{by}}, {"gives", std::string{gives}}})
        ->needs({.owners = 4, .size = 4, .bits = 10, .fraction = 2})
        .value_bits;
  };
  EXPECT_EQ(needed("pairs", "both"), 13);
  EXPECT_EQ(needed("network", "values"), 13);
  EXPECT_EQ(needed("network", "both"), 17);
}

RC_GTEST_PROP(Order, IsRightForAnyValuesUnderAnyProtocol, ()) {
  const auto owners = static_cast<std::size_t>(*rc::gen::inRange(1, 4));
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 4));
  const std::vector<Numbers> all = any_table(owners, size, -3, 3);
  const std::string by = *rc::gen::element<std::string>("network", "pairs");
  const std::string gives = *rc::gen::element<std::string>("values", "places", "both");
  const double q = 0.125 * *rc::gen::inRange(0, 9);
  const bool interpolate = *rc::gen::arbitrary<bool>();
  const bool smallest = *rc::gen::arbitrary<bool>();
  const std::int64_t k = *rc::gen::inRange(1, 6);
  const std::vector<std::shared_ptr<const Function>> tried{
      function_with("sort", {{"by", by}, {"descending", smallest}}),
      function_with("quantile", {{"by", by}, {"q", Numbers{q}}, {"interpolate", interpolate}}),
      function_with("top_k", {{"by", by}, {"k", k}, {"gives", gives}, {"smallest", smallest}})};
  const std::string protocol = *rc::gen::elementOf(comparing_protocols());
  for (const auto& function : tried)
    RC_ASSERT(error_share({.protocol = protocol, .function = function}, all) <= 1);
}

}  // namespace
}  // namespace evenkeel::test

// What is special to each function: edges, one owner, extreme values, and what is refused. That
// each agrees with plain arithmetic under every protocol is function_test.cpp's.
#include <cmath>

#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;

TEST(Threshold, DoesNotCountWhatIsJustAtIt) {
  const std::vector<Numbers> all{{1, 2.5}, {2.5625, -8}};
  const auto above = [&](double threshold, bool list) {
    return answer({.function = function_with("threshold", {{"above", threshold}, {"list", list}})},
                  all);
  };
  EXPECT_THAT(above(2.5, false), ElementsAre(1));
  EXPECT_THAT(above(2.5, true), ElementsAre(2));
  EXPECT_THAT(above(2.49, true), ElementsAre(1, 2));
  EXPECT_THAT(above(1e30, false), ElementsAre(0));
  EXPECT_THAT(above(-1e30, false), ElementsAre(4));
  EXPECT_THAT(above(1e30, true), ElementsAre());
}

TEST(Threshold, ComparesTotalsThatNobodySees) {
  const std::vector<Numbers> all{{4000, 1, -4000}, {4000, 1, -4000}, {4000, 0.5, -4000}};
  for (const std::string& protocol : comparing_protocols())
    for (const double threshold : {-1e30, -12000.0, -12001.0, 0.0, 2.5, 11999.99, 12000.0, 1e30})
      for (const bool list : {false, true}) {
        const auto function = function_with(
            "threshold", {{"above", threshold}, {"of", std::string{"totals"}}, {"list", list}});
        EXPECT_LE(error_share({.protocol = protocol, .function = function}, all), 1)
            << protocol << " " << threshold;
      }
}

TEST(RangeTest, HasItsLowestAndNotItsEndAndMayBeEmpty) {
  const std::vector<Numbers> all{{1, 2}, {3, 4}};
  for (const char* of : {"values", "totals"}) {
    const auto inside = [&](double lowest, double end) {
      return answer(
          {.function = function_with(
               "range_test",
               {{"lowest", lowest}, {"end", end}, {"of", std::string{of}}, {"list", true}})},
          all);
    };
    const bool totals = std::string{of} == "totals";  // 4 and 6
    EXPECT_EQ(inside(4, 6), (totals ? Numbers{0} : Numbers{3}));
    EXPECT_EQ(inside(1, 4), (totals ? Numbers{} : Numbers{0, 1, 2}));
    EXPECT_EQ(inside(4, 4), Numbers{});
    EXPECT_EQ(inside(5, 2), Numbers{});
    EXPECT_EQ(inside(-1e30, 1e30), (totals ? Numbers{0, 1} : Numbers{0, 1, 2, 3}));
  }
}

RC_GTEST_PROP(RangeTest, IsRightForAnyTotals, ()) {
  const std::vector<Numbers> all = any_table(3, 4, -2, 2);
  const double lowest = 0.125 * *rc::gen::inRange(-40, 41);
  const double end = 0.125 * *rc::gen::inRange(-40, 41);
  const bool list = *rc::gen::arbitrary<bool>();
  const std::string protocol = *rc::gen::elementOf(comparing_protocols());
  for (const char* of : {"values", "totals"}) {
    const std::string tested = of;
    const auto range = function_with(
        "range_test", {{"lowest", lowest}, {"end", end}, {"of", tested}, {"list", list}});
    const auto threshold =
        function_with("threshold", {{"above", lowest}, {"of", tested}, {"list", list}});
    RC_ASSERT(error_share({.protocol = protocol, .function = range}, all) <= 1);
    RC_ASSERT(error_share({.protocol = protocol, .function = threshold}, all) <= 1);
  }
}

TEST(Mean, IsOfEachPlaceOrOfAllValues) {
  const std::vector<Numbers> all{{1, 10}, {2, 20}, {3, 60}};
  EXPECT_THAT(answer({.function = function_named("mean")}, all), ElementsAre(2, 30));
  EXPECT_THAT(answer({.function = function_with("mean", {{"pooled", true}})}, all),
              ElementsAre(16));
}

TEST(Variance, IsExactBesideAMeanThatIsMuchLarger) {
  const std::vector<Numbers> all{{1e6, 1e6 + 1}, {1e6 + 2, 1e6 + 3}};
  const Trial trial{.function = function_with("variance", {{"pooled", true}}), .bits = 20};
  EXPECT_THAT(answer(trial, all), ElementsAre(1.25));
}

TEST(Variance, MayBeOfASampleOrADeviation) {
  const std::vector<Numbers> all{{2}, {4}, {4}, {4}, {5}, {5}, {7}, {9}};
  const auto with = [&](bool sample, bool root) {
    return answer({.function = function_with("variance", {{"sample", sample}, {"root", root}})},
                  all)[0];
  };
  EXPECT_DOUBLE_EQ(with(false, false), 4);
  EXPECT_DOUBLE_EQ(with(false, true), 2);
  EXPECT_DOUBLE_EQ(with(true, false), 32.0 / 7);
  EXPECT_DOUBLE_EQ(with(true, true), std::sqrt(32.0 / 7));
}

TEST(Variance, OfASingleValueIsZeroAndOfASampleOfOneNoNumber) {
  EXPECT_THAT(answer({.function = function_named("variance")}, {{7.5}}), ElementsAre(0));
  const auto sample = answer({.function = function_with("variance", {{"sample", true}})}, {{7.5}});
  EXPECT_TRUE(std::isnan(sample[0]));
}

TEST(WeightedMean, CountsAnOwnerByItsWeight) {
  const auto mean = function_named("weighted_mean");
  EXPECT_THAT(answer({.function = mean}, {{10, -4, 1}, {20, 8, 3}}), ElementsAre(17.5, 5));
  EXPECT_THAT(answer({.function = mean}, {{10, 1}, {20, -3}}), ElementsAre(10));
  EXPECT_TRUE(std::isnan(answer({.function = mean}, {{10, 0}, {20, 0}})[0]));
}

TEST(WeightedMean, WantsAWeightBesideTheValues) {
  EXPECT_EQ(against({.function = function_named("weighted_mean")}, {.size = 1}),
            "an owner has values and, last, their weight: give a size of at least 2");
}

RC_GTEST_PROP(Moments, AreRightForAnyValues, ()) {
  const auto owners = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(2, 6));
  std::vector<Numbers> all(owners);
  for (Numbers& own : all) {
    for (std::size_t i = 0; i < size; ++i)
      own.push_back(*rc::gen::inRange(-4'095'900, 4'095'901) / 1000.0);
    own.back() = std::abs(own.back()) + 1;
    if (own.back() > 4095) own.back() = 4095;
  }
  const bool pooled = *rc::gen::arbitrary<bool>();
  const bool root = *rc::gen::arbitrary<bool>();
  for (const auto& function :
       {function_with("mean", {{"pooled", pooled}}), function_named("weighted_mean"),
        function_with("variance", {{"pooled", pooled}, {"root", root}}), function_named("sum"),
        function_named("federated_averaging")})
    RC_ASSERT(error_share({.function = function}, all) <= 1);
}

TEST(Histogram, HasLowerEndsInAndUpperEndsOutOfABin) {
  const std::vector<Numbers> all{{0, 0.999, 1}, {2, 3, 2.999}, {-5, 99, 1.5}};
  const auto counted = [&](const char* outside) {
    return answer({.function = function_with("histogram", {{"from", 0.0},
                                                           {"to", 3.0},
                                                           {"bins", std::int64_t{3}},
                                                           {"outside", std::string{outside}}})},
                  all);
  };
  EXPECT_THAT(counted("nearest"), ElementsAre(3, 2, 4));
  EXPECT_THAT(counted("dropped"), ElementsAre(2, 2, 2));
}

TEST(Histogram, CountsAllValuesOfAnOwnerInOneBin) {
  const auto one = function_with("histogram", {{"bins", std::int64_t{1}}});
  EXPECT_THAT(answer({.function = one}, {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}}), ElementsAre(10));
}

TEST(Histogram, IsBlurredByNoiseOfTheScaleThatEpsilonAsksFor) {
  const auto noisy = function_with("histogram", {{"bins", std::int64_t{2000}}, {"epsilon", 0.5}});
  const Numbers counts = answer({.function = noisy}, {{1}, {1}, {1}, {1}});
  double squares = 0;
  for (const double count : counts) squares += count * count;
  const double p = std::exp(-0.5);
  const double variance = 2 * p / ((1 - p) * (1 - p));  // of the discrete Laplace distribution
  EXPECT_NEAR(squares / 2000, variance, 0.25 * variance);
}

TEST(Functions, RefuseNumbersThatWouldNotFit) {
  const Problem wide{.owners = 4, .size = 4, .bits = 40, .fraction = 21};
  EXPECT_EQ(against({.function = function_named("mean")}, wide),
            "numbers of up to 63 bits would arise, and replicated3 has room for 62: give fewer "
            "bits, or fewer after the point");
  for (const Entry& entry : functions().entries()) {
    if (entry.name == "histogram" || entry.name == "threshold" || entry.name == "range_test")
      continue;  // they enter counts
    const Trial trial{.function = function_named(entry.name)};
    const std::size_t size = entry.name == "pooled_sums" ? 3 : 4;  // which come by threes
    EXPECT_NE(against(trial, {.owners = 4, .size = size, .bits = 62, .fraction = 2}), "")
        << entry.name;
    EXPECT_EQ(against(trial, {.owners = 4, .size = size, .bits = 20, .fraction = 4}), "")
        << entry.name;
  }
}

TEST(Functions, RefuseToComputeWithNothing) {
  EXPECT_EQ(against({.function = function_named("sum")}, {.size = 0}),
            "there is nothing to compute with");
}

// What is entered has room, so that the sum over the owners has too.
TEST(Functions, EnterNoMoreThanTheyNeed) {
  for (const Entry& entry : functions().entries()) {
    const auto function = function_named(entry.name);
    if (!function->is_sum()) continue;
    for (const std::uint32_t owners : {1U, 3U, 5U}) {
      const Problem problem{.owners = owners, .size = 12, .bits = 10, .fraction = 3};
      const Needs needs = function->needs(problem);
      const double room = std::ldexp(1.0, needs.value_bits - bits_of(owners));
      const double most = 1024 - 1.0 / 8;
      for (const double value : {most, -most, 0.0}) {
        const auto entered = function->prepare(Numbers(12, value), problem);
        EXPECT_EQ(entered.size(), needs.entered) << entry.name;
        for (const std::int64_t number : entered)
          EXPECT_LT(std::abs(static_cast<double>(number)), room) << entry.name;
      }
    }
  }
}

TEST(Functions, RefuseAValueThatIsRoundedUpToMoreThanTheBitsHold) {
  const Computation computation{.kind = protocol_named("replicated3"),
                                .function = function_named("sum"),
                                .problem = {.owners = 3, .size = 1, .bits = 4, .fraction = 1}};
  Table table{"replicated3", {}};
  const auto got = table.compute(computation, {{15.8}, {1}, {1}});
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().detail, "15.8 does not fit into 4 bits");
}

TEST(Equal, IsOneWhereTwoSecretsAreTheSame) {
  const Sample sample{.a = {5, -5, 0, 7}, .b = {5, 5, 0, 8}, .count = 4, .owners = {0, 1}};
  const Part part = [](Protocol& p, const Sample& given) -> Task<Values> {
    const Values& mine = p.session().self() == 0 ? given.a : given.b;
    const std::vector<Secrets> entered = co_await p.inputs(given.owners, mine, given.count);
    const Secrets same = co_await p.equal(entered[0], entered[1], 5);
    Values opened = co_await p.open(same);
    co_return opened;
  };
  for (const std::string& protocol : comparing_protocols()) {
    const std::uint32_t fewest = protocol_named(protocol).promises.fewest_parties;
    Table table{protocol, {.parties = std::max(2U, fewest)}};
    const auto got = table.play(part, sample);
    ASSERT_TRUE(got[0]) << got[0].error().detail;
    EXPECT_THAT(*got[0], ElementsAre(1, 0, 1, 0)) << protocol;
  }
}

}  // namespace
}  // namespace evenkeel::test

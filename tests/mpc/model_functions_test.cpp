// Regressions, k-means, federated averaging and joins: known answers, and what they refuse.
#include <cmath>

#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;

TEST(LinearRegression, FindsTheLineOfPointsOnOne) {
  const auto line = function_named("linear_regression");
  const Numbers found = answer({.function = line}, {{0, 1, 1, 3}, {2, 5, -7, -13}});  // 2 x + 1
  EXPECT_NEAR(found[0], 2, 1e-12);
  EXPECT_NEAR(found[1], 1, 1e-12);
  const auto through_origin = function_with("linear_regression", {{"intercept", false}});
  EXPECT_NEAR(answer({.function = through_origin}, {{1, 3}, {2, 6}})[0], 3, 1e-12);
}

TEST(LinearRegression, FindsAPlaneFarFromTheOrigin) {
  const auto plane = function_with("linear_regression", {{"features", std::int64_t{2}}});
  std::vector<Numbers> all(3);
  for (int i = 0; i < 30; ++i) {
    const double x = 3000 + i % 7;
    const double y = -2000 + i * i % 5;
    all[static_cast<std::size_t>(i % 3)].insert(all[static_cast<std::size_t>(i % 3)].end(),
                                                {x, y, 0.5 * x - 0.25 * y + 8});
  }
  const Numbers found = answer({.function = plane}, all);
  EXPECT_NEAR(found[0], 0.5, 1e-9);
  EXPECT_NEAR(found[1], -0.25, 1e-9);
  EXPECT_NEAR(found[2], 8, 1e-5);
}

TEST(LinearRegression, NeedsARidgeForFeaturesThatExplainOneAnother) {
  const std::vector<Numbers> all{{1, 2, 4}, {2, 4, 8}, {3, 6, 12}};
  const std::int64_t two = 2;
  const auto without =
      function_with("linear_regression", {{"features", two}, {"intercept", false}});
  for (const double weight : answer({.function = without}, all)) EXPECT_TRUE(std::isnan(weight));
  const auto with =
      function_with("linear_regression", {{"features", two}, {"intercept", false}, {"ridge", 1.0}});
  const Numbers found = answer({.function = with}, all);
  // (X'X + I) w = X'y with X'X = 14 (1 2; 2 4) and X'y = 56 (1 2): w = 56/71 (1 2)
  EXPECT_NEAR(found[0], 56.0 / 71, 1e-12);
  EXPECT_NEAR(found[1], 112.0 / 71, 1e-12);
}

TEST(LinearRegression, StaysWithinItsBoundWithARidge) {
  Random random{5};
  std::vector<Numbers> all(3);
  for (Numbers& own : all)
    for (int i = 0; i < 24; ++i) own.push_back(random.uniform() * 8000 - 4000);
  for (const bool intercept : {false, true}) {
    const auto ridged =
        function_with("linear_regression",
                      {{"features", std::int64_t{3}}, {"intercept", intercept}, {"ridge", 1e4}});
    EXPECT_LE(error_share({.function = ridged}, all), 1);
    const Problem problem{.owners = 3, .size = 24, .bits = 12, .fraction = 4};
    EXPECT_LT(ridged->error_bound(problem), 1);
  }
}

TEST(LinearRegression, WantsWholeRows) {
  EXPECT_EQ(against({.function = function_named("linear_regression")}, {.size = 5}),
            "5 numbers an owner are no whole rows: give a multiple of 2, the features and what "
            "they explain");
}

TEST(LogisticRegression, ConvergesByNewtonStepsToWhereTheGradientVanishes) {
  const std::vector<Numbers> all{{0.5, 0, 1, 0, 2, 1}, {3, 1, 2.5, 0, 1.5, 1}, {4, 1, 0, 0, 2, 0}};
  Numbers weights{0, 0};
  for (int step = 0; step < 8; ++step)
    weights =
        answer({.function = function_with("logistic_regression",
                                          {{"weights", weights}, {"step", std::string{"newton"}}}),
                .bits = 4,
                .fraction = 30},
               all);
  double of_feature = 0;
  double of_intercept = 0;
  for (const Numbers& own : all)
    for (std::size_t i = 0; i < own.size(); i += 2) {
      const double off = 1 / (1 + std::exp(-weights[0] * own[i] - weights[1])) - own[i + 1];
      of_feature += off * own[i];
      of_intercept += off;
    }
  EXPECT_NEAR(of_feature, 0, 1e-7);
  EXPECT_NEAR(of_intercept, 0, 1e-7);
  EXPECT_GT(weights[0], 0.5);
}

TEST(LogisticRegression, StepsAlongTheGradientByItsRate) {
  // From 0 every row is as likely as not: the gradient of x = 4, label 1 is -2, of x = 2, label 0
  // it is 1, and those of the intercept are -1/2 and 1/2. The ridge pulls at the feature alone.
  const auto step = function_with("logistic_regression", {{"rate", 1.0}});
  EXPECT_THAT(answer({.function = step}, {{4, 1}, {2, 0}}), ElementsAre(0.5, 0));
  const auto ridged = function_with("logistic_regression",
                                    {{"rate", 1.0}, {"ridge", 0.25}, {"weights", Numbers{0, 0}}});
  EXPECT_THAT(answer({.function = ridged}, {{4, 1}, {2, 0}}), ElementsAre(0.5, 0));
}

TEST(LogisticRegression, IsSureOfRowsFarOffWithoutOverflow) {
  const auto step =
      function_with("logistic_regression", {{"rate", 1.0}, {"weights", Numbers{1e6, 0}}});
  EXPECT_THAT(answer({.function = step}, {{4000, 1}, {-4000, 0}}), ElementsAre(1e6, 0));
  EXPECT_THAT(answer({.function = step}, {{4000, 0}, {-4000, 1}}), ElementsAre(1e6 - 4000, 0));
}

TEST(LogisticRegression, WantsAWeightForEachFeature) {
  EXPECT_EQ(refusal_of("logistic_regression", {{"weights", Numbers{1, 2, 3}}}),
            "weights: give 2: one a feature, and one more with an intercept");
}

TEST(KMeansStep, MovesCentroidsToTheirPointsAndLeavesThoseWithoutAny) {
  const auto step = function_with(
      "k_means_step", {{"columns", std::int64_t{1}}, {"centroids", Numbers{0, 10, -100}}});
  // 5 is as near to 0 as to 10
  EXPECT_THAT(answer({.function = step}, {{-1, 2, 5}, {6, 12, 12}}),
              ElementsAre(2, 10, -100, 3, 3, 0));
}

TEST(KMeansStep, WantsWholePointsAndCentroids) {
  EXPECT_EQ(refusal_of("k_means_step", {{"centroids", Numbers{1, 2, 3}}}),
            "centroids: give 2 numbers for each");
  EXPECT_EQ(
      against({.function = function_named("k_means_step")}, {.size = 3}),
      "3 numbers an owner are no whole rows: give a multiple of 2, the coordinates of a point");
}

TEST(FederatedAveraging, WeighsUpdatesBySamplesUpToTheMost) {
  const std::vector<Numbers> all{{1, -2, 1}, {5, 6, 3}};
  EXPECT_THAT(answer({.function = function_named("federated_averaging")}, all), ElementsAre(4, 4));
  const auto capped = function_with("federated_averaging", {{"most_samples", std::int64_t{1}}});
  EXPECT_THAT(answer({.function = capped}, all), ElementsAre(3, 2));
  const auto alike = function_with("federated_averaging", {{"weighted", false}});
  EXPECT_THAT(answer({.function = alike}, all), ElementsAre(3, 2, 2));
}

TEST(FederatedAveraging, ShortensUpdatesAndKeepsTheirDirection) {
  const auto clipped = function_with("federated_averaging", {{"clip", 5.0}});
  EXPECT_THAT(answer({.function = clipped}, {{30, 40, 1}}), ElementsAre(3, 4));
  EXPECT_THAT(answer({.function = clipped}, {{3, 4, 1}}), ElementsAre(3, 4));
  EXPECT_THAT(answer({.function = clipped}, {{0, 0, 1}}), ElementsAre(0, 0));
}

// Many parts of an update of nothing: what is left is the noise.
TEST(FederatedAveraging, AddsTheNoiseThatItsSettingsAskFor) {
  const std::size_t parts = 2000;
  const std::vector<Numbers> all(4, Numbers(parts, 0));
  const int fraction = 8;
  const double longest = std::ldexp(1, fraction) + std::sqrt(2000.0) / 2;
  const auto variance_of = [&](const char* noise) {
    const auto noisy = function_with("federated_averaging", {{"weighted", false},
                                                             {"clip", 1.0},
                                                             {"noise", std::string{noise}},
                                                             {"epsilon", 2.0},
                                                             {"multiplier", 0.5}});
    double squares = 0;
    for (const double part : answer({.function = noisy, .fraction = fraction}, all))
      squares += std::pow(std::ldexp(part * 4, fraction), 2);
    return squares / static_cast<double>(parts);
  };
  const double sigma = 0.5 * longest;
  EXPECT_NEAR(variance_of("gaussian"), sigma * sigma, 0.2 * sigma * sigma);
  const double scale = std::sqrt(2000.0) * longest / 2;
  EXPECT_NEAR(variance_of("laplace"), 2 * scale * scale, 0.3 * 2 * scale * scale);
}

TEST(FederatedAveraging, FindsTheWeightsUnderItsNoise) {
  std::vector<Numbers> all(50, Numbers{3, -2, 1});
  const auto noisy = function_with("federated_averaging", {{"clip", 4.0},
                                                           {"most_samples", std::int64_t{1}},
                                                           {"noise", std::string{"gaussian"}},
                                                           {"multiplier", 0.1}});
  const Numbers found = answer({.function = noisy, .fraction = 12}, all);
  EXPECT_NEAR(found[0], 3, 0.5);
  EXPECT_NEAR(found[1], -2, 0.5);
  EXPECT_NE(found[0], 3);
}

TEST(FederatedAveraging, WantsBoundsOnWhatNoiseShallHide) {
  EXPECT_EQ(refusal_of("federated_averaging",
                       {{"noise", std::string{"laplace"}}, {"most_samples", std::int64_t{5}}}),
            "clip: noise hides an update whose length is bounded: give the bound");
  EXPECT_EQ(refusal_of("federated_averaging", {{"noise", std::string{"gaussian"}}, {"clip", 1.0}}),
            "most_samples: noise hides samples whose number is bounded: give the bound");
}

TEST(Join, AddsUpWhereAllHaveTheKey) {
  const auto join = function_named("join");
  EXPECT_THAT(answer({.function = join}, {{1, 10, 2, 20, 3, 30}, {3, 0.5, 9, 7, 1, 0.25}}),
              ElementsAre(2, 40, 0.75));
  EXPECT_THAT(answer({.function = join}, {{1, 10}, {2, 20}}), ElementsAre(0, 0, 0));
}

TEST(Join, CountsAKeyOfSeveralRowsOnce) {
  const auto join = function_named("join");
  EXPECT_THAT(answer({.function = join}, {{7, 1, 7, 2, 7, 4}, {7, 5, 0, 9, 7, 6}}),
              ElementsAre(1, 7, 11));
  // What is left over of equal keys does not meet the key 0.
  EXPECT_THAT(answer({.function = join}, {{7, 1, 7, 2}, {0, 5, 8, 6}}), ElementsAre(0, 0, 0));
  EXPECT_THAT(answer({.function = join}, {{0, 5, 8, 6}, {7, 1, 7, 2}}), ElementsAre(0, 0, 0));
}

TEST(Join, OfOneOwnerIsAllItHas) {
  EXPECT_THAT(answer({.function = function_named("join")}, {{1, 5, 1, 6, 4, -2}}),
              ElementsAre(2, 9));
}

TEST(Join, TellsTheExtremeKeysApart) {
  const std::vector<Numbers> all{{4095.9, 1, -4095.9, 2}, {-4095.9, 4, 4095.9, 8}};
  EXPECT_THAT(answer({.function = function_named("join")}, all), ElementsAre(2, 3, 12));
}

RC_GTEST_PROP(Join, IsRightForAnyRowsOfAnyOwners, ()) {
  const auto owners = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
  const auto rows = static_cast<std::size_t>(*rc::gen::inRange(1, 4));
  std::vector<Numbers> all(owners);
  for (Numbers& own : all)
    for (std::size_t i = 0; i < rows; ++i) {
      own.push_back(*rc::gen::inRange(-1, 2));
      own.push_back(*rc::gen::inRange(-4'000'000, 4'000'001) / 1000.0);
    }
  const std::string protocol = *rc::gen::elementOf(comparing_protocols());
  RC_ASSERT(error_share({.protocol = protocol, .function = function_named("join")}, all) <= 1);
}

}  // namespace
}  // namespace evenkeel::test

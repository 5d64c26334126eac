// Each aggregate against plain arithmetic, and the bounds that the sketches state.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "models/processing/aggregate.h"
#include "models/processing/exact_sum.h"
#include "models/runtime/random.h"

namespace evenkeel {
namespace {

AggregateKind kind_of(const ChosenEntry& chosen) {
  const Result<AggregateKind> kind = make_chosen<AggregateKind>(aggregates(), chosen);
  EXPECT_TRUE(kind) << (kind ? "" : kind.error().detail);
  return *kind;
}

Row result_of(const ChosenEntry& chosen, const std::vector<Row>& rows) {
  const auto made = kind_of(chosen).make();
  for (const Row& row : rows) made->add(row);
  return made->result();
}

std::vector<Row> rows_of(const std::vector<double>& values) {
  std::vector<Row> rows;
  for (const double value : values) rows.push_back({value});
  return rows;
}

double real(const Value& value) { return std::get<double>(value); }

TEST(ExactSum, DoesNotRoundBeforeTheEnd) {
  ExactSum sum;
  for (const double x : {1e100, 1.0, -1e100, 1e-100}) sum.add(x);
  EXPECT_EQ(sum.value(), 1.0);
  ExactSum tenths;
  for (int i = 0; i < 10; ++i) tenths.add(0.1);
  EXPECT_EQ(tenths.value(), 1.0);  // as Python's math.fsum
  ExactSum half;                   // half way between two doubles, and a little more
  for (const double x : {1.0, 0x1p-53, 0x1p-106}) half.add(x);
  EXPECT_EQ(half.value(), 1.0 + 0x1p-52);
}

TEST(ExactSum, HasTheSameTermsInEveryOrder) {
  Random random{3};
  for (int round = 0; round < 50; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 40; ++i)
      values.push_back((random.uniform() - 0.5) * std::pow(10, 40 * random.uniform() - 20));
    ExactSum forward;
    for (const double value : values) forward.add(value);
    std::ranges::sort(values);
    ExactSum sorted;
    for (const double value : values) sorted.add(value);
    EXPECT_EQ(forward.terms(), sorted.terms());
    ExactSum back;
    ASSERT_TRUE(back.set_terms(forward.terms()));
    EXPECT_EQ(back.value(), forward.value());
  }
}

TEST(Aggregates, AgreeWithPlainArithmetic) {
  const std::vector<Row> rows = rows_of({2, 4, 4, 4, 5, 5, 7, 9});  // mean 5, variance 4 of all
  EXPECT_EQ(result_of({.name = "count"}, rows), (Row{std::int64_t{8}}));
  EXPECT_EQ(result_of({.name = "sum"}, rows), (Row{40.0}));
  EXPECT_EQ(result_of({.name = "mean"}, rows), (Row{5.0, std::int64_t{8}}));
  EXPECT_EQ(result_of({.name = "min"}, rows), (Row{2.0}));
  EXPECT_EQ(result_of({.name = "max"}, rows), (Row{9.0}));
  EXPECT_EQ(result_of({.name = "variance", .numbers = {{"sample", 0}}}, rows),
            (Row{4.0, 2.0, 5.0, std::int64_t{8}}));
  EXPECT_DOUBLE_EQ(real(result_of({.name = "variance"}, rows)[0]), 32.0 / 7);
}

TEST(Aggregates, VarianceKeepsItsDigitsFarFromZero) {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(1e9 + i % 2);
  EXPECT_NEAR(real(result_of({.name = "variance", .numbers = {{"sample", 0}}}, rows_of(values))[0]),
              0.25, 1e-6);
}

TEST(Aggregates, HistogramCountsBelowWithinAndAbove) {
  const Row row =
      result_of({.name = "histogram", .numbers = {{"low", 0}, {"high", 3}, {"bins", 3}}},
                rows_of({-1, 0, 0.999, 1, 2.5, 3, 100}));
  EXPECT_EQ(row, (Row{std::int64_t{1}, std::int64_t{2}, std::int64_t{1}, std::int64_t{1},
                      std::int64_t{2}}));
}

TEST(Aggregates, LinearRegressionFindsThePlane) {
  Random random{9};
  std::vector<Row> rows;
  for (int i = 0; i < 100; ++i) {
    const double a = random.normal();
    const double b = random.normal();
    rows.push_back({a, b, 3 + 2 * a - 0.5 * b});
  }
  const Row row = result_of({.name = "linear_regression", .numbers = {{"features", 2}}}, rows);
  EXPECT_NEAR(real(row[0]), 3, 1e-12);
  EXPECT_NEAR(real(row[1]), 2, 1e-12);
  EXPECT_NEAR(real(row[2]), -0.5, 1e-12);
  EXPECT_NEAR(real(row[3]), 1, 1e-12);
}

TEST(Aggregates, LinearRegressionSaysNothingWhereTheLineIsNotDecided) {
  const Row row = result_of({.name = "linear_regression"}, {{1.0, 2.0}, {1.0, 3.0}});
  EXPECT_EQ(row, (Row{Value{}, Value{}, Value{}, std::int64_t{2}}));
}

// NIST Statistical Reference Datasets, linear regression, "Norris": certified to 15 digits.
TEST(Aggregates, LinearRegressionAgreesWithNistNorris) {
  const std::vector<std::pair<double, double>> norris{
      {0.2, 0.1},     {337.4, 338.8}, {118.2, 118.1}, {884.6, 888.0}, {10.1, 9.2},
      {226.5, 228.1}, {666.3, 668.5}, {996.3, 998.5}, {448.6, 449.1}, {777.0, 778.9},
      {558.2, 559.2}, {0.4, 0.3},     {0.6, 0.1},     {775.5, 778.1}, {666.9, 668.8},
      {338.0, 339.3}, {447.5, 448.9}, {11.6, 10.8},   {556.0, 557.7}, {228.1, 228.3},
      {995.8, 998.0}, {887.6, 888.8}, {120.2, 119.6}, {0.3, 0.3},     {0.3, 0.6},
      {556.8, 557.6}, {339.1, 339.3}, {887.2, 888.0}, {999.0, 998.5}, {779.0, 778.9},
      {11.1, 10.2},   {118.3, 117.6}, {229.2, 228.9}, {669.1, 668.4}, {448.9, 449.2},
      {0.5, 0.2}};
  std::vector<Row> rows;
  for (const auto& [x, y] : norris) rows.push_back({x, y});
  const Row row = result_of({.name = "linear_regression"}, rows);
  EXPECT_NEAR(real(row[0]), -0.262323073774029, 1e-12);
  EXPECT_NEAR(real(row[1]), 1.00211681802045, 1e-13);
  EXPECT_NEAR(real(row[2]), 0.999993745883712, 1e-13);
}

TEST(Aggregates, QuantilesKeepTheirRelativeError) {
  for (const double accuracy : {0.01, 0.05}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Random random = Random::stream(seed, "quantiles");
      std::vector<double> values;
      for (int i = 0; i < 2000; ++i) {
        const double wide = std::exp(3 * random.normal());
        values.push_back(random.chance(0.3) ? -wide : random.chance(0.01) ? 0 : wide);
      }
      ChosenEntry chosen{.name = "quantiles", .numbers = {{"accuracy", accuracy}}};
      for (int i = 0; i <= 50; ++i) chosen.lists["at"].push_back(i / 50.0);
      const Row row = result_of(chosen, rows_of(values));
      std::ranges::sort(values);
      for (std::size_t i = 0; i <= 50; ++i) {
        const double share = chosen.lists["at"][i];
        const double truth = values[static_cast<std::size_t>(share * 1999)];
        EXPECT_NEAR(real(row[i]), truth, std::abs(truth) * (accuracy + 1e-9)) << share;
      }
    }
  }
}

TEST(Aggregates, QuantilesMergeToTheBitEvenWhenTheRoomIsTooSmall) {
  Random random{21};
  const AggregateKind kind = kind_of({.name = "quantiles", .numbers = {{"accuracy", 0.001}}});
  std::vector<std::unique_ptr<Aggregate>> parts;
  for (int i = 0; i < 4; ++i) parts.push_back(kind.make());
  const auto whole = kind.make();
  for (int i = 0; i < 20'000; ++i) {
    const Row row{std::exp(10 * random.normal())};
    parts[random.below(4)]->add(row);
    whole->add(row);
  }
  for (std::size_t i = 1; i < 4; ++i) parts[0]->merge(*parts[i]);
  EXPECT_EQ(parts[0]->state(), whole->state());
}

TEST(Aggregates, TopKKeepsItsBoundHoweverItIsMerged) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random = Random::stream(seed, "top");
    const AggregateKind kind = kind_of({.name = "top_k", .numbers = {{"k", 20}, {"counters", 20}}});
    std::vector<std::unique_ptr<Aggregate>> parts;
    for (int i = 0; i < 5; ++i) parts.push_back(kind.make());
    std::map<std::string, std::int64_t> truth;
    constexpr std::int64_t n = 3000;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto item = std::to_string(static_cast<int>(20 * random.exponential()));
      ++truth[item];
      parts[random.below(5)]->add(Row{item});
    }
    for (std::size_t i = 1; i < 5; ++i) ASSERT_TRUE(parts[0]->merge(*parts[i]));
    const Row row = parts[0]->result();
    const std::int64_t error = std::get<std::int64_t>(row.back());
    EXPECT_LE(error, n / 21);
    std::map<std::string, std::int64_t> told;
    for (std::size_t i = 0; i + 1 < row.size(); i += 2)
      if (const auto* text = std::get_if<std::string>(&row[i]))
        told[*text] = std::get<std::int64_t>(row[i + 1]);
    for (const auto& [item, count] : truth) {
      const std::int64_t its = told.contains(item) ? told[item] : 0;
      EXPECT_LE(its, count) << item;
      EXPECT_LE(count, its + error) << item;
    }
  }
}

TEST(Aggregates, AnomalyScoreIsTheDistanceInDeviations) {
  std::vector<Row> rows;
  for (int i = 0; i < 100; ++i) rows.push_back({0.0, i % 2 == 0 ? 9.0 : 11.0});
  rows.push_back({0.0, 15.0});
  EXPECT_NEAR(real(result_of({.name = "anomaly_score"}, rows)[0]), 5, 1e-9);
  // Long after, what was normal once weighs nothing any more.
  for (int i = 0; i < 100; ++i) rows.push_back({6000.0, i % 2 == 0 ? 49.0 : 51.0});
  rows.push_back({6000.0, 52.0});
  EXPECT_NEAR(real(result_of({.name = "anomaly_score"}, rows)[0]), 2, 1e-3);
}

TEST(Aggregates, KMeansFindsClustersThatLieApart) {
  Random random{4};
  std::vector<Row> rows;
  for (int i = 0; i < 600; ++i) {
    const double x = i % 3 == 0 ? 0 : i % 3 == 1 ? 10 : 20;
    rows.push_back({x + 0.5 * random.normal(), -x + 0.5 * random.normal()});
  }
  const Row row = result_of({.name = "k_means", .numbers = {{"k", 3}, {"dimensions", 2}}}, rows);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(real(row[3 * i]), 200);
    EXPECT_NEAR(real(row[3 * i + 1]), 10.0 * static_cast<double>(i), 0.2);
    EXPECT_NEAR(real(row[3 * i + 2]), -10.0 * static_cast<double>(i), 0.2);
  }
}

TEST(ChosenEntry, SaysWhatIsWrong) {
  const auto why = [](const ChosenEntry& chosen) {
    const Result<AggregateKind> made = make_chosen<AggregateKind>(aggregates(), chosen);
    return made ? std::string{"nothing"} : made.error().detail;
  };
  EXPECT_THAT(why({.name = "medain"}), testing::HasSubstr("no aggregate 'medain'; there are: "));
  EXPECT_THAT(why({.name = "top_k", .numbers = {{"kk", 3}}}),
              testing::HasSubstr("there is no setting 'kk'"));
  EXPECT_THAT(why({.name = "top_k", .numbers = {{"k", 0}}}), testing::HasSubstr("must be from 1"));
  EXPECT_THAT(why({.name = "histogram", .numbers = {{"low", 5}, {"high", 5}}}),
              testing::HasSubstr("must be above low"));
  EXPECT_EQ(why({.name = "sum"}), "nothing");
}

}  // namespace
}  // namespace evenkeel

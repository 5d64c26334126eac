// What every registered aggregate must keep: run over the catalogue, so that a new one is tested
// without an edit here.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "models/processing/aggregate.h"
#include "models/runtime/random.h"

namespace evenkeel {
namespace {

using Rows = std::vector<Row>;

AggregateKind kind_of(const ChosenEntry& chosen) {
  const Result<AggregateKind> kind = make_chosen<AggregateKind>(aggregates(), chosen);
  EXPECT_TRUE(kind) << (kind ? "" : kind.error().detail);
  return kind ? *kind : AggregateKind{};
}

/// Rows as sensors give them: whole steps of a quarter, times in seconds, now and then a null.
Rows draw_rows(Random& random, std::size_t count, std::uint32_t inputs) {
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    Row row;
    for (std::uint32_t j = 0; j < inputs; ++j) {
      if (random.chance(0.03)) {
        row.emplace_back();
      } else if (random.chance(0.3)) {
        row.emplace_back(static_cast<std::int64_t>(random.below(60)) - 20);
      } else {
        row.emplace_back(0.25 * std::floor(random.uniform() * 400) - 30);
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::unique_ptr<Aggregate> aggregate_of(const AggregateKind& kind, std::span<const Row> rows) {
  std::unique_ptr<Aggregate> made = kind.make();
  for (const Row& row : rows) made->add(row);
  return made;
}

/// k-means promises only its moments: total weight and mean of all points.
Row promised(const std::string& name, const Row& result) {
  if (name != "k_means") return result;
  double weight = 0;
  double moment = 0;
  for (std::size_t i = 0; i + 1 < result.size(); i += 2) {
    const double* its = std::get_if<double>(&result[i]);
    if (its == nullptr) continue;
    weight += *its;
    moment += *its * std::get<double>(result[i + 1]);
  }
  return {weight, moment};
}

void expect_same(const Row& a, const Row& b, const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].index(), b[i].index()) << what << " column " << i;
    const double* x = std::get_if<double>(&a[i]);
    if (x == nullptr) {
      EXPECT_EQ(a[i], b[i]) << what << " column " << i;
    } else {
      EXPECT_NEAR(*x, std::get<double>(b[i]), 1e-9 * std::max(1.0, std::abs(*x)))
          << what << " column " << i;
    }
  }
}

class AggregatesContract : public testing::TestWithParam<std::string> {
 protected:
  AggregateKind kind_ = kind_of({.name = GetParam()});
};

TEST_P(AggregatesContract, TellsAValueForEachColumnEvenOfNothing) {
  EXPECT_FALSE(kind_.columns.empty());
  EXPECT_GT(kind_.ops_per_row, 0);
  EXPECT_EQ(kind_.make()->result().size(), kind_.columns.size());
  Random random{5};
  const Rows rows = draw_rows(random, 50, kind_.inputs);
  const Row result = aggregate_of(kind_, rows)->result();
  ASSERT_EQ(result.size(), kind_.columns.size());
  EXPECT_TRUE(check_schema({.name = "results", .columns = kind_.columns, .key_columns = 1}));
}

TEST_P(AggregatesContract, AnySplitMergedInAnyOrderIsAllAtOnce) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random = Random::stream(seed, "aggregates");
    const Rows rows = draw_rows(random, 1 + random.below(80), kind_.inputs);
    std::vector<std::unique_ptr<Aggregate>> parts;
    for (std::uint64_t i = 0; i < 1 + random.below(6); ++i) parts.push_back(kind_.make());
    for (const Row& row : rows) parts[random.below(parts.size())]->add(row);
    while (parts.size() > 1) {
      const auto into = static_cast<std::size_t>(random.below(parts.size()));
      std::swap(parts[into], parts.front());
      ASSERT_TRUE(parts.front()->merge(*parts.back()));
      parts.pop_back();
    }
    const Row whole = promised(GetParam(), aggregate_of(kind_, rows)->result());
    expect_same(whole, promised(GetParam(), parts.front()->result()),
                GetParam() + " seed " + std::to_string(seed));
  }
}

TEST_P(AggregatesContract, MergesToTheSameFromBothSidesAndInAnyGrouping) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random = Random::stream(seed, "grouping");
    const Rows a = draw_rows(random, random.below(30), kind_.inputs);
    const Rows b = draw_rows(random, random.below(30), kind_.inputs);
    const Rows c = draw_rows(random, random.below(30), kind_.inputs);
    const auto left = aggregate_of(kind_, a);  // (a + b) + c
    left->merge(*aggregate_of(kind_, b));
    left->merge(*aggregate_of(kind_, c));
    const auto right = aggregate_of(kind_, b);  // (b + c) + a
    right->merge(*aggregate_of(kind_, c));
    right->merge(*aggregate_of(kind_, a));
    expect_same(promised(GetParam(), left->result()), promised(GetParam(), right->result()),
                GetParam() + " seed " + std::to_string(seed));
  }
}

TEST_P(AggregatesContract, ComesBackFromItsStateToTheBit) {
  Random random{7};
  for (const std::size_t count : {0, 1, 2, 60}) {
    const auto made = aggregate_of(kind_, draw_rows(random, count, kind_.inputs));
    const auto other = kind_.make();
    ASSERT_TRUE(other->restore(made->state()));
    EXPECT_EQ(other->state(), made->state());
    EXPECT_EQ(other->result(), made->result());
  }
}

TEST_P(AggregatesContract, RefusesHostileStatesOrStaysUsable) {
  Random random{11};
  const Blob good = aggregate_of(kind_, draw_rows(random, 60, kind_.inputs))->state();
  for (int i = 0; i < 3000; ++i) {
    Blob bad = good;
    for (std::uint64_t flips = 1 + random.below(4); flips > 0 && !bad.empty(); --flips)
      bad[random.below(bad.size())] = static_cast<std::byte>(random.below(256));
    if (random.chance(0.3)) bad.resize(random.below(bad.size() + 1));
    if (random.chance(0.1)) bad.resize(bad.size() + 1 + random.below(9));
    const auto victim = aggregate_of(kind_, draw_rows(random, 3, kind_.inputs));
    const Blob before = victim->state();
    if (!victim->restore(bad)) {
      EXPECT_EQ(victim->state(), before);
    }
    const Rows more = draw_rows(random, 2, kind_.inputs);
    for (const Row& row : more) victim->add(row);
    victim->merge(*aggregate_of(kind_, more));
    EXPECT_EQ(victim->result().size(), kind_.columns.size());
  }
}

TEST_P(AggregatesContract, LeavesOutWhatItCannotUse) {
  const auto made = kind_.make();
  const Blob before = made->state();
  EXPECT_FALSE(made->add(Row(kind_.inputs)));
  EXPECT_EQ(made->state(), before);
}

TEST_P(AggregatesContract, MergesNoOtherKind) {
  const std::string other = GetParam() == "count" ? "sum" : "count";
  EXPECT_FALSE(kind_.make()->merge(*kind_of({.name = other}).make()));
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Entry& entry : aggregates().entries()) all.push_back(entry.name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(All, AggregatesContract, testing::ValuesIn(names()),
                         [](const auto& its) { return its.param; });

TEST(Aggregates, AreTheFilesOfTheirFolder) {
  std::set<std::string> files;
  for (const auto& file :
       std::filesystem::directory_iterator{EVENKEEL_SOURCE_DIR "/models/processing/aggregates"})
    files.insert(file.path().stem());
  const std::vector<std::string> all = names();
  EXPECT_EQ(files, std::set<std::string>(all.begin(), all.end()));
}

}  // namespace
}  // namespace evenkeel

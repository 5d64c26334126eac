#include "gui/data/plot_spec.h"

#include <gmock/gmock.h>

#include <cmath>

namespace evenkeel::gui {
namespace {

TEST(Decimated, KeepsEverySpikeWithAtMostFourPointsAColumn) {
  Points points;
  for (int i = 0; i < 1'000'000; ++i) points.emplace_back(i, i == 765'432 ? 99.0 : i % 7);
  const Points kept = decimated(points, 1000);
  EXPECT_LE(kept.size(), 4u * 1001);
  EXPECT_TRUE(std::ranges::any_of(kept, [](const auto& p) { return p.second == 99; }));
  EXPECT_TRUE(std::ranges::is_sorted(kept, {}, &std::pair<double, double>::first));
}

TEST(Decimated, LeavesFewPointsAsTheyAre) {
  const Points points{{0, 1}, {1, 5}, {2, 3}};
  EXPECT_EQ(decimated(points, 100), points);
}

TEST(Decimated, KeepsInterruptions) {
  Points points;
  for (int i = 0; i < 10'000; ++i) points.emplace_back(i, i == 5000 ? std::nan("") : 1.0);
  const Points kept = decimated(points, 100);
  EXPECT_EQ(std::ranges::count_if(kept, [](const auto& p) { return std::isnan(p.second); }), 1);
}

TEST(Positive, CountsWhatALogAxisCannotShow) {
  std::size_t dropped = 0;
  const Points kept = positive({{1, 1}, {2, 0}, {3, -4}, {4, 2}}, false, true, dropped);
  EXPECT_EQ(dropped, 2u);
  EXPECT_EQ(kept, (Points{{1, 1}, {4, 2}}));
}

TEST(ToCsv, QuotesWhatWouldSplitACell) {
  EXPECT_EQ(toCsv({.columns = {"a", "b"}, .rows = {{"x, y", "say \"no\""}}}),
            "a,b\n\"x, y\",\"say \"\"no\"\"\"\n");
}

TEST(TimeUnitFor, SuitsTheGreatestValue) {
  EXPECT_EQ(timeUnitFor(30).name, "s");
  EXPECT_EQ(timeUnitFor(0.2).name, "ms");
  EXPECT_EQ(timeUnitFor(2e-5).name, "µs");
  EXPECT_EQ(timeUnitFor(std::nan("")).name, "ms");
}

}  // namespace
}  // namespace evenkeel::gui

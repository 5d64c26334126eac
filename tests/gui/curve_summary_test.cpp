#include "gui/data/curve_summary.h"

#include <gmock/gmock.h>

#include "gui/data/viewport.h"

namespace evenkeel::gui {
namespace {

Points sawWithSpike() {
  Points points;
  for (int i = 0; i < 1'000'000; ++i) points.emplace_back(i, i == 765'432 ? 99.0 : i % 7);
  return points;
}

TEST(CurveSummary, KeepsEverySpikeWithAtMostFourPointsAColumn) {
  const Points points = sawWithSpike();
  const Points seen = CurveSummary(points, false, false).sample(0, 1e6, 1000);
  EXPECT_LE(seen.size(), 4u * 1000 + 2);
  EXPECT_TRUE(std::ranges::any_of(seen, [](const auto& p) { return p.second == 99; }));
  EXPECT_TRUE(std::ranges::is_sorted(seen, {}, &std::pair<double, double>::first));
  EXPECT_EQ(seen.front(), points.front());
  EXPECT_EQ(seen.back(), points.back());
}

TEST(CurveSummary, HasTheSameExtremesInEachColumnAsAllPoints) {
  Points points;
  std::uint32_t state = 1;
  for (int i = 0; i < 10'000; ++i) {
    state = state * 1664525 + 1013904223;
    points.emplace_back(i * 0.37, state >> 8);
  }
  const double from = 300, to = 3100;
  constexpr std::size_t columns = 50;
  const Points seen = CurveSummary(points, false, false).sample(from, to, columns);
  for (std::size_t column = 0; column < columns; ++column) {
    const double low = from + (to - from) * static_cast<double>(column) / columns;
    const double high = from + (to - from) * static_cast<double>(column + 1) / columns;
    Extent all, its;
    for (const auto& [x, y] : points)
      if (x >= low && x < high) all.add(y);
    for (const auto& [x, y] : seen)
      if (x >= low && x < high) its.add(y);
    EXPECT_EQ(its.low, all.low) << column;
    EXPECT_EQ(its.high, all.high) << column;
  }
}

TEST(CurveSummary, GivesAllPointsOfAPartThatHasFew) {
  const Points points = sawWithSpike();
  const Points seen = CurveSummary(points, false, false).sample(765'400, 765'500, 1000);
  EXPECT_EQ(seen.size(), 103u);  // one beyond on either side
  EXPECT_EQ(seen[33].second, 99);
}

TEST(CurveSummary, KeepsInterruptions) {
  Points points;
  for (int i = 0; i < 10'000; ++i) points.emplace_back(i, i == 5000 ? no_value : 1.0);
  const Points seen = CurveSummary(points, false, false).sample(0, 10'000, 100);
  EXPECT_EQ(std::ranges::count_if(seen, [](const auto& p) { return std::isnan(p.second); }), 1);
}

TEST(CurveSummary, CountsWhatALogAxisCannotShowAndInterruptsThere) {
  const Points points{{1, 1}, {2, 0}, {3, -4}, {4, 2}};
  const CurveSummary summary(points, false, true);
  EXPECT_EQ(summary.dropped(), 2u);
  EXPECT_EQ(summary.y().low, 1);
  const Points seen = summary.sample(0, 5, 100);
  EXPECT_TRUE(std::isnan(seen[1].second));
  EXPECT_EQ(CurveSummary(points, false, false).dropped(), 0u);
}

TEST(CurveSummary, LeavesPointsThatDoNotRiseAsTheyAre) {
  const Points points{{3, 1}, {1, 2}, {2, 3}};
  EXPECT_EQ(CurveSummary(points, false, false).sample(0, 4, 1), points);
}

Viewport ofTen() {
  Viewport viewport;
  viewport.setWhole({{0, 10}, {0, 100}});
  return viewport;
}

TEST(Viewport, ZoomsAboutAPoint) {
  Viewport viewport = ofTen();
  viewport.zoom(2, 0.3, 0.5);
  EXPECT_DOUBLE_EQ(viewport.seen().x.at(0.3), 3);  // stays where it is
  EXPECT_DOUBLE_EQ(viewport.seen().x.width(), 5);
  EXPECT_DOUBLE_EQ(viewport.seen().y.width(), 50);
  viewport.zoom(0.001, 0.3, 0.5);
  EXPECT_TRUE(viewport.isWhole());
}

TEST(Viewport, PansAsFarAsThereIsSomething) {
  Viewport viewport = ofTen();
  viewport.zoom(2, 0, 0, Viewport::Axes::x);
  viewport.pan(-0.2, 0);
  EXPECT_DOUBLE_EQ(viewport.seen().x.low, 1);
  viewport.pan(-5, 0);
  EXPECT_DOUBLE_EQ(viewport.seen().x.high, 10);
  EXPECT_DOUBLE_EQ(viewport.seen().x.width(), 5);
  EXPECT_DOUBLE_EQ(viewport.seen().y.width(), 100);
}

TEST(Viewport, FramesAndResets) {
  Viewport viewport = ofTen();
  viewport.frame({0.2, 0.4}, {0.5, 1});
  EXPECT_DOUBLE_EQ(viewport.seen().x.low, 2);
  EXPECT_DOUBLE_EQ(viewport.seen().x.high, 4);
  EXPECT_DOUBLE_EQ(viewport.seen().y.low, 50);
  viewport.reset();
  EXPECT_TRUE(viewport.isWhole());
}

TEST(TicksWithin, AreRoundAndWithinOnBothKindsOfAxis) {
  for (const bool logarithmic : {false, true})
    for (const Range& seen : {Range{0.1, 0.12}, Range{0.3, 4.2}, Range{1, 1.5}}) {
      const PlotAxis axis{.logarithmic = logarithmic};
      const std::vector<double> ticks = ticksWithin(axis, seen, 6);
      EXPECT_GE(ticks.size(), 2u) << logarithmic << seen.low;
      EXPECT_LE(ticks.size(), 14u) << logarithmic << seen.low;
      for (const double tick : ticks) {
        EXPECT_GE(onAxis(axis, tick), seen.low - 1e-9);
        EXPECT_LE(onAxis(axis, tick), seen.high + 1e-9);
      }
    }
}

}  // namespace
}  // namespace evenkeel::gui

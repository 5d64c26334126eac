#include "gui/data/plot_reading.h"

#include <gmock/gmock.h>

namespace evenkeel::gui {
namespace {

using ::testing::HasSubstr;

Pointed at(double x, double y) { return {.x = x, .y = y, .perPixelX = 0.01, .perPixelY = 0.01}; }

TEST(ReadingAt, GivesTheNearestPointInExactValues) {
  PlotSpec spec{.x = {.label = "load"}, .y = {.label = "latency, ms"}};
  spec.curves = {{.name = "a", .points = {{1, 2.34567}, {2, 3}}, .intervals = {{2, 3}, {1, 4}}},
                 {.name = "b", .points = {{1, 2.5}}}};
  const auto found = readingAt(spec, at(1.02, 2.36));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "a");
  EXPECT_EQ(found->text, "a\nlatency, ms: 2.34567\nload: 1\n95 % interval: 2 to 3");
  EXPECT_EQ(readingAt(spec, at(1.02, 2.48))->name, "b");
  EXPECT_FALSE(readingAt(spec, at(1.5, 9)));
}

TEST(ReadingAt, LooksOnALogAxisWhereThePointIsDrawn) {
  PlotSpec spec{.y = {.label = "ms", .logarithmic = true}};
  spec.curves = {{.name = "a", .points = {{0, 1000}}}};
  EXPECT_TRUE(readingAt(spec, at(0, 3)));
  EXPECT_FALSE(readingAt(spec, at(0, 1000)));
}

TEST(ReadingAt, FindsOneOfAMillion) {
  PlotSpec spec;
  spec.curves = {{.name = "a"}};
  for (int i = 0; i < 1'000'000; ++i) spec.curves[0].points.emplace_back(i, i % 10);
  const auto found = readingAt(spec, {.x = 765'432, .y = 2, .perPixelX = 0.01, .perPixelY = 0.01});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->x, 765'432);
}

TEST(ReadingAt, NamesBarsBoxesCellsAndEvents) {
  PlotSpec bars{.y = {.categories = {"u", "v"}}};
  bars.layers = {{.name = "queue", .values = {1, 2}}, {.name = "compute", .values = {3, 4}}};
  EXPECT_THAT(readingAt(bars, at(3, 0.1))->text, HasSubstr("compute: 3"));
  EXPECT_EQ(readingAt(bars, at(1, 1.2))->name, "v");
  PlotSpec boxes;
  boxes.boxes = {{"p", 0, 1, 2, 3.5, 4, 5}};
  EXPECT_THAT(readingAt(boxes, at(0.2, 3))->text, HasSubstr("median 3.5"));
  PlotSpec map;
  map.cells = {
      .rows = {"n1", "n2"}, .values = {{0, 1}, {0.25, 0.75}}, .cellWidth = 10, .unit = "busy"};
  EXPECT_EQ(readingAt(map, at(12, 1.5))->text, "n2\n10 to 20 s\nbusy: 0.75");
  map.events = {{.at = 12, .text = "crash n1"}};
  EXPECT_EQ(readingAt(map, at(12.01, 1.5))->text, "crash n1\n12 s");
}

}  // namespace
}  // namespace evenkeel::gui

#include "gui/data/plot_spec.h"

#include <gmock/gmock.h>

#include <cmath>

namespace evenkeel::gui {
namespace {

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

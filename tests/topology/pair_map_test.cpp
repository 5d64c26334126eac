// The table by pairs against a map, through many enlargements.
#include "sim/topology/pair_map.h"

#include <gtest/gtest.h>

#include <map>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

TEST(PairMap, RemembersWhatAMapRemembers) {
  Random random(7);
  PairMap<int> table;
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> expected;
  for (int i = 0; i < 20'000; ++i) {
    const auto from = static_cast<std::uint32_t>(random.below(100));
    const auto to = static_cast<std::uint32_t>(random.below(100));
    const auto [value, fresh] = table.get(NodeId{from}, NodeId{to});
    ASSERT_EQ(fresh, !expected.contains({from, to}));
    ASSERT_EQ(value, (expected[{from, to}]));
    value = expected[{from, to}] = i;
  }
}

TEST(PairMap, VisitsEveryPairOnce) {
  PairMap<int> table;
  int sum = 0;
  for (std::uint32_t i = 0; i < 300; ++i)
    table.get(NodeId{i}, NodeId{299 - i}).first = 1 << (i % 8);
  table.each([&sum](int value) { sum += value; });
  EXPECT_EQ(sum, 37 * 255 + 15);
}

TEST(PairMap, TellsAPairFromItsReverse) {
  PairMap<int> table;
  table.get(NodeId{1}, NodeId{2}).first = 12;
  EXPECT_TRUE(table.get(NodeId{2}, NodeId{1}).second);
  EXPECT_EQ(table.get(NodeId{1}, NodeId{2}).first, 12);
  table.clear();
  EXPECT_TRUE(table.get(NodeId{1}, NodeId{2}).second);
}

}  // namespace
}  // namespace evenkeel

// When bytes are through a link, by arithmetic.
#include "sim/world/link_clocks.h"

#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

// Over a-b a byte takes 1 us, over b-c 2 us.
TEST(LinkClocks, TakeSizeOverTheNarrowestBandwidth) {
  const Platform platform = chain();
  LinkClocks clocks{platform};
  const auto way = platform.hops(a, c);
  ASSERT_EQ(way.size(), 2u);
  EXPECT_EQ(clocks.take(way, 1000, seconds(1)), seconds(1.002));
  // The first link is free again after 1 ms, the second after 2.
  EXPECT_EQ(clocks.take(platform.hops(a, b), 1000, seconds(1)), seconds(1.002));
  EXPECT_EQ(clocks.take(platform.hops(b, c), 1000, seconds(1)), seconds(1.004));
}

TEST(LinkClocks, OfBothDirectionsRunApart) {
  const Platform platform = chain();
  LinkClocks clocks{platform};
  EXPECT_EQ(clocks.take(platform.hops(a, b), 1000, {}), seconds(0.001));
  EXPECT_EQ(clocks.take(platform.hops(b, a), 1000, {}), seconds(0.001));
  EXPECT_EQ(clocks.take(platform.hops(a, b), 1000, {}), seconds(0.002));
}

TEST(LinkClocks, AreThoseOfTheChildrenToo) {
  const Platform platform = chain();
  LinkClocks clocks{platform};
  in_child([&] { clocks.take(platform.hops(a, b), 1000, {}); });
  EXPECT_EQ(clocks.take(platform.hops(a, b), 1000, {}), seconds(0.002));
}

TEST(Hops, KnowTheirDirections) {
  const Platform platform = chain();
  const auto back = platform.hops(c, a);
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].link, 1u);
  EXPECT_EQ(back[1].link, 0u);
  EXPECT_FALSE(back[0].forward);
  EXPECT_FALSE(back[1].forward);
  EXPECT_TRUE(platform.hops(a, c)[0].forward);
}

}  // namespace
}  // namespace evenkeel::test

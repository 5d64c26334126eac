// What a keeper keeps of dealings: the newest attempt alone, and each part once.
#include "models/storage/secrets/dealt_parts.h"

#include <gtest/gtest.h>

namespace evenkeel::test {
namespace {

Dealing dealing(std::uint64_t ballot, std::optional<std::uint32_t> zero_at = std::nullopt) {
  Dealing one;
  one.name = "key";
  one.ballot = ballot;
  one.zero_at = zero_at;
  return one;
}

Refreshment::Part part(Word value) {
  Refreshment::Part one;
  one.values = {value};
  return one;
}

TEST(DealtParts, GivesThePartsOfAllWhoDealt) {
  DealtParts parts;
  ASSERT_TRUE(parts.keep(dealing(3), 0, part(10)));
  ASSERT_TRUE(parts.keep(dealing(3), 2, part(12)));
  const auto both = parts.of(dealing(3), {2, 0}, 2);
  ASSERT_TRUE(both) << both.error().detail;
  EXPECT_EQ((*both)[0].values, Words{12});
  EXPECT_EQ((*both)[1].values, Words{10});
}

TEST(DealtParts, WantsEnoughDealersAndNoneTwice) {
  DealtParts parts;
  ASSERT_TRUE(parts.keep(dealing(3), 0, part(10)));
  ASSERT_TRUE(parts.keep(dealing(3), 1, part(11)));
  EXPECT_EQ(parts.of(dealing(3), {0}, 2).error().code, ErrorCode::invalid);
  EXPECT_EQ(parts.of(dealing(3), {0, 0}, 2).error().code, ErrorCode::invalid);
  EXPECT_EQ(parts.of(dealing(3), {0, 2}, 2).error().code, ErrorCode::not_found);
}

TEST(DealtParts, KeepsTheNewestAttemptOnly) {
  DealtParts parts;
  ASSERT_TRUE(parts.keep(dealing(3), 0, part(10)));
  ASSERT_TRUE(parts.keep(dealing(4), 1, part(11)));
  EXPECT_EQ(parts.keep(dealing(3), 2, part(12)).error().code, ErrorCode::conflict);
  EXPECT_EQ(parts.of(dealing(3), {0}, 1).error().code, ErrorCode::not_found);
  EXPECT_EQ(parts.of(dealing(4), {0}, 1).error().code, ErrorCode::not_found);
  EXPECT_TRUE(parts.of(dealing(4), {1}, 1));
}

TEST(DealtParts, KeepsPurposesApart) {
  DealtParts parts;
  ASSERT_TRUE(parts.keep(dealing(3, 1), 0, part(10)));
  EXPECT_EQ(parts.of(dealing(3), {0}, 1).error().code, ErrorCode::not_found);
  EXPECT_TRUE(parts.of(dealing(3, 1), {0}, 1));
  EXPECT_TRUE(parts.begin(dealing(3)));
  EXPECT_TRUE(parts.begin(dealing(3, 1)));
}

TEST(DealtParts, DealsOnceInAnAttempt) {
  DealtParts parts;
  EXPECT_TRUE(parts.begin(dealing(3)));
  EXPECT_EQ(parts.begin(dealing(3)).error().code, ErrorCode::conflict);
  EXPECT_EQ(parts.begin(dealing(2)).error().code, ErrorCode::conflict);
  EXPECT_TRUE(parts.begin(dealing(4)));
}

TEST(DealtParts, ServesAMaskOnce) {
  DealtParts parts;
  ASSERT_TRUE(parts.keep(dealing(3, 1), 0, part(10)));
  parts.forget(dealing(3, 1));
  EXPECT_EQ(parts.of(dealing(3, 1), {0}, 1).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace evenkeel::test

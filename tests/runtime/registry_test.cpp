// Catalogues, results, and the arithmetic of time.
#include "models/runtime/registry.h"

#include <gmock/gmock.h>

#include "models/runtime/result.h"
#include "models/runtime/time.h"
#include "models/runtime/world.h"

namespace evenkeel {
namespace {

Entry named(std::string name) { return {std::move(name), "a thing", {}}; }

TEST(Catalogue, KeepsItsEntriesByName) {
  Catalogue things{"thing"};
  for (const char* name : {"pear", "apple", "quince"}) things.add(named(name));
  std::vector<std::string> names;
  for (const Entry& entry : things.entries()) names.push_back(entry.name);
  EXPECT_THAT(names, testing::ElementsAre("apple", "pear", "quince"));
  EXPECT_EQ(things.find("pear")->name, "pear");
  EXPECT_EQ(things.find("pea"), nullptr);
  EXPECT_EQ(things.find("zebra"), nullptr);
}

TEST(CatalogueDeathTest, RefusesTwoOfOneName) {
  Catalogue things{"thing"};
  things.add(named("pear"));
  EXPECT_DEATH(things.add(named("pear")), "two entries of one name: pear");
}

TEST(Result, IsAValueOrAnError) {
  Result<std::string> good{"yes"};
  EXPECT_TRUE(good);
  EXPECT_EQ(*good, "yes");
  EXPECT_EQ(good->size(), 3u);
  const Result<std::string> bad{Error{ErrorCode::disk, "full"}};
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::disk);
  EXPECT_EQ(bad.error().detail, "full");
}

TEST(ResultDeathTest, AbortsOnTheSideThatIsNotThere) {
  const Result<int> good{1};
  const Result<int> bad{Error{ErrorCode::timeout}};
  EXPECT_DEATH(good.error(), "has a value");
  EXPECT_DEATH(bad.value(), "holds an error");
}

TEST(Time, RoundsAndSaturates) {
  EXPECT_EQ(seconds(1.5e-9).count(), 2);
  EXPECT_EQ(seconds(-1.5).count(), -1'500'000'000);
  EXPECT_EQ(seconds(1e300), never);
  EXPECT_EQ(seconds(-1e300), -never);
  EXPECT_EQ(seconds(std::nan("")), Duration::zero());
  EXPECT_EQ(time_after(Time{5}, Duration{3}), Time{8});
  EXPECT_EQ(time_after(Time{5}, never), never);
  EXPECT_EQ(time_after(Time{5}, never - Duration{5}), never);
  EXPECT_EQ(time_after(Time{5}, never - Duration{6}), never - Duration{1});
}

}  // namespace
}  // namespace evenkeel

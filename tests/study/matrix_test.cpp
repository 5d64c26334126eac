#include "sim/study/matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

using ::testing::ElementsAre;

TEST(SplitValues, SplitsAtCommasButNotWithinBracketsAndQuotes) {
  EXPECT_THAT(split_values("a, b ,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_values("power_of_d: {d: 2, replacement: true},x"),
              ElementsAre("power_of_d: {d: 2, replacement: true}", "x"));
  EXPECT_THAT(split_values("[1, [2, 3]],4"), ElementsAre("[1, [2, 3]]", "4"));
  EXPECT_THAT(split_values(R"('a,b',"c,\",d",'it''s, so')"),
              ElementsAre("'a,b'", R"("c,\",d")", "'it''s, so'"));
  EXPECT_THAT(split_values("O'Brien,x"), ElementsAre("O'Brien", "x"));
}

TEST(SplitValues, RefusesWhatIsNeverClosed) {
  for (const char* text : {"", "a,", ",a", "a,,b", "{a", "a}", "'a", "\"a\\\"", "[1,2"})
    EXPECT_THROW(split_values(text), UserError) << text;
}

TEST(ParseVary, WritesValuesAsTheFileWould) {
  const Variation vary = parse_vary("balancing.policy=nearest,power_of_d: {d: 3}");
  EXPECT_EQ(vary.path, "balancing.policy");
  EXPECT_THAT(vary.values, ElementsAre("nearest", "{power_of_d: {d: 3}}"));
  EXPECT_THROW(parse_vary("balancing.policy"), UserError);
  EXPECT_THROW(parse_vary("=a"), UserError);
  EXPECT_THROW(parse_vary("a={b: c: d}"), UserError);
}

TEST(Combinations, ChangeTheFirstPathSlowest) {
  const std::vector<Variation> vary = {{.path = "z", .values = {"1", "2"}},
                                       {.path = "a", .values = {"x", "y"}}};
  EXPECT_THAT(combinations(vary),
              ElementsAre(Choice{{"z", "1"}, {"a", "x"}}, Choice{{"z", "1"}, {"a", "y"}},
                          Choice{{"z", "2"}, {"a", "x"}}, Choice{{"z", "2"}, {"a", "y"}}));
  EXPECT_THAT(combinations({}), ElementsAre(Choice{}));
}

TEST(Combinations, AreBoundedAndDistinct) {
  std::vector<std::string> many;
  for (int i = 0; i < 101; ++i) many.push_back(std::to_string(i));
  const std::vector<Variation> large = {{.path = "a", .values = many},
                                        {.path = "b", .values = many}};
  EXPECT_THROW(combinations(large), UserError);
  const std::vector<Variation> twice = {{.path = "a", .values = {"1", "1"}}};
  EXPECT_THROW(combinations(twice), UserError);
}

}  // namespace
}  // namespace evenkeel

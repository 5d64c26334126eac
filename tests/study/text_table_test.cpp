#include "sim/study/text_table.h"

#include <gtest/gtest.h>

namespace evenkeel {
namespace {

TEST(TextTable, AlignsByCharactersAndNotBytes) {
  EXPECT_EQ(to_text({.columns = {"", "µs"}, .rows = {{"Köln", "1"}, {"a", "1000"}}}),
            "        µs\nKöln     1\na     1000\n");
}

TEST(TextTable, LeavesOffEmptyColumns) {
  EXPECT_EQ(to_text({.columns = {"a", "b", "c"}, .rows = {{"1", "", "3"}}}), "a  c\n1  3\n");
}

TEST(TextTable, WrapsProseAndShortensTheFirstColumnToFit) {
  const std::string text =
      to_text({.columns = {"", "verdict"},
               .rows = {{"a very long name of a variant", "no difference that matters to anybody"}},
               .last_is_prose = true},
              40);
  EXPECT_EQ(text,
            "                verdict\n"
            "a very long n…  no difference that\n"
            "                matters to anybody\n");
}

}  // namespace
}  // namespace evenkeel

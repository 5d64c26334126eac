#include "sim/workload/csv.h"

#include <gmock/gmock.h>

#include "tests/workload/settings.h"

namespace evenkeel {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& text, const std::string& column = "a",
                     const std::string& unit = {}) {
  return user_error_of([&] {
    CsvFile csv{"x.csv", text};
    const std::size_t index = csv.column(column);
    while (csv.next_row())
      unit.empty() ? static_cast<void>(csv.number(index, 0, 100))
                   : static_cast<void>(csv_time(csv, index, unit));
  });
}

TEST(CsvFile, ReadsWhatRealFilesAreLike) {
  CsvFile csv{"x.csv",
              "\xEF\xBB\xBF"
              "a,b\r\n 1 ,\"x, \"\"y\"\"\"\r\n2,\r\n\r\n"};
  EXPECT_THAT(csv.columns(), testing::ElementsAre("a", "b"));
  ASSERT_TRUE(csv.next_row());
  EXPECT_EQ(csv.number(0, 0, 9), 1);
  EXPECT_EQ(csv.field(1), "x, \"y\"");
  ASSERT_TRUE(csv.next_row());
  EXPECT_EQ(csv.field(0), "2");
  EXPECT_EQ(csv.field(1), "");
  EXPECT_FALSE(csv.next_row());
}

TEST(CsvFile, ReadsQuotedLineBreaksAndKeepsCountingLines) {
  CsvFile csv{"x.csv", "a,b\n\"1\n2\",3\n4,5"};
  ASSERT_TRUE(csv.next_row());
  EXPECT_EQ(csv.field(0), "1\n2");
  ASSERT_TRUE(csv.next_row());
  EXPECT_EQ(csv.place(1).line, 4);
  EXPECT_EQ(csv.place(1).column, 3);
}

TEST(CsvFile, SaysWhereAMistakeIsAndWhatWouldBeRight) {
  EXPECT_EQ(error_of("b,c\n1,2\n"), "x.csv:1:1: no column 'a'; the columns are 'b', 'c'");
  EXPECT_EQ(error_of("a,a\n1,2\n"), "x.csv:1:1: two columns are called 'a'; rename one");
  EXPECT_EQ(error_of("a,b\n1,2\n3\n"), "x.csv:3:1: 1 fields where the header has 2");
  EXPECT_EQ(error_of("b,a\n1,2\n3,4,5\n"), "x.csv:3:1: 3 fields where the header has 2");
  EXPECT_EQ(error_of("b,a\nx,1e\n"), "x.csv:2:3: a: '1e' is no number");
  EXPECT_EQ(error_of("a\nnan\n"), "x.csv:2:1: a: 'nan' is no number");
  EXPECT_EQ(error_of("a\n1e999\n"), "x.csv:2:1: a: '1e999' is no number");
  EXPECT_EQ(error_of("a\n101\n"), "x.csv:2:1: a: '101' is out of range; 0 to 100 is possible");
  EXPECT_EQ(error_of("a\n\"1\n"), "x.csv:2:1: a quote is opened and never closed");
  EXPECT_THAT(error_of("a\n\"1\"2\n"), HasSubstr("x.csv:2:4: after a closing quote"));
  EXPECT_EQ(error_of(""), "x.csv:1:1: is empty; a header is needed");
  EXPECT_THAT(error_of("a\n1\n\n2\n"), HasSubstr("x.csv:3:1: a: '' is no number"));
}

TEST(CsvFile, SaysThatAFileIsMissingOrAFolder) {
  EXPECT_THAT(user_error_of([] { CsvFile csv{"/nowhere/x.csv"}; }),
              HasSubstr("/nowhere/x.csv: cannot be opened"));
  EXPECT_THAT(user_error_of([] { CsvFile csv{"/tmp"}; }), HasSubstr("is a folder"));
}

TEST(CsvFile, NeverCrashesOnMutations) {
  const std::string good = "a,b,c\r\n1,\"x\"\"\",3\r\n4,\"5\n\",6";
  Random random{42};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    for (std::uint64_t edit = random.below(4); edit < 4; ++edit) {
      const std::size_t at = random.below(text.size());
      constexpr char letters[] = {'"', ',', '\n', '\r', '\0', '9', '\xff', '-'};
      if (random.chance(0.3))
        text.erase(at, 1);
      else
        text[at] = letters[random.below(sizeof letters)];
      if (text.empty()) text = "a";
    }
    error_of(text);
  }
}

TEST(CsvTime, ReadsSevenDecimalsExactly) {
  CsvFile csv{"x.csv",
              "a\n2023-11-16 18:15:46.6805900\n2023-11-16T18:15:46Z\n1970-01-02 00:00:00\n"};
  csv.next_row();
  const Duration first = csv_time(csv, 0, "date");
  csv.next_row();
  EXPECT_EQ((first - csv_time(csv, 0, "date")).count(), 680'590'000);
  EXPECT_EQ(first.count(), 1'700'158'546'680'590'000);  // date -d '2023-11-16 18:15:46Z' +%s
  csv.next_row();
  EXPECT_EQ(csv_time(csv, 0, "date"), std::chrono::hours{24});
}

TEST(CsvTime, ReadsNumbersInEveryUnit) {
  const std::pair<std::string, double> units[] = {{"s", 1},     {"ms", 1e-3}, {"us", 1e-6},
                                                  {"ns", 1e-9}, {"min", 60},  {"h", 3600}};
  for (const auto& [unit, value] : units) {
    CsvFile csv{"x.csv", "a\n2.5\n"};
    csv.next_row();
    EXPECT_EQ(csv_time(csv, 0, unit), seconds(2.5 * value)) << unit;
  }
}

TEST(CsvTime, RefusesWhatIsNoTime) {
  EXPECT_THAT(error_of("a\n2023-02-30 00:00:00\n", "a", "date"),
              HasSubstr("x.csv:2:1: a: '2023-02-30 00:00:00' is no date; it looks like"));
  EXPECT_THAT(error_of("a\n2023-02-20 00:00:00.\n", "a", "date"), HasSubstr("is no date"));
  EXPECT_THAT(error_of("a\n2023-02-20 00:00:00x\n", "a", "date"), HasSubstr("is no date"));
  EXPECT_THAT(error_of("a\n2023-02-20 00:00:00\n", "a", "s"),
              HasSubstr("a: is a date; the time's unit must then be 'date'"));
  EXPECT_THAT(error_of("a\n1e30\n", "a", "s"), HasSubstr("out of range"));
}

}  // namespace
}  // namespace evenkeel

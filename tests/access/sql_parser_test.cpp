#include "models/access/sql_parser.h"

#include <gmock/gmock.h>

#include "models/access/sql_check.h"
#include "models/access/sql_writer.h"
#include "tests/access/random_sql.h"

namespace evenkeel::test {
namespace {

Result<CheckedQuery> checked(const std::string& text, std::vector<Value> parameters = {}) {
  Result<Query> parsed = parse_sql(text);
  if (!parsed) return parsed.error();
  static const std::vector<TableSchema> tables = random_tables();
  const FindTable find = [](std::string_view name) -> const TableSchema* {
    for (const TableSchema& table : tables)
      if (table.name == name) return &table;
    return nullptr;
  };
  return check_query(std::move(*parsed), find, {"readings", "sites"}, std::move(parameters));
}

std::string refusal(const std::string& text) {
  const Result<CheckedQuery> result = checked(text);
  return result ? "accepted" : result.error().detail;
}

TEST(ParseSql, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(refusal("SELECT value FORM readings"),
            "1:19: FROM and a table are missing here, not 'readings'");
  EXPECT_EQ(refusal("SELECT\n  vlaue FROM readings"),
            "2:3: no column 'vlaue' in 'readings'; did you mean 'value'?");
  EXPECT_EQ(refusal("SELECT value FROM reedings"),
            "1:19: no table 'reedings'; did you mean 'readings'?");
  EXPECT_EQ(refusal("SELECT agv(value) FROM readings"),
            "1:8: no function 'agv'; did you mean 'avg'?");
  EXPECT_EQ(refusal("SELECT x.value FROM readings"),
            "1:8: no table 'x' in FROM; there is 'readings'");
  EXPECT_EQ(refusal("SELECT 'a FROM readings"), "1:8: nothing closes this '");
  EXPECT_EQ(refusal("SELECT value FROM readings WHERE value = "),
            "1:42: a value is missing before the end");
  EXPECT_EQ(refusal("SELECT value FROM readings WHERE site IN (SELECT id FROM sites)"),
            "1:43: a query within a query is not supported; use JOIN");
  EXPECT_EQ(refusal("SELECT value FROM readings LEFT JOIN sites ON site = id"),
            "1:28: LEFT is not supported");
  EXPECT_EQ(refusal("SELECT value; DROP TABLE readings"),
            "1:13: FROM and a table are missing here, not ';'");
  EXPECT_EQ(refusal("DELETE FROM readings"), "1:1: a query begins with SELECT, not 'DELETE'");
}

TEST(CheckQuery, SaysWhatDoesNotFitTheTables) {
  EXPECT_EQ(refusal("SELECT site, value FROM readings WHERE site > 3"),
            "1:45: a text and a number cannot be compared or mixed");
  EXPECT_EQ(refusal("SELECT sum(site) FROM readings"), "1:12: sum takes a number, not a text");
  EXPECT_EQ(refusal("SELECT site, avg(value) FROM readings"),
            "1:8: 'site' has many values in a group: put it into GROUP BY, or into an aggregate "
            "such as max(site)");
  EXPECT_EQ(refusal("SELECT value FROM readings WHERE avg(value) > 1"),
            "1:34: the aggregate avg cannot stand in WHERE; use HAVING");
  EXPECT_EQ(refusal("SELECT max(avg(value)) FROM readings"),
            "1:12: the aggregate avg cannot stand in another aggregate");
  EXPECT_EQ(refusal("SELECT value FROM readings HAVING value > 1"),
            "1:41: HAVING needs GROUP BY or an aggregate; use WHERE");
  EXPECT_EQ(refusal("SELECT site FROM readings a JOIN readings b ON a.site = b.site"),
            "1:8: 'site' is in both tables; write a.site or b.site");
  EXPECT_EQ(refusal("SELECT a.at FROM readings a JOIN sites b ON a.site > b.id"),
            "1:52: ON takes equalities between a column of each table, put together by AND; the "
            "rest belongs into WHERE");
  EXPECT_EQ(refusal("SELECT value FROM readings LIMIT -1"),
            "1:34: LIMIT takes a number of rows, from 0");
  EXPECT_EQ(refusal("SELECT value FROM readings WHERE value = ?"),
            "1:42: parameter 1 was not given a value");
  EXPECT_EQ(refusal("SELECT round(1, 2, 3) FROM readings"),
            "1:8: round takes 1 to 2 arguments, not 3");
  EXPECT_EQ(refusal("SELECT value FROM readings ORDER BY 2"),
            "1:37: ORDER BY takes expressions, or positions from 1 to 1");
}

TEST(CheckQuery, NamesTheTableThatIsMissing) {
  EXPECT_EQ(checked("SELECT 1 FROM nowhere").error().code, ErrorCode::not_found);
  EXPECT_EQ(checked("SELECT 1 FROM readings WHERE").error().code, ErrorCode::invalid);
}

TEST(CheckQuery, NamesTheColumnsOfTheAnswer) {
  const Result<CheckedQuery> query = checked("SELECT *, value * 2 AS twice, at+1 FROM readings");
  ASSERT_TRUE(query.has_value()) << query.error().detail;
  std::vector<std::string> names;
  for (const SelectItem& item : query->query.items) names.push_back(item.alias);
  EXPECT_THAT(names,
              testing::ElementsAre("site", "sensor", "at", "value", "note", "twice", "at + 1"));
}

TEST(ParseSql, BoundsDepthAndSize) {
  const std::string deep = std::string(3000, '(') + "1" + std::string(3000, ')');
  EXPECT_THAT(refusal("SELECT " + deep + " FROM readings"), testing::HasSubstr("too deeply"));
  EXPECT_THAT(refusal("SELECT " + std::string(60'000, '-') + "1 FROM readings"),
              testing::HasSubstr("missing"));  // a comment
  std::string not_chain;
  for (int i = 0; i < 3000; ++i) not_chain += "NOT ";
  EXPECT_THAT(refusal("SELECT " + not_chain + "1 FROM readings"), testing::HasSubstr("too deeply"));
  std::string wide = "1";
  for (int i = 0; i < 2000; ++i) wide += "+1";
  EXPECT_THAT(refusal("SELECT " + wide + " FROM readings"), testing::HasSubstr("too large"));
  EXPECT_THAT(refusal("SELECT '" + std::string(70'000, 'x') + "' FROM readings"),
              testing::HasSubstr("at most 65536 bytes"));
  std::string item = "sensor";
  for (int i = 0; i < 300; ++i) item += "+1";
  std::string order = "x";
  for (int i = 0; i < 90; ++i) order += ", x";
  EXPECT_THAT(refusal("SELECT " + item + " AS x FROM readings ORDER BY " + order),
              testing::HasSubstr("too large"));
}

TEST(SqlText, IsReadAsTheSameQueryAgain) {
  Random random{7};
  RandomSql generator{random};
  for (int i = 0; i < 3000; ++i) {
    const std::string text = generator.draw().text;
    const Result<Query> once = parse_sql(text);
    ASSERT_TRUE(once.has_value()) << text << "\n" << once.error().detail;
    const std::string written = sql_text(*once);
    const Result<Query> again = parse_sql(written);
    ASSERT_TRUE(again.has_value()) << written << "\n" << again.error().detail;
    EXPECT_EQ(sql_text(*again), written);
  }
}

TEST(SqlText, QuotesWhatIsNoPlainName) {
  Result<Query> query =
      parse_sql(R"(SELECT "select", "a""b" AS "x y" FROM "order" WHERE 'o''k' = note)");
  ASSERT_TRUE(query.has_value()) << query.error().detail;
  EXPECT_EQ(sql_text(*query),
            R"(SELECT "select", "a""b" AS "x y" FROM "order" AS "order" WHERE 'o''k' = note)");
}

}  // namespace
}  // namespace evenkeel::test

// Grants between a node's data and whoever asks.
#include "models/sharing/guarded_access.h"

#include "models/sharing/refusal.h"
#include "tests/sharing/market.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* average = "SELECT count(*), avg(watts) FROM meters";

TEST(GuardedAccess, AnswersAQueryUnderAGrantThatTheFirstUseAgreesOn) {
  Market market{{}};
  market.fill(20);
  const Result<QueryResult> answer = market.ask(average);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(std::get<std::int64_t>(answer->rows.at(0).at(0)), 100);
  EXPECT_DOUBLE_EQ(std::get<double>(answer->rows.at(0).at(1)), 97);
  EXPECT_EQ(market.world.counts["agreements"], 1);
  EXPECT_TRUE(market.ask(average));
  EXPECT_EQ(market.world.counts["agreements"], 1);
}

TEST(GuardedAccess, WritesDownWhatItServedBeforeItLeaves) {
  Market market{{}};
  market.fill(20);
  ASSERT_TRUE(market.ask(average));
  std::uint64_t served = 0;
  for (std::uint32_t i = 0; i < 3; ++i)
    for (const AuditRecord& record : market.at(i).sharing.audit.records()) {
      EXPECT_EQ(record.decision, AuditDecision::served);
      EXPECT_EQ(record.who, market.keys[3].signing.public_key());
      EXPECT_EQ(record.operation, GrantOperation::query);
      EXPECT_EQ(record.resource, "use");
      EXPECT_GT(record.bytes, 0u);
      ++served;
    }
  EXPECT_GT(served, 0u);
}

TEST(GuardedAccess, LeavesRowsToTheirOwnerAndToWhoeverKeepsThemAnyway) {
  Market market{{}};
  market.fill(3);
  const Row key = {std::string{"meter 1"}, std::int64_t{2}};
  for (const std::uint32_t node : {0u, 1u, 2u, 5u})
    EXPECT_TRUE(market.wait(node, market.at(node).access->get("meters", key))) << node;
  for (const std::uint32_t node : {3u, 4u}) {
    Access& access = *market.at(node).access;
    const auto denied = [&](const auto& result) {
      ASSERT_FALSE(result.has_value());
      EXPECT_THAT(result.error().detail, HasSubstr("belong"));
    };
    denied(market.wait(node, access.get("meters", key)));
    denied(market.wait(node, access.get("meters", key, {.level = ReadLevel::any})));
    denied(market.wait(node, access.scan("meters", {std::string{"meter 1"}}, {})));
    denied(market.wait(node, access.query(average)));
    denied(market.wait(node, access.query(average, {}, {.level = ReadLevel::any})));
    Row row = {std::string{"meter 1"}, std::int64_t{2}, 1.0, std::string{"mine"}};
    denied(market.wait(node, access.put("meters", std::move(row))));
  }
}

TEST(GuardedAccess, LeavesTheNamesOfFilesToTheOwnerOfTheirSpace) {
  Market market{{}};
  ASSERT_TRUE(market.wait(5, market.at(5).tree().make_space("films", {.owner = "owner"})));
  ASSERT_TRUE(market.wait(5, market.at(5).tree().put("films/one", market.film(10'000))));
  EXPECT_TRUE(market.wait(5, market.at(5).tree().get("films/one")));
  const Result<Blob> stolen = market.wait(4, market.at(4).tree().get("films/one"));
  ASSERT_FALSE(stolen);
  const ListChunks question{.limit = 10};
  EXPECT_FALSE(
      market.wait(4, ask(market.world.node(4), NodeId{0}, Port::chunks, question, seconds(1))));
  EXPECT_TRUE(
      market.wait(1, ask(market.world.node(1), NodeId{0}, Port::chunks, question, seconds(1))));
}

TEST(GuardedAccess, RefusesByNameAndSaysWhatToDo) {
  const std::vector<std::string> columns = {"at", "meter", "watts"};
  Market market{{.terms = {.operations = operations_of(GrantOperation::query),
                           .columns = columns,
                           .purpose = "tariffs",
                           .minimum_group = 10,
                           .aggregate_only = true,
                           .aggregates = std::vector<std::string>{"avg", "count"}}}};
  market.fill(20);
  const auto refused = [&](const std::string& sql) { return market.refusal(sql, "tariffs"); };
  EXPECT_EQ(refused(average), "answered");
  EXPECT_THAT(market.refusal(average, "adverts"), StartsWith("wrong purpose: "));
  EXPECT_THAT(refused("SELECT meter, watts FROM meters"), StartsWith("aggregates only: "));
  EXPECT_THAT(refused("SELECT avg(watts) FROM meters GROUP BY address"),
              StartsWith("column not granted: 'address'"));
  EXPECT_THAT(refused("SELECT count(*) FROM meters WHERE address = 'a'"), HasSubstr("address"));
  EXPECT_THAT(refused("SELECT max(watts) FROM meters"), StartsWith("aggregate not granted: "));
  EXPECT_THAT(refused("SELECT meter, avg(watts) FROM meters GROUP BY meter"),
              StartsWith("group too small: "));
  EXPECT_THAT(refused("SELECT count(*) FROM meters WHERE meter = 'meter 1'"),
              StartsWith("group too small: "));
  EXPECT_THAT(market.refusal(average, "tariffs", 3, ReadLevel::strong),
              StartsWith("level not granted: "));
  EXPECT_THAT(market.refusal(average, "tariffs", 4), StartsWith("not offered: "));
  const Result<Blob> film = market.fetch();
  ASSERT_FALSE(film);
  EXPECT_GT(market.world.counts["refused: wrong purpose"], 0);
  EXPECT_GT(market.world.counts["refused: aggregates only"], 0);
  EXPECT_EQ(refusal_name({ErrorCode::denied, "wrong purpose: x"}), "wrong purpose");
  EXPECT_EQ(refusal_name({ErrorCode::timeout, "late: x"}), to_string(ErrorCode::timeout));
}

TEST(GuardedAccess, ShowsOnlyTheRowsThatTheGrantNames) {
  Market market{{.terms = {.rows = {{"watts", RowComparison::at_least, std::int64_t{100}},
                                    {"meter", RowComparison::unequal, std::string{"meter 15"}}}}}};
  market.fill(20);
  const Result<QueryResult> answer = market.ask("SELECT count(*), min(watts) FROM meters");
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(std::get<std::int64_t>(answer->rows.at(0).at(0)), 45);
  EXPECT_DOUBLE_EQ(std::get<double>(answer->rows.at(0).at(1)), 100);
}

TEST(GuardedAccess, RefusesWhatHasExpiredAndAgreesAnew) {
  Market market{{.lasts = seconds(20)}};
  market.fill(5);
  ASSERT_TRUE(market.ask(average));
  const Token old = *market.wait(3, market.at(3).desk->token(market.data_set("use")));
  market.world.run_for(seconds(30));
  const std::int64_t wall = 50'000;
  const GrantRequest request{
      .operation = GrantOperation::query, .resource = "use", .aggregates = {"count"}};
  ReadOptions options{.level = ReadLevel::any};
  options.token = [&](NodeId server) {
    return encoded(present(&old, market.keys[3].signing, request, server,
                           market.world.now().count() / 1'000'000, market.random));
  };
  const auto stale = market.wait(3, market.at(3).access->query(average, {}, options));
  ASSERT_FALSE(stale) << wall;
  EXPECT_THAT(stale.error().detail, StartsWith("expired: "));
  EXPECT_TRUE(market.ask(average));
  EXPECT_EQ(market.world.counts["agreements"], 2);
}

TEST(GuardedAccess, RefusesWhatWasRevokedOnEveryNodeWithinTheLease) {
  Market market{{}};
  market.fill(5);
  ASSERT_TRUE(market.ask(average));
  const Token token = *market.wait(3, market.at(3).desk->token(market.data_set("use")));
  market.take_back(3, "use");
  market.world.run_for(seconds(10));
  const GrantRequest request{
      .operation = GrantOperation::query, .resource = "use", .aggregates = {"count"}};
  for (std::uint32_t server = 0; server < 3; ++server) {
    RunQuery question{.sql = average, .partitions = {1}};
    question.token = encoded(present(&token, market.keys[3].signing, request, NodeId{server},
                                     market.world.now().count() / 1'000'000, market.random));
    const Result<QueryAnswer> answer = market.wait(
        3, ask(market.world.node(3), NodeId{server}, Port::queries, question, seconds(5)));
    ASSERT_FALSE(answer) << server;
    EXPECT_THAT(answer.error().detail, StartsWith("revoked: "));
  }
  EXPECT_THAT(market.refusal(average), StartsWith("revoked: "));
}

TEST(GuardedAccess, TakesATokenOnceAndForItsOwnDataSetOnly) {
  Market market{{}};
  market.fill(5);
  ASSERT_TRUE(market.ask(average));
  const Token token = *market.wait(3, market.at(3).desk->token(market.data_set("use")));
  const auto answer = [&](const Presentation& shown) {
    RunQuery question{.sql = average, .partitions = {1}};
    question.token = encoded(shown);
    const Result<QueryAnswer> got =
        market.wait(3, ask(market.world.node(3), NodeId{0}, Port::queries, question, seconds(5)));
    return got ? "answered" : got.error().detail;
  };
  const auto shown = [&](const GrantRequest& request) {
    return present(&token, market.keys[3].signing, request, NodeId{0},
                   market.world.now().count() / 1'000'000, market.random);
  };
  const Presentation good = shown({.operation = GrantOperation::query, .resource = "use"});
  EXPECT_EQ(answer(good), "answered");
  EXPECT_THAT(answer(good), StartsWith("seen before: "));
  EXPECT_THAT(answer(shown({.operation = GrantOperation::query, .resource = "film"})),
              StartsWith("wrong resource: "));
  EXPECT_THAT(answer(shown({.resource = "use"})), StartsWith("wrong operation: "));
  RunQuery rubbish{.sql = average, .partitions = {1}};
  rubbish.token = blob_of("no presentation");
  const auto got =
      market.wait(3, ask(market.world.node(3), NodeId{0}, Port::queries, rubbish, seconds(5)));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::malformed);
}

// What is told of a group is told by nodes that each have enough of it, so the whole has, too.
TEST(GuardedAccess, TellsNoMergedGroupThatIsSmallerThanTheGrantDemands) {
  Market market{{.terms = {.minimum_group = 4, .aggregate_only = true}}};
  std::vector<Row> rows;
  for (int m = 0; m < 40; ++m)
    for (int at = 0; at <= m % 8; ++at)
      rows.push_back(
          {"meter " + std::to_string(m), std::int64_t{at}, 1.0, "street " + std::to_string(m % 8)});
  ASSERT_TRUE(market.wait(5, market.at(5).access->put_all("meters", std::move(rows))));
  const auto answer = market.ask("SELECT meter, count(*) FROM meters GROUP BY meter");
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->rows.size(), 25u);
  for (const Row& row : answer->rows) EXPECT_GE(std::get<std::int64_t>(row.at(1)), 4);
  EXPECT_TRUE(answer->cost.hides_small_groups);
}

TEST(RestrictionOf, KeepsAnEmptyListEmptyWhereNothingIsAllowed) {
  const TableSchema table = meters_table();
  EXPECT_TRUE(restriction_of({}, table)->is_none());
  const Result<Restriction> none = restriction_of({.columns = std::vector<std::string>{}}, table);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->is_none());
  ASSERT_TRUE(none->columns);
  EXPECT_TRUE(none->columns->empty());
  EXPECT_FALSE(restriction_of({.rows = {{"height", RowComparison::equal, 1.0}}}, table));
  const Result<Restriction> quoted =
      restriction_of({.rows = {{"address", RowComparison::equal, std::string{"O'Neil's"}}}}, table);
  EXPECT_EQ(quoted->row_filter, "\"address\" = 'O''Neil''s'");
}

}  // namespace
}  // namespace evenkeel::test

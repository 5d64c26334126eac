#include "models/access/access.h"

#include "tests/access/access_cluster.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Row> some_readings(int sites, int each) {
  std::vector<Row> rows;
  for (int s = 0; s < sites; ++s)
    for (int i = 0; i < each; ++i)
      rows.push_back(reading("site " + std::to_string(s), i, s + i / 4.0));
  return rows;
}

template <class T>
void expect_error(const Result<T>& result, ErrorCode code, const std::string& detail) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, code) << result.error().detail;
  EXPECT_THAT(result.error().detail, HasSubstr(detail));
}

TEST(Access, WritesReadsAndErases) {
  AccessCluster cluster{{}};
  Access& access = cluster.access();
  ASSERT_TRUE(cluster.wait(access.define(readings_table())).has_value());
  ASSERT_TRUE(cluster.wait(access.put("readings", reading("a", 1, 2.5))).has_value());
  const Row key = {std::string{"a"}, std::int64_t{1}};
  for (const ReadLevel level : {ReadLevel::strong, ReadLevel::bounded, ReadLevel::any}) {
    const auto row = cluster.wait(cluster.access(3).get("readings", key, {.level = level}), 3);
    ASSERT_TRUE(row.has_value()) << row.error().detail;
    EXPECT_EQ(row->values, reading("a", 1, 2.5));
  }
  ASSERT_TRUE(cluster.wait(access.erase("readings", key)).has_value());
  EXPECT_FALSE(cluster.wait(access.get("readings", key))->values.has_value());
}

TEST(Access, ComputesOverAllNodes) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(20, 10));
  for (const ReadLevel level : {ReadLevel::strong, ReadLevel::any}) {
    const auto all = cluster.query(
        "SELECT count(*), sum(value), min(value), max(value) "
        "FROM readings",
        {.level = level}, 2);
    ASSERT_TRUE(all.has_value()) << all.error().detail;
    // sum over s < 20, i < 10 of s + i / 4
    EXPECT_EQ(as_integer(all->rows[0][0]), 200);
    EXPECT_DOUBLE_EQ(as_real(all->rows[0][1]), 10 * 190 + 20 * 45 / 4.0);
    EXPECT_DOUBLE_EQ(as_real(all->rows[0][2]), 0);
    EXPECT_DOUBLE_EQ(as_real(all->rows[0][3]), 19 + 9 / 4.0);
  }
  const auto top = cluster.query(
      "SELECT site, avg(value) AS mean FROM readings WHERE at < 4 "
      "GROUP BY site HAVING avg(value) < 18 ORDER BY mean DESC LIMIT 2");
  ASSERT_TRUE(top.has_value()) << top.error().detail;
  EXPECT_THAT(top->columns, ElementsAre("site", "mean"));
  ASSERT_EQ(top->rows.size(), 2u);
  EXPECT_EQ(top->rows[0], (Row{std::string{"site 17"}, 17 + 6 / 16.0}));
  EXPECT_EQ(top->rows[1], (Row{std::string{"site 16"}, 16 + 6 / 16.0}));
}

TEST(Access, JoinsTablesThatAreKeptElsewhere) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(20, 10));
  const TableSchema sites{.name = "sites",
                          .columns = {{"id", ColumnType::text}, {"area", ColumnType::integer}}};
  std::vector<Row> rows;
  for (std::int64_t s = 0; s < 20; ++s) rows.push_back({"site " + std::to_string(s), s % 2});
  cluster.fill(sites, rows);
  const auto joined = cluster.query(
      "SELECT s.area, count(*), sum(r.value) FROM readings r JOIN "
      "sites s ON r.site = s.id WHERE r.at = 0 GROUP BY s.area");
  ASSERT_TRUE(joined.has_value()) << joined.error().detail;
  EXPECT_EQ(joined->rows, (std::vector<Row>{{std::int64_t{0}, std::int64_t{10}, 90.0},
                                            {std::int64_t{1}, std::int64_t{10}, 100.0}}));
}

TEST(Access, AsksOnlyWhoKeepsWhatIsAskedFor) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(20, 10));
  const auto one = cluster.query("SELECT max(value) FROM readings WHERE site = 'site 3'",
                                 {.level = ReadLevel::any});
  EXPECT_EQ(one->cost.nodes, 1u);
  EXPECT_DOUBLE_EQ(as_real(one->rows[0][0]), 3 + 9 / 4.0);
}

TEST(Access, ReadsLargeAnswersInPages) {
  AccessCluster::Settings settings;
  settings.queries.limits = {.rows = 30, .bytes = 2000};
  AccessCluster cluster{settings};
  cluster.fill(readings_table(), some_readings(5, 100));
  for (const ReadLevel level : {ReadLevel::strong, ReadLevel::any}) {
    const auto all = cluster.query("SELECT site, at FROM readings", {.level = level});
    ASSERT_TRUE(all.has_value()) << all.error().detail;
    EXPECT_EQ(all->rows.size(), 500u);
    EXPECT_GT(all->cost.rounds, 2u);
    EXPECT_EQ(cluster.query("SELECT at FROM readings LIMIT 7", {.level = level})->rows.size(), 7u);
  }
}

TEST(Access, MovesAHundredthOfTheBytesThatShippingTheRowsWould) {
  AccessCluster::Settings settings;
  settings.access.cached_rows = 0;
  AccessCluster cluster{settings};
  cluster.fill(readings_table(), some_readings(100, 200));
  const auto moved = [&](const std::string& sql) {
    const std::uint64_t before = cluster.world.bytes;
    const auto result = cluster.query(sql, {.level = ReadLevel::any}, 1);
    EXPECT_TRUE(result.has_value());
    return cluster.world.bytes - before;
  };
  const std::uint64_t rows = moved("SELECT site, at, value FROM readings");
  const std::uint64_t answer = moved("SELECT count(*), avg(value), max(value) FROM readings");
  EXPECT_GT(rows, 20'000u * 30);
  EXPECT_LT(answer * 100, rows) << answer << " of " << rows;
}

TEST(Access, ExplainsWhatGoesWhere) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(20, 10));
  const auto text = cluster.wait(cluster.access().explain(
      "SELECT site, avg(value) FROM readings WHERE at > 3 GROUP BY site", {}, {}, true));
  ASSERT_TRUE(text.has_value()) << text.error().detail;
  EXPECT_THAT(*text, HasSubstr("256 of 256 partitions of 'readings', on 5 nodes, 200 rows"));
  EXPECT_THAT(*text, HasSubstr("total(t0.\"value\"), count(t0.\"value\")"));
  EXPECT_THAT(*text, HasSubstr("it took "));
  const auto rows = cluster.query("EXPLAIN SELECT count(*) FROM readings WHERE site = 'x'");
  ASSERT_TRUE(rows.has_value()) << rows.error().detail;
  EXPECT_THAT(std::get<std::string>(rows->rows[1][0]), HasSubstr("1 of 256 partitions"));
}

TEST(Access, NamesWhatIsWrong) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(2, 2));
  expect_error(cluster.query("SELECT 1 FROM redings"), ErrorCode::not_found,
               "did you mean 'readings'?");
  expect_error(cluster.query("SELECT valeu FROM readings"), ErrorCode::invalid,
               "1:8: no column 'valeu' in 'readings'; did you mean 'value'?");
  expect_error(cluster.wait(cluster.access(2).put("nothing", {Value{}}), 2), ErrorCode::not_found,
               "there are 'readings'");
  expect_error(cluster.wait(cluster.access().get("readings", {std::string{"x"}})),
               ErrorCode::invalid, "has 2 values, not 1");
  TableSchema other = readings_table();
  other.columns.push_back({"more", ColumnType::text});
  expect_error(cluster.wait(cluster.access().define(other)), ErrorCode::conflict, "another table");
  for (std::uint32_t i = 1; i < 5; ++i) cluster.world.cut_off(i);
  expect_error(cluster.query("SELECT count(*) FROM readings"), ErrorCode::no_quorum, "try again");
  expect_error(cluster.wait(cluster.access().put("readings", reading("a", 1, 1))),
               ErrorCode::no_quorum, "try again");
}

TEST(Access, AnswersWhileOneNodeIsDown) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(20, 10));
  cluster.world.crash(3);
  for (const ReadLevel level : {ReadLevel::strong, ReadLevel::any}) {
    const auto all = cluster.query("SELECT count(*) FROM readings", {.level = level});
    ASSERT_TRUE(all.has_value()) << all.error().detail;
    EXPECT_EQ(as_integer(all->rows[0][0]), 200);
  }
}

TEST(Access, CountsWhatAQuorumHasWhereReplicasDiffer) {
  AccessCluster cluster{{}};
  const TableSchema table = readings_table();
  cluster.fill(table, some_readings(20, 10));
  // On one of its replicas only: perhaps acknowledged, perhaps not; from now on it counts.
  const Row row = reading("site 3", 77, 1000);
  const StoredRow stored{.at = row_key(table, row), .version = {9, 0, 9}, .values = row};
  const std::vector<NodeId>& replicas = cluster.placement.readable().replicas[stored.at.partition];
  for (const NodeId replica : replicas) {
    RowStore& store = cluster.nodes[index(replica)]->storage.store();
    if (replica == replicas.front()) continue;
    RowStore::Batch batch{store};
    StoredRow its = stored;
    if (replica == replicas[1]) its.version.attempt = 8;  // all three differ
    ASSERT_TRUE(store.write("readings", its).has_value());
    ASSERT_TRUE(batch.commit().has_value());
  }
  const auto all = cluster.query("SELECT count(*), max(value) FROM readings");
  ASSERT_TRUE(all.has_value()) << all.error().detail;
  EXPECT_EQ(as_integer(all->rows[0][0]), 201);
  EXPECT_DOUBLE_EQ(as_real(all->rows[0][1]), 1000);
  EXPECT_EQ(all->cost.gathered, 1u);
  const auto again = cluster.query("SELECT count(*) FROM readings");
  EXPECT_EQ(as_integer(again->rows[0][0]), 201);
}

Task<Result<AccessLeave>> tens_for_whoever_has_a_token(AccessRequest request) {
  if (request.token.empty())
    co_return Error{ErrorCode::denied, "no grant for " + request.table.name};
  co_return AccessLeave{.restriction = {.aggregate_only = true, .min_group = 10}};
}

TEST(Access, AppliesGrantsWhereTheRowsAre) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(20, 10));
  for (const auto& node : cluster.nodes) node->queries.guard(tens_for_whoever_has_a_token);
  const ShowToken token = [](NodeId) { return blob_of("insurer"); };
  const ReadOptions any{.level = ReadLevel::any, .token = token};
  expect_error(cluster.query("SELECT count(*) FROM readings"), ErrorCode::denied, "no grant for");
  expect_error(cluster.query("SELECT value FROM readings", any), ErrorCode::denied,
               "only aggregates");
  expect_error(cluster.query("SELECT count(*) FROM readings", {.token = token}), ErrorCode::denied,
               "level 'bounded' or 'any'");
  const auto sites = cluster.query("SELECT site, count(*) FROM readings GROUP BY site", any);
  ASSERT_TRUE(sites.has_value()) << sites.error().detail;
  EXPECT_EQ(sites->rows.size(), 20u);
  EXPECT_TRUE(sites->cost.hides_small_groups);
  expect_error(cluster.query("SELECT site, count(*) FROM readings WHERE at > 0 GROUP BY site", any),
               ErrorCode::denied, "group too small");
  const Row key = {std::string{"site 1"}, std::int64_t{1}};
  expect_error(cluster.wait(cluster.access().get("readings", key, any)), ErrorCode::denied,
               "queries only");
}

TEST(Access, ReadsFromItsCacheUntilTheRowChanges) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), some_readings(3, 3));
  const Row key = {std::string{"site 1"}, std::int64_t{1}};
  const ReadOptions any{.level = ReadLevel::any};
  const auto value = [&] {
    return as_real((*cluster.wait(cluster.access(4).get("readings", key, any), 4)->values)[2]);
  };
  EXPECT_DOUBLE_EQ(value(), 1.25);
  const std::uint64_t before = cluster.world.messages;
  EXPECT_DOUBLE_EQ(value(), 1.25);
  EXPECT_EQ(cluster.world.messages, before);
  ASSERT_TRUE(cluster.wait(cluster.access(0).put("readings", reading("site 1", 1, 7))).has_value());
  cluster.world.run_for(std::chrono::milliseconds{20});
  EXPECT_DOUBLE_EQ(value(), 7);
  // Where no word of a change comes through, the lease ends.
  cluster.world.cut_off(4);
  ASSERT_TRUE(cluster.wait(cluster.access(0).put("readings", reading("site 1", 1, 8))).has_value());
  cluster.world.run_for(seconds(11));
  cluster.world.cut_off(4, false);
  EXPECT_EQ(cluster.access(4).cache().size(), 1u);
  cluster.world.run_for(seconds(70));
  EXPECT_DOUBLE_EQ(value(), 8);
}

TEST(Access, DefinesTablesWhereTheyAreNotKnownYet) {
  AccessCluster cluster{{}};
  for (std::uint32_t i = 1; i < 3; ++i) cluster.world.cut_off(i);
  ASSERT_TRUE(cluster.wait(cluster.access().define(readings_table())).has_value());
  for (std::uint32_t i = 1; i < 3; ++i) cluster.world.cut_off(i, false);
  const auto none = cluster.query("SELECT count(*) FROM readings");
  ASSERT_TRUE(none.has_value()) << none.error().detail;
  EXPECT_EQ(as_integer(none->rows[0][0]), 0);
}

TEST(Access, QueriesANodeThatStartedOnAFullDisk) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), {reading("a", 1, 1), reading("a", 2, 3), reading("b", 1, 5)});
  cluster.world.crash(0);
  cluster.world.disks[0]->lose_all();
  cluster.world.disks[0]->fill(true);
  cluster.world.restart(0);
  cluster.world.run_for(seconds(5));
  cluster.world.disks[0]->fill(false);
  cluster.world.run_for(seconds(60));
  for (std::uint32_t i = 0; i < 5; ++i) {
    const Result<QueryResult> answer =
        cluster.query("SELECT variance(value) FROM readings", {.level = ReadLevel::any}, i);
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_DOUBLE_EQ(as_real(answer->rows.at(0).at(0)), 4);
  }
}

}  // namespace
}  // namespace evenkeel::test

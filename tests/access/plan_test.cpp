#include "models/access/plan.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <set>

#include "models/access/local_sql.h"
#include "models/access/sql_parser.h"
#include "tests/access/random_sql.h"

namespace evenkeel::test {
namespace {

constexpr std::size_t nodes = 5;
constexpr std::size_t copies = 3;

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

Connection in_memory() {
  sqlite3* connection = nullptr;
  sqlite3_open(":memory:", &connection);
  add_sql_functions(connection);
  return Connection{connection};
}

void execute(sqlite3* connection, const std::string& sql) {
  char* message = nullptr;
  sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message);
  ASSERT_EQ(message, nullptr) << sql << ": " << message;
}

std::string blob_text(const std::string& bytes) { return sql_text(Value{blob_of(bytes)}); }

// The same rows in one database, as `readings` and `sites`, and spread over five with copies.
class Cluster {
 public:
  explicit Cluster(std::uint64_t seed) : random(seed) {
    whole_ = in_memory();
    for (std::size_t i = 0; i < nodes; ++i) nodes_.push_back(in_memory());
    for (const TableSchema& table : tables) create(table);
    for (std::size_t p = 0; p < partitions; ++p) {
      std::set<std::size_t>& its = replicas_.emplace_back();
      while (its.size() < copies) its.insert(random.below(nodes));
    }
    fill();
  }

  Result<SqlRows> on_one(const RandomSql::Drawn& drawn) const {
    BoundSql sql{drawn.text, drawn.parameters};
    return run_select(whole_.get(), sql, {"readings", "sites"}, {});
  }

  Result<QueryPlan> plan(const std::string& text, std::vector<Value> parameters = {}) const {
    Result<Query> parsed = parse_sql(text);
    if (!parsed) return parsed.error();
    const FindTable find = [&](std::string_view name) -> const TableSchema* {
      for (const TableSchema& table : tables)
        if (table.name == name) return &table;
      return nullptr;
    };
    Result<CheckedQuery> checked =
        check_query(std::move(*parsed), find, {"readings", "sites"}, std::move(parameters));
    if (!checked) return checked.error();
    return QueryPlan{std::move(*checked)};
  }

  Result<SqlRows> on_all(const QueryPlan& plan) {
    const bool broadcast = plan.join() == QueryPlan::Join::broadcast;
    const bool first_is_side = random.chance(0.5);
    const Stage stage = !broadcast ? Stage::whole : first_is_side ? Stage::join_1 : Stage::join_0;
    PartialRows partial{plan.fragment_columns(stage)};
    std::vector<Row> side;
    if (broadcast) {
      const Stage fetch = first_is_side ? Stage::side_0 : Stage::side_1;
      const Result<std::vector<Row>> fetched = gather(plan, fetch, {});
      if (!fetched) return fetched.error();
      side = *fetched;
    }
    // The side's rows come in portions.
    std::size_t from = 0;
    do {
      const std::size_t count =
          broadcast ? std::min<std::size_t>(1 + random.below(40), side.size() - from) : 0;
      if (broadcast && count == 0) break;
      const Result<std::vector<Row>> rows =
          gather(plan, stage, std::span<const Row>{side}.subspan(from, count));
      if (!rows) return rows.error();
      if (const Result<Done> added = partial.add(*rows); !added) return added.error();
      from += count;
    } while (from < side.size());
    return partial.select(plan.final_sql(), {});
  }

  Random random;
  std::vector<TableSchema> tables = random_tables();

 private:
  void create(const TableSchema& table) {
    std::string columns;
    for (const Column& column : table.columns)
      columns += ", \"" + column.name + "\" " + std::string{to_string(column.type)};
    execute(whole_.get(), "CREATE TABLE " + table.name + " (" + columns.substr(2) + ")");
    for (const Connection& node : nodes_)
      execute(node.get(), "CREATE TABLE rows_" + table.name +
                              " (_part INTEGER, _key BLOB, _version BLOB, _dead INTEGER" + columns +
                              ", PRIMARY KEY (_part, _key)) WITHOUT ROWID");
  }

  void add(const TableSchema& table, const Row& row, bool dead) {
    std::string values;
    for (const Value& value : row) values += ", " + sql_text(value);
    const Partition partition = partition_of(table, row);
    const Key key = encode_key(table, std::span{row}.first(table.key_columns));
    if (!dead)
      execute(whole_.get(), "INSERT INTO " + table.name + " VALUES (" + values.substr(2) + ")");
    for (const std::size_t node : replicas_[partition])
      execute(nodes_[node].get(), "INSERT INTO rows_" + table.name + " VALUES (" +
                                      std::to_string(partition) + ", " + blob_text(key) +
                                      ", x'00', " + (dead ? "1" : "0") + values + ")");
  }

  void fill() {
    const std::vector<std::string> sites = {"n1", "n2", "north", "a'b", "", "s3"};
    for (const std::string& site : sites)
      for (std::int64_t sensor = 0; sensor < 5; ++sensor)
        for (std::int64_t at = 0; at < 6; ++at) {
          if (random.chance(0.3)) continue;
          Row row = {site, sensor, at, static_cast<double>(random.below(40)) / 4 - 3, Value{}};
          if (random.chance(0.2)) row[3] = Value{};
          if (random.chance(0.7)) row[4] = std::string{random.chance(0.5) ? "North" : "n1"};
          add(tables[0], row, random.chance(0.1));
        }
    for (std::size_t i = 1; i < sites.size(); ++i)
      add(tables[1], {sites[i], "name " + sites[i], static_cast<std::int64_t>(i * 3)}, false);
  }

  // Each partition is asked of one of its replicas.
  Result<std::vector<Row>> gather(const QueryPlan& plan, Stage stage, std::span<const Row> side) {
    std::vector<std::vector<Partition>> asked(nodes);
    for (const Partition partition : plan.partitions_of(QueryPlan::table_of(stage))) {
      auto chosen = replicas_[partition].begin();
      std::advance(chosen, random.below(copies));
      asked[*chosen].push_back(partition);
    }
    std::vector<Row> all;
    for (std::size_t node = 0; node < nodes; ++node) {
      std::vector<std::vector<Partition>> slices;
      if (plan.is_paged(stage) || random.chance(0.3)) {
        for (const Partition partition : asked[node]) slices.push_back({partition});
      } else if (!asked[node].empty()) {
        slices.push_back(asked[node]);
      }
      for (const std::vector<Partition>& slice : slices) {
        const Result<Done> read =
            read_slice(plan, stage, {.partitions = slice, .side = side}, nodes_[node].get(), all);
        if (!read) return read.error();
      }
    }
    return all;
  }

  Result<Done> read_slice(const QueryPlan& plan, Stage stage, Slice slice, sqlite3* node,
                          std::vector<Row>& all) {
    const bool paged = plan.is_paged(stage);
    if (paged) slice.most_rows = 1 + random.below(4);
    for (;;) {
      Result<SqlRows> rows =
          run_select(node, plan.fragment(stage, slice), plan.fragment_tables(stage), {});
      if (!rows) return rows.error();
      for (Row& row : rows->rows) {
        if (paged) {
          slice.after = text_of(std::get<Blob>(row.back()));
          row.pop_back();
        }
        all.push_back(std::move(row));
      }
      if (!paged || rows->rows.size() < *slice.most_rows) return Done{};
    }
  }

  Connection whole_;
  std::vector<Connection> nodes_;
  std::vector<std::set<std::size_t>> replicas_;
};

// Sums in another order differ in their last bits.
std::string in_short(const Row& row) {
  std::string text;
  for (const Value& value : row) {
    text += "|";
    const auto* integer = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (integer == nullptr && real == nullptr) {
      text += sql_text(value);
      continue;
    }
    double number = real != nullptr ? *real : static_cast<double>(*integer);
    if (std::abs(number) < 1e-9) number = 0;
    char digits[40];
    std::snprintf(digits, sizeof digits, "%.9g", number);
    text += digits;
  }
  return text;
}

std::vector<std::string> in_short(const std::vector<Row>& rows, bool sorted) {
  std::vector<std::string> all;
  for (const Row& row : rows) all.push_back(in_short(row));
  if (sorted) std::ranges::sort(all);
  return all;
}

class PlanOfManyQueries : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PlanOfManyQueries, GivesWhatOneDatabaseGives) {
  Cluster cluster{GetParam()};
  RandomSql generator{cluster.random};
  std::size_t with_rows = 0;
  for (int i = 0; i < 100; ++i) {
    const RandomSql::Drawn drawn = generator.draw();
    SCOPED_TRACE(drawn.text);
    const Result<SqlRows> expected = cluster.on_one(drawn);
    if (!expected && expected.error().detail.find("overflow") != std::string::npos) continue;
    ASSERT_TRUE(expected.has_value()) << expected.error().detail;
    const Result<QueryPlan> plan = cluster.plan(drawn.text, drawn.parameters);
    ASSERT_TRUE(plan.has_value()) << plan.error().detail;
    const Result<SqlRows> rows = cluster.on_all(*plan);
    ASSERT_TRUE(rows.has_value()) << rows.error().detail;
    if (drawn.any_rows) {
      EXPECT_EQ(rows->rows.size(), expected->rows.size());
      continue;
    }
    with_rows += expected->rows.empty() ? 0 : 1;
    EXPECT_EQ(in_short(rows->rows, !drawn.ordered), in_short(expected->rows, !drawn.ordered));
  }
  EXPECT_GT(with_rows, 20u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlanOfManyQueries, testing::Range<std::uint64_t>(1, 41));

TEST(QueryPlan, AsksOnlyThePartitionsThatEqualitiesLeave) {
  const Cluster cluster{1};
  const auto asked = [&](const std::string& where) {
    return cluster.plan("SELECT count(*) FROM readings WHERE " + where)->partitions_of(0).size();
  };
  const Row place = {std::string{"n1"}, std::int64_t{2}};
  const Result<QueryPlan> one =
      cluster.plan("SELECT count(*) FROM readings WHERE site = 'n1' AND sensor = 2.0");
  EXPECT_THAT(one->partitions_of(0), testing::ElementsAre(partition_of(cluster.tables[0], place)));
  EXPECT_LE(asked("site IN ('n1', 'n2') AND sensor IN (1, 2)"), 4u);
  EXPECT_EQ(asked("site = 'n1' AND sensor = 2.5"), 0u);
  EXPECT_EQ(asked("site = 'n1'"), partitions);
  EXPECT_EQ(asked("site = 'n1' OR sensor = 2"), partitions);
  EXPECT_EQ(asked("site = 'n1' AND NOT sensor = 2"), partitions);
}

TEST(QueryPlan, JoinsOnTheNodesOnlyWhatIsPlacedAlike) {
  const Cluster cluster{1};
  const auto join = [&](const std::string& on) {
    return cluster.plan("SELECT count(*) FROM readings a JOIN readings b ON " + on)->join();
  };
  EXPECT_EQ(join("a.site = b.site AND a.sensor = b.sensor"), QueryPlan::Join::together);
  EXPECT_EQ(join("a.site = b.site"), QueryPlan::Join::broadcast);
  EXPECT_EQ(cluster.plan("SELECT count(*) FROM readings a JOIN sites b ON a.site = b.id")->join(),
            QueryPlan::Join::broadcast);
}

Result<Done> restricted(const Cluster& cluster, const std::string& text,
                        const Restriction& restriction) {
  Result<QueryPlan> plan = cluster.plan(text);
  if (!plan) return plan.error();
  return plan->restrict(0, restriction);
}

TEST(QueryPlan, RefusesColumnsThatAGrantDoesNotName) {
  const Cluster cluster{1};
  const Restriction restriction{.columns = std::vector<std::string>{"site", "value"}};
  EXPECT_TRUE(restricted(cluster, "SELECT avg(value) FROM readings", restriction).has_value());
  const std::vector<std::string> refused = {"SELECT note FROM readings", "SELECT * FROM readings",
                                            "SELECT value FROM readings WHERE note = 'x'",
                                            "SELECT count(*) FROM readings GROUP BY note",
                                            "SELECT value FROM readings ORDER BY note"};
  for (const std::string& text : refused) {
    const Result<Done> allowed = restricted(cluster, text, restriction);
    ASSERT_FALSE(allowed.has_value()) << text;
    EXPECT_EQ(allowed.error().code, ErrorCode::denied);
    EXPECT_THAT(allowed.error().detail, testing::HasSubstr("allows site, value"));
  }
}

TEST(QueryPlan, RefusesWhatTellsSingleRowsUnderAnAggregateOnlyGrant) {
  const Cluster cluster{1};
  const Restriction restriction{.functions = std::vector<std::string>{"count", "sum", "avg"},
                                .aggregate_only = true};
  EXPECT_TRUE(
      restricted(cluster, "SELECT site, avg(value) FROM readings GROUP BY site", restriction)
          .has_value());
  const std::vector<std::string> refused = {
      "SELECT value FROM readings", "SELECT max(value) FROM readings",
      "SELECT sum(value * (sensor = 3)) FROM readings", "SELECT site FROM readings GROUP BY site",
      "SELECT count(*) FROM readings a JOIN sites b ON a.site = b.id"};
  for (const std::string& text : refused)
    EXPECT_FALSE(restricted(cluster, text, restriction).has_value()) << text;
}

TEST(QueryPlan, LeavesOutGroupsThatAreTooSmall) {
  Cluster cluster{1};
  Result<QueryPlan> plan =
      cluster.plan("SELECT site, sensor, count(*), count(value) FROM readings GROUP BY 1, 2");
  const Result<SqlRows> all = cluster.on_all(*plan);
  ASSERT_TRUE(plan->restrict(0, {.min_group = 4}).has_value());
  const Result<SqlRows> told = cluster.on_all(*plan);
  ASSERT_TRUE(told.has_value()) << told.error().detail;
  EXPECT_LT(told->rows.size(), all->rows.size());
  const auto large = [](const Row& row) {
    return std::get<std::int64_t>(row[2]) >= 4 && std::get<std::int64_t>(row[3]) >= 4;
  };
  EXPECT_EQ(told->rows.size(), static_cast<std::size_t>(std::ranges::count_if(all->rows, large)));
}

TEST(QueryPlan, CountsSubjectsNotRows) {
  Cluster cluster{1};
  Result<QueryPlan> plan = cluster.plan("SELECT count(*) FROM readings WHERE sensor = 1");
  ASSERT_TRUE(plan->restrict(0, {.min_group = 100, .subject = "site"}).has_value());
  EXPECT_EQ(std::get<std::int64_t>(cluster.on_all(*plan)->rows[0][0]), 0);
}

TEST(QueryPlan, ShowsOnlyTheRowsThatAGrantFilters) {
  Cluster cluster{1};
  Result<QueryPlan> plan = cluster.plan("SELECT DISTINCTS.site FROM readings AS DISTINCTS");
  ASSERT_TRUE(plan->restrict(0, {.row_filter = "site = 'n1' OR site = 's3'"}).has_value());
  const Result<SqlRows> rows = cluster.on_all(*plan);
  ASSERT_TRUE(rows.has_value()) << rows.error().detail;
  EXPECT_FALSE(rows->rows.empty());
  for (const Row& row : rows->rows)
    EXPECT_THAT(std::get<std::string>(row[0]), testing::AnyOf("n1", "s3"));
}

TEST(RunSelect, StopsAtItsLimitsAndReadsNothingElse) {
  const Connection connection = in_memory();
  execute(connection.get(),
          "CREATE TABLE t (a); CREATE TABLE secret (a); "
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
          "WHERE i < 1000) INSERT INTO t SELECT i FROM n");
  const auto run = [&](const std::string& text, const SqlLimits& limits) {
    return run_select(connection.get(), {text, {}}, {"t"}, limits);
  };
  EXPECT_EQ(run("SELECT count(*) FROM t, t AS u", {.steps = 10'000}).error().code, ErrorCode::full);
  EXPECT_EQ(run("SELECT a FROM t", {.rows = 10})->rows.size(), 10u);
  EXPECT_TRUE(run("SELECT a FROM t", {.rows = 10})->cut);
  EXPECT_TRUE(run("SELECT a FROM t", {.bytes = 100})->cut);
  EXPECT_FALSE(run("SELECT a FROM t", {.rows = 1000})->cut);
  for (const char* text : {"SELECT a FROM secret", "SELECT name FROM sqlite_master",
                           "SELECT load_extension('x') FROM t", "DELETE FROM t",
                           "PRAGMA table_info(t)", "ATTACH 'x' AS y", "CREATE TABLE x (a)"})
    EXPECT_FALSE(run(text, {}).has_value()) << text;
  EXPECT_EQ(run("SELECT a FROM secret", {}).error().code, ErrorCode::denied);
}

}  // namespace
}  // namespace evenkeel::test

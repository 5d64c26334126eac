#include "models/storage/records.h"

#include <gmock/gmock.h>

#include "tests/storage/cluster.h"

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

const Row one{std::string{"one"}, std::int64_t{1}};
const Row key_one{std::string{"one"}};

std::optional<Row> values(const std::optional<Result<StoredRow>>& row) {
  return row && *row ? (**row).values : std::nullopt;
}

TEST(Records, GiveOnAnyNodeWhatWasPutOnAnother) {
  StorageCluster cluster{{.nodes = 5}};
  const auto put = cluster.run(cluster.records(3).put(registers_table(), one));
  ASSERT_TRUE(put && *put);
  EXPECT_EQ(values(cluster.run(cluster.records(4).get(registers_table(), key_one))), one);
  EXPECT_EQ(values(cluster.run(cluster.records(0).get(registers_table(), key_one))), one);
}

TEST(Records, HaveNoValuesWhereNothingWasPut) {
  StorageCluster cluster{{.nodes = 3}};
  const auto row = cluster.run(cluster.records(0).get(registers_table(), key_one));
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((**row).values, std::nullopt);
  EXPECT_EQ((**row).version, Version{});
}

TEST(Records, AreGoneOnceErased) {
  StorageCluster cluster{{.nodes = 3}};
  cluster.run(cluster.records(0).put(registers_table(), one));
  const auto erased = cluster.run(cluster.records(1).erase(registers_table(), key_one));
  ASSERT_TRUE(erased && *erased);
  EXPECT_EQ(values(cluster.run(cluster.records(2).get(registers_table(), key_one))), std::nullopt);
}

TEST(Records, RefuseWhatDoesNotFitTheTable) {
  StorageCluster cluster{{.nodes = 3}};
  const auto put = cluster.run(
      cluster.records(0).put(registers_table(), {std::string{"one"}, std::string{"text"}}));
  ASSERT_TRUE(put && !*put);
  EXPECT_EQ(put->error().code, ErrorCode::invalid);
  EXPECT_EQ(put->error().detail, "column 'value' of 'registers' takes integer values");
}

TEST(Records, AreKeptWhileAMajorityCanBeReached) {
  StorageCluster cluster{{.nodes = 4}};
  cluster.world.cut_off(0);
  const auto put = cluster.run(cluster.records(3).put(registers_table(), one));
  ASSERT_TRUE(put && *put);
  cluster.world.cut_off(1);
  const auto second = cluster.run(cluster.records(3).put(registers_table(), one));
  ASSERT_TRUE(second && !*second);
  EXPECT_EQ(second->error().code, ErrorCode::no_quorum);
  EXPECT_EQ(second->error().detail,
            "writing to 'registers': only 1 of the replicas answered; try again when more of them "
            "can be reached");
}

TEST(Records, SurviveAPowerCutOfAllNodesAtOnce) {
  StorageCluster cluster{{.nodes = 3}};
  for (std::int64_t i = 0; i < 50; ++i) {
    const auto put = cluster.run(
        cluster.records(0).put(registers_table(), {std::string{"key"} + std::to_string(i), i}));
    ASSERT_TRUE(put && *put);
  }
  for (std::uint32_t i = 0; i < 3; ++i) cluster.world.crash(i);
  for (std::uint32_t i = 0; i < 3; ++i) cluster.world.restart(i);
  for (std::int64_t i = 0; i < 50; ++i) {
    const std::string name = "key" + std::to_string(i);
    EXPECT_EQ(values(cluster.run(cluster.records(1).get(registers_table(), {name}))),
              (Row{name, i}));
  }
}

std::vector<Row> many_rows(std::int64_t count) {
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < count; ++i) rows.push_back({"key" + std::to_string(i), i});
  return rows;
}

std::uint64_t rows_on(StorageCluster& cluster, std::uint32_t node, const TableSchema& table) {
  std::uint64_t rows = 0;
  for (std::size_t p = 0; p < partitions; ++p)
    rows += cluster.storage(node).store().digest(table.name, static_cast<Partition>(p)).rows;
  return rows;
}

TEST(Records, ArePutInBatchesAndScannedByPartition) {
  StorageCluster cluster{{.nodes = 4}, 4};
  const auto put = cluster.run(cluster.records(0).put_all(registers_table(), many_rows(1000)));
  ASSERT_TRUE(put && *put);
  std::size_t found = 0;
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto rows = cluster.run(
        cluster.records(1).scan(registers_table(), static_cast<Partition>(p), KeyRange{}));
    ASSERT_TRUE(rows && *rows);
    found += (*rows)->size();
  }
  EXPECT_EQ(found, 1000);
}

TEST(Records, AreScannedInPiecesThatMissNothing) {
  StorageCluster cluster{{.nodes = 3}};
  TableSchema table{.name = "readings",
                    .columns = {{"device", ColumnType::text},
                                {"at", ColumnType::integer},
                                {"watts", ColumnType::real}},
                    .key_columns = 2};
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < 100; ++i) rows.push_back({std::string{"d"}, i, 0.5});
  cluster.run(cluster.records(0).put_all(table, rows));
  std::vector<std::int64_t> seen;
  KeyRange range{.limit = 7};
  while (true) {
    const auto some = cluster.run(cluster.records(2).scan(table, {std::string{"d"}}, range));
    ASSERT_TRUE(some && *some);
    if ((*some)->empty()) break;
    for (const StoredRow& row : **some) seen.push_back(std::get<std::int64_t>((*row.values)[1]));
    range.from = (*some)->back().at.key + '\0';
  }
  ASSERT_EQ(seen.size(), 100);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST(Hints, BringToAReplicaWhatItMissed) {
  StorageCluster cluster{{.nodes = 4}};
  cluster.world.cut_off(0);
  cluster.run(cluster.records(3).put_all(registers_table(), many_rows(100)));
  EXPECT_EQ(rows_on(cluster, 0, registers_table()), 0);
  cluster.world.run_for(seconds(2));
  cluster.world.cut_off(0, false);
  cluster.world.run_for(seconds(12));
  EXPECT_EQ(rows_on(cluster, 0, registers_table()), 100);
}

TEST(AntiEntropy, MakesReplicasEqualWithoutHints) {
  StorageSettings settings;
  settings.records.hints.bytes = 0;
  StorageCluster cluster{{.nodes = 4}, 3, settings};
  cluster.world.cut_off(0);
  cluster.run(cluster.records(3).put_all(registers_table(), many_rows(300)));
  cluster.world.run_for(seconds(2));
  cluster.world.cut_off(0, false);
  cluster.world.run_for(seconds(130));
  EXPECT_EQ(rows_on(cluster, 0, registers_table()), 300);
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    const RowsDigest first = cluster.storage(0).store().digest("registers", partition);
    EXPECT_EQ(cluster.storage(1).store().digest("registers", partition), first);
    EXPECT_EQ(cluster.storage(2).store().digest("registers", partition), first);
  }
}

TEST(AntiEntropy, DoesNotBringBackWhatWasErasedBehindAReplicasBack) {
  StorageSettings settings;
  settings.records.hints.bytes = 0;
  settings.replica.forget_after = seconds(100);
  StorageCluster cluster{{.nodes = 4}, 3, settings};
  cluster.run(cluster.records(3).put(registers_table(), one));
  cluster.world.run_for(seconds(2));
  cluster.world.cut_off(0);
  cluster.run(cluster.records(3).erase(registers_table(), key_one));
  cluster.world.run_for(seconds(1000));  // longer than every timer
  cluster.world.cut_off(0, false);
  cluster.world.run_for(seconds(500));
  for (std::uint32_t i = 0; i < 3; ++i)
    EXPECT_EQ(
        values(cluster.run(cluster.records(i).get_from(NodeId{i}, registers_table(), key_one))),
        std::nullopt);
  EXPECT_EQ(rows_on(cluster, 0, registers_table()), 0) << "the erasure is forgotten by now";
  EXPECT_EQ(rows_on(cluster, 1, registers_table()), 0);
}

// What a writer that is gone left on one replica, nobody hints at: it is there within a period.
TEST(AntiEntropy, MakesReplicasEqualWithinAPeriodThatTheLossOfAWriterLeftUnequal) {
  StorageCluster cluster{{.nodes = 3}};
  cluster.run(cluster.records(0).put(registers_table(), one));
  cluster.world.loses = [](const Message& message) { return index(message.to) == 1; };
  cluster.run(cluster.records(0).put(registers_table(), {std::string{"other"}, std::int64_t{2}}),
              std::chrono::milliseconds{5});
  cluster.world.crash(0);
  cluster.world.disks[0]->lose_all();
  cluster.world.loses = [](const Message&) { return false; };
  cluster.world.restart(0);
  cluster.world.run_for(seconds(5));
  EXPECT_FALSE(cluster.storage(0).replica().is_recovering());
  EXPECT_EQ(rows_on(cluster, 1, registers_table()), 1);
  EXPECT_EQ(rows_on(cluster, 2, registers_table()), 2);
  cluster.world.run_for(seconds(60));
  EXPECT_EQ(rows_on(cluster, 1, registers_table()), 2);
}

TEST(Replica, AnswersNothingAfterALostDiskUntilItHasCopiedAllRows) {
  StorageCluster cluster{{.nodes = 4}};
  cluster.run(cluster.records(3).put_all(registers_table(), many_rows(100)));
  cluster.world.crash(0);
  cluster.world.disks[0]->lose_all();
  cluster.world.cut_off(1);
  cluster.world.restart(0);
  cluster.world.run_for(seconds(20));
  EXPECT_TRUE(cluster.storage(0).replica().is_recovering());
  const auto row =
      cluster.run(cluster.records(3).get_from(NodeId{0}, registers_table(), {std::string{"key7"}}));
  ASSERT_TRUE(row && !*row);
  EXPECT_EQ(row->error().code, ErrorCode::unreachable);
  cluster.world.cut_off(1, false);
  cluster.world.run_for(seconds(20));
  EXPECT_FALSE(cluster.storage(0).replica().is_recovering());
  EXPECT_EQ(rows_on(cluster, 0, registers_table()), 100);
}

// A crash in the middle of the copying must not make half of the rows look like all of them.
TEST(Replica, GoesOnRecoveringWhenItCrashesWhileItCopies) {
  StorageSettings settings;
  settings.replica.sync_bandwidth = 2000;
  settings.records.hints.bytes = 0;
  StorageCluster cluster{{.nodes = 4}, 3, settings};
  cluster.world.crash(2);
  const auto put = cluster.run(cluster.records(3).put_all(registers_table(), many_rows(100)));
  ASSERT_TRUE(put && *put);
  cluster.world.crash(0);
  cluster.world.disks[0]->lose_all();
  cluster.world.restart(0);
  cluster.world.run_for(seconds(1));
  const std::uint64_t copied = rows_on(cluster, 0, registers_table());
  ASSERT_TRUE(copied > 0 && copied < 100) << copied;
  cluster.world.crash(0);
  cluster.world.crash(1);
  cluster.world.restart(0);
  cluster.world.restart(2);
  for (std::int64_t i = 0; i < 100; ++i) {
    const Row key{"key" + std::to_string(i)};
    const auto row = cluster.run(cluster.records(3).get(registers_table(), key));
    ASSERT_TRUE(row);
    EXPECT_TRUE(!*row || (**row).values) << "an acknowledged row is said not to be there: " << i;
  }
  cluster.world.restart(1);
  cluster.world.run_for(seconds(200));
  EXPECT_FALSE(cluster.storage(0).replica().is_recovering());
  EXPECT_EQ(rows_on(cluster, 0, registers_table()), 100);
}

TEST(Replica, KnowsHowFreshItIs) {
  StorageCluster cluster{{.nodes = 3}};
  cluster.run(cluster.records(0).put(registers_table(), one));
  EXPECT_EQ(cluster.storage(0).replica().fresh_at(0), Time::min());
  cluster.world.run_for(seconds(200));
  EXPECT_GE(cluster.storage(0).replica().fresh_at(0), cluster.world.now() - seconds(62));
}

Task<Result<Done>> count_up(Records& records, int times, int& unsure) {
  const Records::Next increment = [](const std::optional<Row>& row) -> Result<std::optional<Row>> {
    const std::int64_t before = row ? std::get<std::int64_t>((*row)[1]) : 0;
    return std::optional<Row>{{std::string{"n"}, before + 1}};
  };
  for (int i = 0; i < times;) {
    const TableSchema table = counters_table();
    const Row key{std::string{"n"}};
    Task<Result<std::optional<Row>>> changing = records.change(table, key, increment);
    const Result<std::optional<Row>> changed = co_await std::move(changing);
    if (changed) ++i;
    if (!changed && changed.error().code == ErrorCode::no_quorum) ++unsure;
  }
  co_return Done{};
}

TEST(Records, CountExactlyWhenSeveralChangeTheSameRow) {
  int unsure = 0;
  StorageCluster cluster{{.nodes = 6}};
  std::vector<Task<Result<Done>>> counting;
  for (std::uint32_t i = 3; i < 6; ++i)
    counting.push_back(count_up(cluster.records(i), 20, unsure));
  const auto all = cluster.run(all_of(cluster.world.node(5), std::move(counting)));
  ASSERT_TRUE(all && *all);
  const auto row = cluster.run(cluster.records(0).get(counters_table(), {std::string{"n"}}));
  ASSERT_TRUE(values(row));
  const std::int64_t count = std::get<std::int64_t>((*values(row))[1]);
  EXPECT_GE(count, 60);
  EXPECT_LE(count, 60 + unsure);
}

}  // namespace
}  // namespace evenkeel::test

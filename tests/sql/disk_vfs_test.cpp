// A database on a node's disk: what it promises when all goes well.
#include "models/sql/disk_vfs.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "sim/world/memory_disk.h"

namespace evenkeel::test {
namespace {

std::unique_ptr<Database> opened(Disk& disk, const DiskDatabase& settings = {}) {
  Result<std::unique_ptr<Database>> database = open_on_disk(disk, "rows.db", settings);
  EXPECT_TRUE(database) << (database ? "" : database.error().detail);
  return database ? std::move(*database) : nullptr;
}

TEST(OpenOnDisk, KeepsRowsOverReopening) {
  MemoryDisk disk;
  {
    const auto database = opened(disk);
    database->execute("CREATE TABLE t(k INTEGER PRIMARY KEY, v BLOB)");
    Statement insert{*database, "INSERT INTO t VALUES(?, ?)"};
    for (int i = 0; i < 1000; ++i) insert.run(i, blob_of("value " + std::to_string(i)));
  }
  const auto database = opened(disk);
  EXPECT_EQ(database->number("SELECT count(*) FROM t"), 1000);
  Statement get{*database, "SELECT v FROM t WHERE k = ?"};
  get.start(77);
  ASSERT_TRUE(get.step());
  EXPECT_EQ(text_of(get.view(0)), "value 77");
  EXPECT_EQ(get.blob(0), blob_of("value 77"));
}

TEST(OpenOnDisk, RunsAsItPromisesTo) {
  MemoryDisk disk;
  const auto database = opened(disk);
  database->execute("CREATE TABLE t(x)");
  Statement mode{*database, "PRAGMA journal_mode"};
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
  EXPECT_EQ(database->number("PRAGMA synchronous"), 2);
  EXPECT_THAT(disk.list(), testing::ElementsAre("rows.db", "rows.db-wal"));
}

TEST(OpenOnDisk, UndoesWhatIsNotCommitted) {
  MemoryDisk disk;
  const auto database = opened(disk);
  database->execute("CREATE TABLE t(x)");
  {
    Transaction transaction{*database, Transaction::Kind::write};
    database->execute("INSERT INTO t VALUES(1)");
  }
  EXPECT_EQ(database->number("SELECT count(*) FROM t"), 0);
}

TEST(OpenOnDisk, ClosingWritesNothing) {
  MemoryDisk disk;
  auto database = opened(disk);
  database->execute("CREATE TABLE t(x); INSERT INTO t VALUES(1); BEGIN; INSERT INTO t VALUES(2)");
  const auto log = *disk.read("rows.db-wal", 0, 1 << 20);
  const auto file = *disk.read("rows.db", 0, 1 << 20);
  database.reset();
  EXPECT_EQ(*disk.read("rows.db-wal", 0, 1 << 20), log);
  EXPECT_EQ(*disk.read("rows.db", 0, 1 << 20), file);
  EXPECT_EQ(opened(disk)->number("SELECT sum(x) FROM t"), 1);
}

TEST(SqlResult, TellsWhatSqliteRefused) {
  MemoryDisk disk;
  const auto database = opened(disk);
  database->execute("CREATE TABLE t(x UNIQUE); INSERT INTO t VALUES(1)");
  const auto code_of = [&](const char* sql) {
    return sql_result([&]() -> Result<Done> {
             database->execute(sql);
             return Done{};
           })
        .error()
        .code;
  };
  EXPECT_EQ(code_of("SELEKT"), ErrorCode::invalid);
  EXPECT_EQ(code_of("INSERT INTO t VALUES(1)"), ErrorCode::conflict);
}

}  // namespace
}  // namespace evenkeel::test

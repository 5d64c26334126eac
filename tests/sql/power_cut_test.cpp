// A database on a disk that fails: power cuts at any write, a full disk, a disk that lies, bytes
// that nobody wrote; and that all of it happens again with the same seed.
#include <gmock/gmock.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "models/sql/disk_vfs.h"
#include "sim/world/memory_disk.h"
#include "tests/sql/watched_disk.h"

namespace evenkeel::test {
namespace {

using Rows = std::map<std::int64_t, std::string>;

constexpr const char* table = "CREATE TABLE IF NOT EXISTS t(k INTEGER PRIMARY KEY, v TEXT)";

Rows rows_of(Database& database) {
  Rows rows;
  Statement all{database, "SELECT k, v FROM t ORDER BY k", Statement::Use::once};
  while (all.step()) rows[all.integer(0)] = all.text(1);
  return rows;
}

// Some rows in one transaction.
Rows change(const Rows& before, Random& random) {
  Rows after = before;
  for (std::uint64_t i = 1 + random.below(6); i > 0; --i) {
    const auto key = static_cast<std::int64_t>(random.below(60));
    after[key] = std::string(random.below(250), static_cast<char>('a' + random.below(26)));
  }
  return after;
}

void commit(Database& database, const Rows& before, const Rows& after) {
  Transaction transaction{database, Transaction::Kind::write};
  Statement put{database, "INSERT OR REPLACE INTO t VALUES (?, ?)"};
  for (const auto& [key, value] : after)
    if (!before.contains(key) || before.at(key) != value) put.run(key, value);
  transaction.commit();
}

// A disk, what was acknowledged, and what was asked for last and not acknowledged.
struct Survivor {
  explicit Survivor(std::uint64_t seed) : random(seed) {
    const auto database = *open_on_disk(disk, "rows.db");
    database->execute(table);
  }

  DiskDatabase settings() {
    return {.seed = random(), .checkpoint_pages = random.chance(0.5) ? 6 : 64};
  }

  // Commits until the power fails at the change after so many, or between two commits.
  void run(std::uint64_t changes, std::uint64_t commits) {
    WatchedDisk watched{disk};
    watched.cut_after(changes);
    Result<std::unique_ptr<Database>> database = open_on_disk(watched, "rows.db", settings());
    ASSERT_TRUE(database || watched.is_cut()) << database.error().detail;
    try {
      for (; database && commits > 0; --commits) {
        asked = change(acknowledged, random);
        commit(**database, acknowledged, asked);
        acknowledged = asked;
        ++acknowledgements;
      }
    } catch (const SqlError& error) {
      ASSERT_TRUE(watched.is_cut()) << error.what();
    }
    if (database) database->reset();
    disk.lose_power(how, random);
  }

  void check() {
    Result<std::unique_ptr<Database>> database = open_on_disk(disk, "rows.db", settings());
    ASSERT_TRUE(database) << database.error().detail;
    Statement check{**database, "PRAGMA integrity_check", Statement::Use::once};
    ASSERT_TRUE(check.step());
    ASSERT_EQ(check.text(0), "ok");
    check.reset();
    const Rows found = rows_of(**database);
    ASSERT_TRUE(found == acknowledged || found == asked)
        << "after " << acknowledgements << " acknowledged commits";
    asked = acknowledged = found;
  }

  Random random;
  MemoryDisk disk;
  PowerLoss how = PowerLoss::tears;
  Rows acknowledged, asked;
  int acknowledgements = 0;
};

TEST(PowerCut, LosesNothingAcknowledgedAndShowsNothingHalfDone) {
  Survivor survivor{17};
  for (int cut = 0; cut < 700; ++cut) {
    survivor.how = cut % 5 == 0 ? PowerLoss::drops : PowerLoss::tears;
    survivor.run(survivor.random.below(150), 1 + survivor.random.below(40));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    survivor.check();
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "cut " << cut;
  }
  EXPECT_GT(survivor.acknowledgements, 3000);
}

// What was recovered from the log shares sectors with what is appended next.
TEST(PowerCut, ASecondOneRightAfterRecoveryLosesNothingEither) {
  Survivor survivor{18};
  for (int cut = 0; cut < 500; ++cut) {
    survivor.run(survivor.random.below(100), 1 + survivor.random.below(12));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    const bool is_done = survivor.asked == survivor.acknowledged;
    // In the course of the recovery, or of the first commits after it.
    const Rows asked = survivor.asked;
    if (is_done) {
      survivor.run(survivor.random.below(20), 2);
    } else {
      survivor.run(survivor.random.below(12), 0);
      survivor.asked = asked;
    }
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    survivor.check();
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "cut " << cut;
  }
  EXPECT_GT(survivor.acknowledgements, 1000);
}

TEST(PowerCut, OfADiskThatLiesAboutSyncsLosesWhatWasAcknowledged) {
  MemoryDisk disk;
  (*open_on_disk(disk, "rows.db"))->execute(table);
  disk.lying_sync(true);
  (*open_on_disk(disk, "rows.db"))->execute("INSERT INTO t VALUES (1, 'lost')");
  disk.lose_power();
  EXPECT_EQ((*open_on_disk(disk, "rows.db"))->number("SELECT count(*) FROM t"), 0);
}

Result<Done> insert(Database& database, std::int64_t key, const std::string& value) {
  return sql_result([&]() -> Result<Done> {
    Statement put{database, "INSERT OR REPLACE INTO t VALUES (?, ?)"};
    put.run(key, value);
    return Done{};
  });
}

TEST(FullDisk, IsAnErrorAndHarmsNothing) {
  MemoryDisk disk{100'000};
  Rows kept;
  auto database = *open_on_disk(disk, "rows.db");
  database->execute(table);
  for (std::int64_t key = 0;; ++key) {
    ASSERT_LT(key, 1000);
    const std::string value(500, 'x');
    const Result<Done> put = insert(*database, key, value);
    if (put) {
      kept[key] = value;
      continue;
    }
    EXPECT_EQ(put.error().code, ErrorCode::full) << put.error().detail;
    break;
  }
  EXPECT_GT(kept.size(), 20u);
  EXPECT_EQ(rows_of(*database), kept);
  database.reset();
  disk.lose_power();
  // A database that has no room to empty its log can be read.
  disk.fill(true);
  database = *open_on_disk(disk, "rows.db");
  EXPECT_EQ(rows_of(*database), kept);
  EXPECT_EQ(insert(*database, 0, "x").error().code, ErrorCode::full);
  database.reset();
  MemoryDisk larger{200'000};
  for (const std::string& file : disk.list())
    ASSERT_TRUE(larger.write(file, 0, *disk.read(file, 0, 1 << 20)));
  database = *open_on_disk(larger, "rows.db");
  EXPECT_EQ(rows_of(*database), kept);
  EXPECT_TRUE(insert(*database, 0, "x"));
}

TEST(FullDisk, WorksAgainOnceThereIsSpace) {
  MemoryDisk disk;
  auto database = *open_on_disk(disk, "rows.db");
  database->execute(table);
  EXPECT_TRUE(insert(*database, 1, "one"));
  for (int times = 0; times < 3; ++times) {
    disk.fill(true);
    Result<Done> put = Done{};
    for (std::int64_t key = 100; key < 1000 && put; ++key)
      put = insert(*database, key, std::string(2000, 'x'));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::full);
    EXPECT_EQ(rows_of(*database).at(1), "one");
    disk.fill(false);
    EXPECT_TRUE(insert(*database, 2, "two"));
    EXPECT_EQ(rows_of(*database).at(2), "two");
  }
  EXPECT_EQ(database->number("SELECT count(*) FROM pragma_integrity_check "
                             "WHERE integrity_check = 'ok'"),
            1);
}

// Everything that draws random numbers, writes the log round and round, and starts again.
std::uint64_t fingerprint(std::uint64_t seed) {
  MemoryDisk disk;
  WatchedDisk watched{disk};
  Random random{7};
  Rows rows;
  for (int times = 0; times < 4; ++times) {
    const auto database = *open_on_disk(watched, "rows.db", {.seed = seed, .checkpoint_pages = 10});
    database->execute(table);
    for (int i = 0; i < 50; ++i) {
      const Rows after = change(rows, random);
      commit(*database, rows, after);
      rows = after;
    }
    database->execute("CREATE TABLE IF NOT EXISTS r(x); INSERT INTO r VALUES (random())");
    rows_of(*database);
  }
  return watched.fingerprint();
}

TEST(OpenOnDisk, DoesTheSameWithTheSameSeedInAnyProcess) {
  const std::string here = std::to_string(fingerprint(1));
  if (const char* file = std::getenv("EVENKEEL_FINGERPRINT_FILE")) {
    std::ofstream{file} << here;
    return;
  }
  EXPECT_EQ(here, std::to_string(fingerprint(1)));
  EXPECT_NE(here, std::to_string(fingerprint(2)));
  const std::string file = testing::TempDir() + "evenkeel_fingerprint_" + std::to_string(getpid());
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  const std::string command =
      "EVENKEEL_FINGERPRINT_FILE='" + file + "' '" + program +
      "' --gtest_filter=OpenOnDisk.DoesTheSameWithTheSameSeedInAnyProcess > /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string there;
  std::ifstream{file} >> there;
  std::filesystem::remove(file);
  EXPECT_EQ(there, here);
}

// Bits, spans and lengths of the files that are not what was written.
void spoil(MemoryDisk& disk, Random& random) {
  for (std::uint64_t i = 1 + random.below(4); i > 0; --i) {
    const std::string file = random.chance(0.5) ? "rows.db" : "rows.db-wal";
    const std::uint64_t size = *disk.size(file);
    if (size == 0) continue;
    // The headers are where most is to be broken.
    const std::uint64_t offset =
        random.chance(0.4) ? random.below(std::min<std::uint64_t>(size, 120)) : random.below(size);
    if (random.chance(0.1)) {
      ASSERT_TRUE(disk.truncate(file, offset));
      continue;
    }
    std::vector<std::byte> bytes(random.chance(0.7) ? 1 : 1 + random.below(64));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
    ASSERT_TRUE(disk.write(file, offset, bytes));
  }
}

TEST(HostileBytes, AreAnErrorOrOtherRowsButNoHarm) {
  MemoryDisk disk;
  Random random{23};
  {
    const auto database = *open_on_disk(disk, "rows.db");
    database->execute(table);
    database->execute("CREATE INDEX i ON t(v)");
    Rows rows;
    for (int i = 0; i < 100; ++i) {
      const Rows after = change(rows, random);
      commit(*database, rows, after);
      rows = after;
    }
  }
  int errors = 0;
  int opened = 0;
  for (int i = 0; i < 400; ++i) {
    MemoryDisk spoilt = disk;
    spoil(spoilt, random);
    Result<std::unique_ptr<Database>> database = open_on_disk(spoilt, "rows.db");
    if (!database) {
      ++errors;
      continue;
    }
    ++opened;
    const Result<Done> used = sql_result([&]() -> Result<Done> {
      rows_of(**database);
      (*database)->number("SELECT count(*) FROM t WHERE v > 'm'");
      (*database)->number("SELECT count(*) FROM pragma_integrity_check");
      (*database)->execute("INSERT OR REPLACE INTO t VALUES (7, 'x'); DELETE FROM t WHERE k < 30");
      return Done{};
    });
    errors += !used;
  }
  EXPECT_GT(errors, 50);
  EXPECT_GT(opened, 50);
}

}  // namespace
}  // namespace evenkeel::test

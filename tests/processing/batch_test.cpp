// Map-reduce over stored rows, against plain arithmetic, with nodes that are slow or lost.
#include "models/processing/batch.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <numeric>
#include <set>

#include "models/processing/batch_worker.h"
#include "models/sql/disk_vfs.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

constexpr std::uint32_t parts = 12;
constexpr std::uint32_t rows_of_part = 100;

/// device, temperature, power = 3 + 2 temperature.
Row reading(std::uint32_t part, std::uint32_t i) {
  const std::uint32_t n = part * rows_of_part + i;
  const double temperature = static_cast<double>((n * 37) % 101);
  Row row;
  row.emplace_back(std::int64_t{n % 7});
  row.emplace_back(temperature);
  row.emplace_back(3 + 2 * temperature);
  return row;
}

/// The layout of the row store, with one row erased that must not count.
void store_readings(Database& database, const std::vector<std::uint32_t>& kept) {
  database.execute(
      "CREATE TABLE rows_readings (_part INTEGER, _key BLOB, _version BLOB, _dead INTEGER,"
      " device INTEGER, temperature REAL, power REAL, PRIMARY KEY (_part, _key)) WITHOUT ROWID");
  Transaction transaction{database, Transaction::Kind::write};
  Statement add{database, "INSERT INTO rows_readings VALUES (?, ?, x'', ?, ?, ?, ?)"};
  for (const std::uint32_t part : kept) {
    for (std::uint32_t i = 0; i <= rows_of_part; ++i) {
      const Row row = reading(part, i);
      add.run(part, encoded(i), i == rows_of_part, std::get<std::int64_t>(row[0]),
              std::get<double>(row[1]), std::get<double>(row[2]));
    }
  }
  transaction.commit();
}

std::vector<NodeId> replicas_of(std::uint32_t part) {
  return {NodeId{1 + part % 5}, NodeId{1 + (part + 1) % 5}, NodeId{1 + (part + 2) % 5}};
}

struct BatchStation {
  BatchStation(Node& node, const BatchWorkerSettings& settings)
      : database(*open_on_disk(node.disk(), "rows.db")),
        rows(*database,
             [&node](std::uint32_t part) {
               return std::ranges::count(replicas_of(part), node.id()) > 0;
             }),
        service(node, Port::jobs),
        worker(node, rows, service, settings) {}
  std::unique_ptr<Database> database;
  TableRows rows;
  Service service;
  BatchWorker worker;
};

Task<> run_batch(BatchRunner& runner, BatchSpec spec, std::vector<BatchPart> where,
                 std::optional<Result<BatchResult>>& result) {
  const std::vector<NodeId> reducers{NodeId{1}, NodeId{2}, NodeId{3}, NodeId{4}, NodeId{5}};
  Task<Result<BatchResult>> running = runner.run(std::move(spec), std::move(where), reducers);
  Result<BatchResult> done = co_await std::move(running);
  result.emplace(std::move(done));
}

class BatchPlay {
 public:
  explicit BatchPlay(const ClusterWorld::Settings& settings = {.nodes = 6})
      : world(settings), stations(6), slow(6) {
    for (std::uint32_t i = 1; i < 6; ++i) {
      std::vector<std::uint32_t> kept;
      for (std::uint32_t part = 0; part < parts; ++part)
        if (std::ranges::count(replicas_of(part), NodeId{i}) > 0) kept.push_back(part);
      const auto database = std::move(*open_on_disk(*world.disks[i], "rows.db"));
      store_readings(*database, kept);
    }
    for (std::uint32_t i = 1; i < 6; ++i)
      world.node(i).on_start([this, i](Node& node) {
        stations[i] = nullptr;
        BatchWorkerSettings its;
        its.fetch_timeout = seconds(0.5);
        its.ops_per_read = slow[i] ? 50e6 : 100e3;  // a part: 5 s, 10 ms
        stations[i] = std::make_unique<BatchStation>(node, its);
      });
    world.start();
  }
  ~BatchPlay() { world.stop(); }

  void begin(const BatchSpec& spec) {
    std::vector<BatchPart> where;
    for (std::uint32_t part = 0; part < parts; ++part) where.push_back({part, replicas_of(part)});
    runner = std::make_unique<BatchRunner>(
        world.node(0), BatchSettings{.map_timeout = seconds(10), .reduce_timeout = seconds(5)});
    world.node(0).spawn(run_batch(*runner, spec, where, result));
  }

  ClusterWorld world;
  std::vector<std::unique_ptr<BatchStation>> stations;
  std::vector<bool> slow;  // by node; before it starts
  std::unique_ptr<BatchRunner> runner;
  std::optional<Result<BatchResult>> result;
};

BatchSpec sums() {
  BatchSpec spec{.input = "readings"};
  spec.mapper = {.name = "columns", .lists = {{"group", {0}}, {"values", {1}}}};
  spec.reduce = {{{.name = "sum"}, {0}}, {{.name = "count"}, {0}}};
  spec.reducers = 3;
  return spec;
}

void expect_right(const BatchResult& result) {
  EXPECT_EQ(result.rows, parts * rows_of_part);
  std::map<std::int64_t, std::pair<double, std::int64_t>> truth;
  for (std::uint32_t part = 0; part < parts; ++part) {
    for (std::uint32_t i = 0; i < rows_of_part; ++i) {
      const Row row = reading(part, i);
      auto& [sum, count] = truth[std::get<std::int64_t>(row[0])];
      sum += std::get<double>(row[1]);
      ++count;
    }
  }
  ASSERT_EQ(result.groups.size(), truth.size());
  for (const GroupResult& group : result.groups) {
    const auto& [sum, count] = truth[std::get<std::int64_t>(group.key.at(0))];
    EXPECT_EQ(std::get<double>(group.values.at(0)), sum);
    EXPECT_EQ(std::get<std::int64_t>(group.values.at(1)), count);
    EXPECT_EQ(group.rows, static_cast<std::uint64_t>(count));
  }
}

TEST(Batch, ComesToWhatPlainArithmeticSays) {
  BatchPlay play;
  play.begin(sums());
  play.world.run_for(seconds(5));
  ASSERT_TRUE(play.result && *play.result);
  expect_right(**play.result);
  EXPECT_EQ((*play.result)->retries, 0u);
  for (std::uint32_t i = 1; i < 6; ++i) EXPECT_EQ(play.stations[i]->worker.kept_bytes(), 0u);
}

TEST(Batch, MovesSumsNotRows) {
  BatchPlay play;
  play.begin(sums());
  play.world.run_for(seconds(5));
  ASSERT_TRUE(play.result && *play.result);
  // 84 partial groups of about 100 bytes, their answers, and the questions.
  EXPECT_LT(play.world.bytes, 60'000u);
}

TEST(Batch, FitsALineAcrossNodes) {
  BatchPlay play;
  BatchSpec spec{.input = "readings"};
  spec.mapper = {.name = "columns", .lists = {{"values", {1, 2}}}};
  spec.reduce = {{{.name = "linear_regression"}, {0, 1}}};
  play.begin(spec);
  play.world.run_for(seconds(5));
  ASSERT_TRUE(play.result && *play.result);
  const Row& line = (*play.result)->groups.at(0).values;
  EXPECT_NEAR(std::get<double>(line[0]), 3, 1e-9);
  EXPECT_NEAR(std::get<double>(line[1]), 2, 1e-9);
}

TEST(Batch, MovesCentresByOneIterationOfKMeans) {
  BatchPlay play;
  BatchSpec spec{.input = "readings"};
  spec.mapper = {.name = "nearest_centre", .lists = {{"columns", {1}}, {"centres", {0, 100}}}};
  spec.reduce = {{{.name = "mean"}, {0}}};
  play.begin(spec);
  play.world.run_for(seconds(5));
  ASSERT_TRUE(play.result && *play.result);
  double low = 0;
  double low_count = 0;
  for (std::uint32_t part = 0; part < parts; ++part)
    for (std::uint32_t i = 0; i < rows_of_part; ++i)
      if (const double x = std::get<double>(reading(part, i)[1]); x <= 50) {
        low += x;
        ++low_count;
      }
  EXPECT_DOUBLE_EQ(std::get<double>((*play.result)->groups.at(0).values.at(0)), low / low_count);
}

TEST(Batch, CopiesWhatIsSlowAndCountsItOnce) {
  BatchPlay play;
  play.slow[3] = true;
  play.world.crash(3);
  play.world.restart(3);
  play.begin(sums());
  play.world.run_for(seconds(3));  // a slow part alone would take 5 s
  ASSERT_TRUE(play.result && *play.result);
  expect_right(**play.result);
  EXPECT_GT((*play.result)->copies, 0u);
  EXPECT_EQ(play.world.counts["batch speculative copies"],
            static_cast<double>((*play.result)->copies));
}

TEST(Batch, MapsAgainWhatALostNodeHadMapped) {
  BatchPlay play;
  play.begin(sums());
  play.world.at(seconds(0.015), [&] { play.world.crash(2); });
  play.world.run_for(seconds(60));
  ASSERT_TRUE(play.result);
  ASSERT_TRUE(*play.result) << play.result->error().detail;
  expect_right(**play.result);
}

TEST(Batch, SaysWhichPartNobodyCouldMap) {
  BatchPlay play;
  for (const std::uint32_t i : {1u, 2u, 3u}) play.world.crash(i);  // all that keep part 0
  play.begin(sums());
  play.world.run_for(seconds(200));
  ASSERT_TRUE(play.result && !*play.result);
  EXPECT_EQ(play.result->error().code, ErrorCode::unreachable);
  EXPECT_THAT(play.result->error().detail, testing::HasSubstr("part 0 of the input"));
}

TEST(Batch, IsRightOrFailsWhateverCrashes) {
  int right = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random = Random::stream(seed, "batch");
    BatchPlay play{{.nodes = 6, .seed = seed, .loss = 0.05 * random.uniform(), .duplication = 0.1}};
    for (int i = 0; i < 3; ++i) {
      const auto victim = static_cast<std::uint32_t>(1 + random.below(5));
      const Time at = seconds(0.1 * random.uniform());
      play.world.at(at, [&play, victim] {
        if (play.world.node(victim).is_up()) play.world.crash(victim);
      });
      play.world.at(at + seconds(random.uniform()), [&play, victim] {
        if (!play.world.node(victim).is_up()) play.world.restart(victim);
      });
    }
    play.begin(sums());
    play.world.run_for(seconds(400));
    ASSERT_TRUE(play.result) << "seed " << seed;
    if (!*play.result) continue;
    ++right;
    expect_right(**play.result);
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(right, 50);
}

TEST(Batch, RefusesWhatMakesNoSense) {
  BatchPlay play;
  BatchSpec spec = sums();
  spec.mapper.name = "colums";
  play.begin(spec);
  play.world.run_for(seconds(1));
  ASSERT_TRUE(play.result && !*play.result);
  EXPECT_THAT(play.result->error().detail, testing::HasSubstr("no mapper 'colums'"));
}

TEST(ChunkLines, GivesEachLineAsARow) {
  ChunkLines lines{[](const std::string&, std::uint32_t part) -> Result<Blob> {
    if (part > 0) return Error{ErrorCode::not_found, "not here"};
    return blob_of("a b\n\nc");
  }};
  const Result<std::vector<Row>> rows = lines.read("file", 0, 10);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ(std::get<std::string>((*rows)[0][0]), "a b");
  EXPECT_EQ(std::get<std::string>((*rows)[2][0]), "c");
  EXPECT_EQ(lines.read("file", 1, 10).error().code, ErrorCode::not_found);
  EXPECT_EQ(lines.read("file", 0, 2).error().code, ErrorCode::full);
}

TEST(Words, AreInLowerCaseAndWithoutPunctuation) {
  const Result<MakeMapper> words = make_chosen<MakeMapper>(mappers(), {.name = "words"});
  ASSERT_TRUE(words);
  std::vector<std::string> seen;
  Row row;
  row.emplace_back(std::string{"The cat, the 2 cats: 'Ärger'."});
  (*words)->map(
      row, [&](const Row& key, const Row&) { seen.push_back(std::get<std::string>(key.at(0))); });
  EXPECT_THAT(seen, testing::ElementsAre("the", "cat", "the", "2", "cats", "Ärger"));
}

TEST(Mappers, AreTheFilesOfTheirFolder) {
  std::set<std::string> files;
  std::set<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator{EVENKEEL_SOURCE_DIR "/models/processing/mappers"})
    files.insert(file.path().stem());
  for (const Entry& entry : mappers().entries()) names.insert(entry.name);
  EXPECT_EQ(files, names);
}

}  // namespace
}  // namespace evenkeel::test

// What each level promises, while nodes are cut off and messages are lost: one writer, readers on
// other nodes, and a record of what was acknowledged when.
#include "tests/access/access_cluster.h"

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

constexpr int sites = 6;
const Duration staleness = seconds(4);

// Per site the values 1, 2, 3, ... are written, one after the other.
struct History {
  struct Acknowledged {
    Time at{};
    int value = 0;
  };
  std::array<std::vector<Acknowledged>, sites> acknowledged;
  std::array<int, sites> attempted{};
  std::vector<std::string> violations;
  std::array<int, 4> reads{};  // by level
  int queries = 0;

  // The last value acknowledged by then.
  int by(int site, Time then) const {
    int value = 0;
    for (const Acknowledged& one : acknowledged[static_cast<std::size_t>(site)])
      if (one.at <= then) value = one.value;
    return value;
  }
  void check(const std::string& what, int site, int value, int least) {
    if (value >= least && value <= attempted[static_cast<std::size_t>(site)]) return;
    violations.push_back(what + " of site " + std::to_string(site) + ": " + std::to_string(value) +
                         ", not " + std::to_string(least) + " or more");
  }
};

std::string site_name(int site) { return "site " + std::to_string(site); }

int value_of(const StoredRow& row) {
  return row.values ? static_cast<int>(as_real((*row.values)[2])) : 0;
}

Task<> write(Node& node, Access& access, History& history, std::shared_ptr<AccessSession> session) {
  for (;;) {
    const int site = static_cast<int>(node.random().below(sites));
    const int value = ++history.attempted[static_cast<std::size_t>(site)];
    Row row = reading(site_name(site), 0, value);
    Task<Result<Version>> writing = access.put("readings", std::move(row), session);
    const Result<Version> written = co_await std::move(writing);
    if (written)
      history.acknowledged[static_cast<std::size_t>(site)].push_back({node.now(), value});
    // Its own reads see it, wherever they go.
    Row key = {site_name(site), std::int64_t{0}};
    ReadOptions own{.level = ReadLevel::read_your_writes, .session = session};
    const int least = history.by(site, node.now());
    Task<Result<StoredRow>> reading_back = access.get("readings", std::move(key), own);
    const Result<StoredRow> row_back = co_await std::move(reading_back);
    if (row_back) {
      history.check("read your writes", site, value_of(*row_back), least);
      ++history.reads[1];
    }
    co_await node.sleep(milliseconds{static_cast<std::int64_t>(5 + node.random().below(60))});
  }
}

Task<> read(Node& node, Access& access, History& history) {
  for (;;) {
    const int site = static_cast<int>(node.random().below(sites));
    const std::array<ReadLevel, 3> levels = {ReadLevel::strong, ReadLevel::bounded, ReadLevel::any};
    const ReadLevel level = levels[node.random().below(3)];
    const Time since = node.now();
    Row key = {site_name(site), std::int64_t{0}};
    ReadOptions options{.level = level, .staleness = staleness};
    Task<Result<StoredRow>> reading = access.get("readings", std::move(key), options);
    const Result<StoredRow> row = co_await std::move(reading);
    if (row) {
      const int least = level == ReadLevel::strong    ? history.by(site, since)
                        : level == ReadLevel::bounded ? history.by(site, since - staleness)
                                                      : 0;
      history.check("level " + std::to_string(static_cast<int>(level)), site, value_of(*row),
                    least);
      ++history.reads[static_cast<std::size_t>(level)];
    }
    co_await node.sleep(milliseconds{static_cast<std::int64_t>(5 + node.random().below(40))});
  }
}

Task<> query(Node& node, Access& access, History& history) {
  for (;;) {
    const bool strong = node.random().chance(0.5);
    const Time since = node.now();
    ReadOptions options{.level = strong ? ReadLevel::strong : ReadLevel::bounded,
                        .staleness = staleness};
    std::string sql =
        "SELECT site, max(value) FROM readings WHERE site IN ('site 0', 'site 1', 'site 2', "
        "'site 3', 'site 4', 'site 5') GROUP BY site";
    std::vector<Value> none;
    Task<Result<QueryResult>> asking = access.query(std::move(sql), std::move(none), options);
    const Result<QueryResult> result = co_await std::move(asking);
    if (result) {
      std::array<int, sites> values{};
      for (const Row& row : result->rows)
        values[static_cast<std::size_t>(std::get<std::string>(row[0]).back() - '0')] =
            static_cast<int>(as_real(row[1]));
      for (int site = 0; site < sites; ++site)
        history.check(strong ? "strong query" : "bounded query", site,
                      values[static_cast<std::size_t>(site)],
                      history.by(site, strong ? since : since - staleness));
      ++history.queries;
    }
    co_await node.sleep(milliseconds{static_cast<std::int64_t>(20 + node.random().below(200))});
  }
}

class Levels : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Levels, HoldWhileNodesAreCutOffAndMessagesLost) {
  std::array<int, 4> reads{};
  int queries = 0;
  for (std::uint64_t seed = GetParam() * 10; seed < GetParam() * 10 + 10; ++seed) {
    AccessCluster::Settings settings;
    settings.world = {.nodes = 5, .seed = seed, .slowest = milliseconds{20}, .loss = 0.01};
    settings.storage.replica.sync_period = seconds(1);
    settings.access.timeout = milliseconds{200};
    AccessCluster cluster{settings};
    ASSERT_TRUE(cluster.wait(cluster.access().define(readings_table())).has_value());
    History history;
    ClusterWorld& world = cluster.world;
    world.node(0).spawn(
        write(world.node(0), cluster.access(0), history, std::make_shared<AccessSession>()));
    for (std::uint32_t i = 1; i < 4; ++i)
      world.node(i).spawn(read(world.node(i), cluster.access(i), history));
    world.node(4).spawn(query(world.node(4), cluster.access(4), history));
    Random random{seed};
    for (int phase = 0; phase < 5; ++phase) {
      const auto victim = static_cast<std::uint32_t>(random.below(5));
      world.run_for(milliseconds{static_cast<std::int64_t>(random.below(1000))});
      world.cut_off(victim);
      world.run_for(milliseconds{static_cast<std::int64_t>(random.below(3000))});
      world.cut_off(victim, false);
    }
    world.stop();
    EXPECT_THAT(history.violations, testing::IsEmpty()) << "seed " << seed;
    for (std::size_t i = 0; i < 4; ++i) reads[i] += history.reads[i];
    queries += history.queries;
  }
  for (const int count : reads) EXPECT_GT(count, 100);
  EXPECT_GT(queries, 100);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Levels, testing::Range<std::uint64_t>(0, 20));

}  // namespace
}  // namespace evenkeel::test

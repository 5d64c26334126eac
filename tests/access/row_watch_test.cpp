#include "models/access/row_watch.h"

#include "tests/access/access_cluster.h"

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

struct Heard {
  std::vector<std::pair<std::string, double>> changes;  // of which site, to what; -1: erased
  std::map<RowKey, Version> versions;
  bool in_order = true;
};

Task<> listen(std::shared_ptr<RowWatch> watch, std::shared_ptr<Heard> heard) {
  for (;;) {
    Task<Result<StoredRow>> waiting = watch->next(never);
    const Result<StoredRow> change = co_await std::move(waiting);
    if (!change) co_return;
    Version& last = heard->versions[change->at];
    heard->in_order = heard->in_order && last <= change->version;
    last = change->version;
    const std::optional<Row> key = decode_key(readings_table(), change->at.key);
    heard->changes.emplace_back(std::get<std::string>((*key)[0]),
                                change->values ? as_real((*change->values)[2]) : -1);
  }
}

std::shared_ptr<Heard> listen_to(AccessCluster& cluster, std::uint32_t node, Row prefix) {
  const auto watch = cluster.wait(cluster.access(node).watch("readings", std::move(prefix)), node);
  const auto heard = std::make_shared<Heard>();
  cluster.world.node(node).spawn(listen(*watch, heard));
  cluster.world.run_for(milliseconds{50});
  return heard;
}

TEST(RowWatch, TellsWhatIsThereAndThenWhatChanges) {
  AccessCluster cluster{{}};
  cluster.fill(readings_table(), {reading("a", 1, 10), reading("b", 1, 20)});
  const auto heard = listen_to(cluster, 4, {std::string{"a"}});
  ASSERT_TRUE(cluster.wait(cluster.access().put("readings", reading("a", 1, 11))).has_value());
  ASSERT_TRUE(cluster.wait(cluster.access().put("readings", reading("b", 1, 21))).has_value());
  const Row key = {std::string{"a"}, std::int64_t{1}};
  ASSERT_TRUE(cluster.wait(cluster.access().erase("readings", key)).has_value());
  cluster.world.run_for(milliseconds{50});
  using Change = std::pair<std::string, double>;
  EXPECT_THAT(heard->changes,
              testing::ElementsAre(Change{"a", 10}, Change{"a", 11}, Change{"a", -1}));
}

TEST(RowWatch, GoesOnWithAnotherReplicaAndMissesNothing) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    AccessCluster::Settings settings{.world = {.nodes = 5, .seed = seed, .loss = 0.02}};
    AccessCluster cluster{settings};
    ASSERT_TRUE(cluster.wait(cluster.access().define(readings_table())).has_value());
    Random random{seed};
    const auto heard = listen_to(cluster, 4, {});
    std::map<std::string, double> last;
    for (int i = 0; i < 60; ++i) {
      // Now this replica is silent, now that one, now the watch itself.
      if (i % 20 == 10) cluster.world.cut_off(static_cast<std::uint32_t>(1 + (i / 20 + seed) % 4));
      if (i % 20 == 19)
        for (std::uint32_t n = 1; n < 5; ++n) cluster.world.cut_off(n, false);
      const std::string site = std::string(1, static_cast<char>('a' + random.below(4)));
      const auto put = cluster.wait(cluster.access().put("readings", reading(site, 0, i)));
      if (put) last[site] = i;
      if (!put) last.erase(site);  // may or may not have been written
      cluster.world.run_for(milliseconds{200});
    }
    cluster.world.run_for(seconds(60));
    EXPECT_TRUE(heard->in_order);
    std::map<std::string, double> told;
    for (const auto& [site, value] : heard->changes) told[site] = value;
    for (const auto& [site, value] : last) EXPECT_EQ(told[site], value) << site << " " << seed;
  }
}

TEST(RowWatch, IsForgottenWhenNobodyListens) {
  AccessCluster cluster{{}};
  ASSERT_TRUE(cluster.wait(cluster.access().define(readings_table())).has_value());
  const auto watch = cluster.wait(cluster.access(4).watch("readings", {std::string{"a"}}), 4);
  cluster.world.run_for(seconds(1));
  const auto watching = [&] {
    std::size_t all = 0;
    for (const auto& node : cluster.nodes) all += node->queries.watchers().watching();
    return all;
  };
  EXPECT_EQ(watching(), 1u);
  (*watch)->stop();
  cluster.world.run_for(seconds(10));
  ASSERT_TRUE(cluster.wait(cluster.access().put("readings", reading("a", 1, 1))).has_value());
  cluster.world.run_for(seconds(10));
  const auto other = cluster.wait(cluster.access(3).watch("readings", {std::string{"a"}}), 3);
  cluster.world.run_for(seconds(1));
  EXPECT_LE(watching(), 2u);
}

}  // namespace
}  // namespace evenkeel::test

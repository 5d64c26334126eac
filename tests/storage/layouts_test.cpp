#include "models/storage/layouts.h"

#include <gmock/gmock.h>

#include "models/storage/layout_change.h"
#include "tests/storage/cluster.h"

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

std::vector<Member> members_of(const std::vector<std::uint32_t>& nodes) {
  std::vector<Member> members;
  for (const std::uint32_t i : nodes) members.push_back({NodeId{i}, i, 1});
  return members;
}

/// Nodes that all can keep rows; the first three do, in the beginning.
class LiveCluster {
 public:
  explicit LiveCluster(const ClusterWorld::Settings& its_settings, Flaw flaw = Flaw::none)
      : world(its_settings), layouts(its_settings.nodes), storages(its_settings.nodes) {
    LayoutSettings settings{.period = seconds(0.5),
                            .timeout = seconds(0.3),
                            .lease = seconds(2),
                            .longest_operation = seconds(2),
                            .flaw = flaw};
    StorageSettings storage{};
    storage.records.timeout = seconds(0.3);
    storage.replica.timeout = seconds(0.3);
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i, settings, storage](Node& node) {
        storages[i].reset();
        layouts[i].reset();
        std::vector<NodeId> contacts;
        for (std::uint32_t c = 0; c < world.size(); ++c) contacts.push_back(NodeId{c});
        layouts[i] = std::make_unique<Layouts>(
            node, *make_layout(members_of({0, 1, 2}), 3, nullptr), contacts, nullptr, settings);
        storages[i] = std::make_unique<Storage>(node, *layouts[i], storage);
        layouts[i]->on_synchronise(copy_rows(*storages[i], node.id()));
      });
    world.start();
  }
  ~LiveCluster() {
    world.stop();
    storages.clear();
    layouts.clear();
  }

  Task<> propose(std::uint32_t by, std::vector<Member> members) {
    Layouts::Decide decide = decide_by(storages[by]->records());
    Task<Result<Layout>> proposing = layouts[by]->propose(std::move(members), 3, std::move(decide));
    const Result<Layout> proposed = co_await std::move(proposing);
    outcomes.push_back(proposed ? "decided" : std::string{to_string(proposed.error().code)});
  }
  void change(std::uint32_t by, const std::vector<std::uint32_t>& nodes) {
    world.node(by).spawn(propose(by, members_of(nodes)));
  }
  /// How many nodes have only this layout in force.
  std::size_t settled_on(std::uint64_t version) const {
    return static_cast<std::size_t>(std::ranges::count_if(layouts, [&](const auto& one) {
      return one->in_force().size() == 1 && one->newest().version == version;
    }));
  }

  ClusterWorld world;
  std::vector<std::unique_ptr<Layouts>> layouts;
  std::vector<std::unique_ptr<Storage>> storages;
  std::vector<std::string> outcomes;
};

TEST(Layouts, FollowOneAnotherOnAllNodes) {
  LiveCluster cluster{{.nodes = 6}};
  cluster.world.run_for(seconds(2));
  cluster.change(0, {1, 2, 3, 4});
  cluster.world.run_for(seconds(1));
  EXPECT_THAT(cluster.outcomes, testing::ElementsAre("decided"));
  EXPECT_EQ(cluster.layouts[5]->in_force().size(), 2U);
  EXPECT_EQ(cluster.layouts[5]->readable().version, 1U);
  cluster.world.run_for(seconds(20));
  EXPECT_EQ(cluster.settled_on(2), 6U);
}

TEST(Layouts, FollowOneAnotherWithoutANodeThatIsDeadAndRemoved) {
  LiveCluster cluster{{.nodes = 5}};
  cluster.world.run_for(seconds(2));
  cluster.world.crash(2);
  cluster.change(0, {0, 1, 3});
  cluster.world.run_for(seconds(25));
  EXPECT_EQ(cluster.settled_on(2), 4U);
  // When it comes back it knows only the first, and may not use it before it heard of the second.
  cluster.world.restart(2);
  EXPECT_FALSE(cluster.layouts[2]->is_current());
  cluster.world.run_for(seconds(3));
  EXPECT_TRUE(cluster.layouts[2]->is_current());
  EXPECT_EQ(cluster.settled_on(2), 5U);
}

TEST(Layouts, AreDecidedOnceWhenTwoProposeAtTheSameTime) {
  for (const std::uint64_t seed : {1, 2}) {
    LiveCluster cluster{{.nodes = 6, .seed = seed}};
    cluster.world.run_for(seconds(2));
    cluster.change(0, {0, 1, 2, 3});
    cluster.change(4, {0, 1, 2, 5});
    cluster.world.run_for(seconds(25));
    EXPECT_EQ(std::ranges::count(cluster.outcomes, "decided"), 1) << seed;
    for (const auto& one : cluster.layouts) EXPECT_EQ(one->newest(), cluster.layouts[0]->newest());
    EXPECT_EQ(cluster.settled_on(2), 6U);
  }
}

TEST(Layouts, MayNotBeUsedByANodeThatIsCutOff) {
  LiveCluster cluster{{.nodes = 4}};
  cluster.world.run_for(seconds(2));
  EXPECT_TRUE(cluster.layouts[3]->is_current());
  cluster.world.cut_off(3);
  cluster.world.run_for(seconds(3));
  EXPECT_FALSE(cluster.layouts[3]->is_current());
  EXPECT_TRUE(cluster.layouts[3]->write_quorum(0).everyone().empty());
  cluster.world.cut_off(3, false);
  cluster.world.run_for(seconds(1));
  EXPECT_TRUE(cluster.layouts[3]->is_current());
}

TEST(Layouts, AreKnownAgainAfterAPowerCutAndOneTornSlot) {
  LiveCluster cluster{{.nodes = 4}};
  cluster.world.run_for(seconds(2));
  cluster.change(0, {0, 1, 3});
  cluster.world.run_for(seconds(20));
  for (std::uint32_t i = 0; i < 4; ++i) cluster.world.crash(i);
  const std::array<std::byte, 3> garbage{};
  ASSERT_TRUE(cluster.world.disks[0]->write("layouts.0", 40, garbage));
  ASSERT_TRUE(cluster.world.disks[0]->sync("layouts.0"));
  cluster.world.restart(0);
  EXPECT_EQ(cluster.layouts[0]->newest().version, 2U);
}

struct History {
  std::map<std::string, std::int64_t> acknowledged;  // by key; each key has one writer
  int puts = 0;
  int gets = 0;
  int lost = 0;
};

Task<> write_and_read(LiveCluster& cluster, std::uint32_t i, History& history) {
  Random random = Random::stream(cluster.world.settings.seed, "client", i);
  Node& node = cluster.world.node(i);
  co_await node.sleep(seconds(1));
  for (std::int64_t value = 1;; ++value) {
    co_await node.sleep(milliseconds{5 + random.below(200)});
    const std::string mine = std::to_string(i) + "/" + std::to_string(random.below(10));
    Row row{mine, value};
    Task<Result<Version>> putting =
        cluster.storages[i]->records().put(registers_table(), std::move(row));
    const Result<Version> put = co_await std::move(putting);
    if (put) history.acknowledged[mine] = value;
    history.puts += put ? 1 : 0;
    const std::string other =
        std::to_string(random.below(cluster.world.size())) + "/" + std::to_string(random.below(10));
    const std::int64_t least = history.acknowledged[other];
    Row key{other};
    Task<Result<StoredRow>> getting =
        cluster.storages[i]->records().get(registers_table(), std::move(key));
    const Result<StoredRow> got = co_await std::move(getting);
    if (!got) continue;
    ++history.gets;
    const std::int64_t found = got->values ? std::get<std::int64_t>((*got->values)[1]) : 0;
    if (found < least) ++history.lost;
  }
}

/// F3 of the failures that others documented: puts and gets while nodes are added and removed and
/// the network is parted.
History change_layouts(std::uint64_t seed, Flaw flaw) {
  LiveCluster cluster{{.nodes = 6, .seed = seed, .loss = 0.01}, flaw};
  History history;
  Random random = Random::stream(seed, "nemesis");
  for (std::uint32_t i = 0; i < 6; ++i)
    cluster.world.node(i).spawn(write_and_read(cluster, i, history));
  cluster.world.run_for(seconds(3));
  for (int round = 0; round < 3; ++round) {
    std::vector<std::uint32_t> nodes{0, 1, 2, 3, 4, 5};
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(random.below(6)));
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(random.below(5)));
    cluster.change(static_cast<std::uint32_t>(random.below(6)), nodes);
    cluster.world.run_for(seconds(random.uniform() * 8));
    const auto cut = static_cast<std::uint32_t>(random.below(6));
    cluster.world.cut_off(cut);
    cluster.world.run_for(seconds(1 + random.uniform() * 6));
    cluster.world.cut_off(cut, false);
    cluster.world.run_for(seconds(random.uniform() * 8));
  }
  return history;
}

std::uint64_t seeds_to_run() {
  const char* wanted = std::getenv("EVENKEEL_SEEDS");
  return wanted == nullptr ? 2 : std::stoull(wanted);
}

TEST(LayoutChange, LosesNoAcknowledgedPut) {
  int puts = 0;
  int gets = 0;
  for (std::uint64_t seed = 1; seed <= seeds_to_run(); ++seed) {
    const History history = change_layouts(seed, Flaw::none);
    EXPECT_EQ(history.lost, 0) << "seed " << seed;
    puts += history.puts;
    gets += history.gets;
  }
  EXPECT_GT(puts, 500 * static_cast<int>(seeds_to_run()));
  EXPECT_GT(gets, 500 * static_cast<int>(seeds_to_run()));
}

TEST(LayoutChange, LosesPutsIfTheNewLayoutIsReadAtOnce) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= seeds_to_run(); ++seed)
    lost += change_layouts(seed, Flaw::reads_new_layout).lost;
  EXPECT_GT(lost, 0);
}

}  // namespace
}  // namespace evenkeel::test

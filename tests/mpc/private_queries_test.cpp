// Private queries between nodes: answers, costs, and what silent, cheating and uninvited peers come
// to.
#include "models/mpc/queries/private_queries.h"

#include <gmock/gmock.h>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

using PrivateKind = PrivateQueryKind;
constexpr std::uint64_t rows = 300;
constexpr std::uint64_t row_bytes = 24;

std::vector<std::byte> some_rows() {
  std::vector<std::byte> all;
  Random random{7};
  for (std::uint64_t i = 0; i < rows * row_bytes; ++i)
    all.push_back(static_cast<std::byte>(random.below(256)));
  return all;
}

// Nodes 0 and 1 hold what is asked about, node 2 asks.
class Asking {
 public:
  explicit Asking(PrivateKind kind) : world({.nodes = 3}) {
    rules.patience = seconds(0.5);
    PrivateQueryRules::Asked asked{.query = {.kind = kind, .items = 5},
                                   .holders = {NodeId{0}, NodeId{1}},
                                   .names = {"bank", "shop"}};
    holdings[0].elements = {"a", "b", "c", "d", "e"};
    holdings[1].elements = {"x", "d", "y", "b", "z"};
    holdings[1].values = {100, 20, 300, 4, 500};
    if (kind == PrivateKind::retrieval) {
      asked.query = {.kind = kind, .items = rows, .row_bytes = row_bytes};
      for (PrivateHolding& holding : holdings) holding.records = records_of(some_rows(), row_bytes);
    }
    rules.queries["it"] = asked;
    for (std::uint32_t i = 0; i < 3; ++i)
      world.node(i).on_start([this, i](Node& node) {
        sessions[i] = std::make_unique<Sessions>(node);
        queries[i] = std::make_unique<PrivateQueries>(
            node, *sessions[i], rules,
            [this, i](const std::string&) { return i < 2 ? &holdings[i] : nullptr; });
        queries[i]->on_answer([this, i](const std::string&, Seat, std::uint64_t,
                                        const PrivateAnswer& answer) { learned[i] = answer; });
      });
    world.start();
  }

  template <class T>
  Result<T> run(std::uint32_t on, Task<Result<T>> task) {
    std::optional<Result<T>> result;
    Task<> keeping = keep(std::move(task), result);
    world.node(on).spawn(std::move(keeping));
    world.run_for(seconds(20));
    if (!result) return Error{ErrorCode::stopped, "never ended"};
    return std::move(*result);
  }
  Result<Done> intersect(std::uint32_t on = 2) { return run(on, queries[on]->intersect("it")); }
  Result<SecretBytes> retrieve(std::uint64_t place) {
    return run(2, queries[2]->retrieve("it", place));
  }

  ClusterWorld world;
  PrivateQueryRules rules;
  std::array<PrivateHolding, 2> holdings;
  std::array<std::unique_ptr<Sessions>, 3> sessions;
  std::array<std::unique_ptr<PrivateQueries>, 3> queries;
  std::array<std::optional<PrivateAnswer>, 3> learned;

 private:
  template <class T>
  static Task<> keep(Task<Result<T>> task, std::optional<Result<T>>& result) {
    Result<T> value = co_await std::move(task);
    result.emplace(std::move(value));
  }
};

void expect_learned(const Asking& asking, std::vector<std::uint64_t> first,
                    std::vector<std::uint64_t> second) {
  ASSERT_TRUE(asking.learned[0] && asking.learned[1]);
  EXPECT_EQ(asking.learned[0]->numbers, first);
  EXPECT_EQ(asking.learned[1]->numbers, second);
  EXPECT_FALSE(asking.learned[2]) << "who asks learned something";
}

TEST(PrivateQueries, TellThePartiesAndNotWhoAsks) {
  Asking places{PrivateKind::intersection};
  ASSERT_TRUE(places.intersect());
  expect_learned(places, {1, 3}, {1, 3});
  Asking count{PrivateKind::cardinality};
  ASSERT_TRUE(count.intersect());
  expect_learned(count, {2}, {2});
  Asking sum{PrivateKind::sum};
  ASSERT_TRUE(sum.intersect(0));  // a party may ask too
  expect_learned(sum, {2}, {2, 24});
}

TEST(PrivateQueries, RetrieveEveryRow) {
  const std::vector<std::byte> all = some_rows();
  Asking asking{PrivateKind::retrieval};
  for (const std::uint64_t place : {std::uint64_t{0}, std::uint64_t{128}, rows - 1}) {
    const Result<SecretBytes> row = asking.retrieve(place);
    ASSERT_TRUE(row) << row.error().detail;
    EXPECT_TRUE(std::ranges::equal(*row, std::span{all}.subspan(place * row_bytes, row_bytes)));
  }
  EXPECT_FALSE(asking.learned[0] || asking.learned[1]) << "a server learned something";
  EXPECT_EQ(asking.retrieve(rows).error().code, ErrorCode::not_found);
}

TEST(PrivateQueries, CostWhatTheFormulaSays) {
  for (const PrivateKind kind : {PrivateKind::intersection, PrivateKind::cardinality,
                                 PrivateKind::sum, PrivateKind::retrieval}) {
    Asking asking{kind};
    const bool retrieves = kind == PrivateKind::retrieval;
    if (retrieves) {
      ASSERT_TRUE(asking.retrieve(17));
    } else {
      ASSERT_TRUE(asking.intersect());
    }
    const Cost cost = cost_of(asking.rules.queries.at("it").query);
    std::uint32_t most_rounds = 0;
    for (std::size_t seat = 0; seat < cost.sent_bytes.size(); ++seat) {
      EXPECT_EQ(asking.queries[seat]->last_spent().sent_bytes, cost.sent_bytes[seat])
          << "seat " << seat << " of " << describe(kind);
      most_rounds = std::max(most_rounds, asking.queries[seat]->last_spent().rounds);
    }
    EXPECT_EQ(most_rounds, cost.rounds);
  }
}

TEST(PrivateQueries, ASilentPeerIsNamed) {
  Asking asking{PrivateKind::cardinality};
  asking.world.cut_off(1);
  const Result<Done> held = asking.intersect();
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, ErrorCode::timeout);
  EXPECT_THAT(held.error().detail, HasSubstr("shop"));
  Asking servers{PrivateKind::retrieval};
  servers.world.cut_off(0);
  const Result<SecretBytes> row = servers.retrieve(1);
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, ErrorCode::timeout);
  EXPECT_THAT(row.error().detail, HasSubstr("bank"));
}

TEST(PrivateQueries, AnAlteredRowIsNoticed) {
  Asking asking{PrivateKind::retrieval};
  asking.world.changes = [](Message& message) {
    Bytes& bytes = message.payload.bytes;
    if (message.from == NodeId{1} && bytes.size() == Session::header_bytes + row_bytes + 16)
      bytes[Session::header_bytes + 3] ^= std::byte{1};
  };
  const Result<SecretBytes> row = asking.retrieve(5);
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, ErrorCode::cheating);
  EXPECT_THAT(row.error().detail, HasSubstr("shop"));
}

// Whichever row is asked for, one of both servers' rows comes back whole, or nothing does.
TEST(PrivateQueries, ServersWithOtherRowsAreNoticed) {
  Asking asking{PrivateKind::retrieval};
  const std::vector<std::byte> all = some_rows();
  std::vector<std::byte> other = all;
  other[7 * row_bytes] ^= std::byte{1};
  asking.holdings[1].records = records_of(other, row_bytes);
  int noticed = 0;
  for (std::uint64_t place = 10; place < 30; ++place) {
    const Result<SecretBytes> row = asking.retrieve(place);
    if (row) {
      EXPECT_TRUE(std::ranges::equal(*row, std::span{all}.subspan(place * row_bytes, row_bytes)));
    } else {
      EXPECT_EQ(row.error().code, ErrorCode::cheating);
      ++noticed;
    }
  }
  EXPECT_GT(noticed, 0);
}

TEST(PrivateQueries, WhoHasNotWhatIsAskedAboutSaysSo) {
  Asking asking{PrivateKind::cardinality};
  asking.holdings[1].elements.pop_back();
  const Result<Done> held = asking.intersect();
  ASSERT_FALSE(held);
  EXPECT_THAT(held.error().detail, HasSubstr("does not have what is asked about"));
}

TEST(PrivateQueries, OnlyTheFirstPartyConvenes) {
  Asking asking{PrivateKind::cardinality};
  EXPECT_EQ(asking.run(2, asking.queries[2]->intersect("other")).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(asking.run(2, asking.queries[2]->retrieve("it", 0)).error().code, ErrorCode::not_found);
  Asking servers{PrivateKind::retrieval};
  EXPECT_EQ(servers.run(0, servers.queries[0]->retrieve("it", 0)).error().code, ErrorCode::invalid);
}

// What a server sees is as long, and drawn from as many, whatever is asked for.
TEST(PrivateQueries, TwoRowsAreAskedForAlike) {
  const auto seen = [](std::uint64_t place) {
    Asking asking{PrivateKind::retrieval};
    std::vector<std::size_t> lengths;
    asking.world.changes = [&](Message& message) {
      if (message.to == NodeId{0}) lengths.push_back(message.payload.bytes.size());
    };
    EXPECT_TRUE(asking.retrieve(place));
    return lengths;
  };
  EXPECT_EQ(seen(0), seen(rows - 1));
}

}  // namespace
}  // namespace evenkeel::test

// Nodes that meet for a computation because one of them invites the others.
#include "models/mpc/council.h"

#include "models/runtime/message.h"
#include "tests/cluster_world.h"

#include <gmock/gmock.h>

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using Answer = std::vector<double>;

// The parties compute; each node n owns the number 10 - n.
struct Town {
  explicit Town(std::uint32_t nodes, double duplication = 0,
                const std::string& protocol = "replicated3")
      : world({.nodes = nodes, .duplication = duplication}),
        rules{.kind = protocol_named(protocol),
              .parties = {NodeId{0}, NodeId{1}, NodeId{2}},
              .functions = {{"sum", function_named("sum")}, {"argmin", function_named("argmin")}}} {
    rules.parties.resize(std::min(3U, rules.kind.promises.fewest_parties));
    councils.resize(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i)
      world.node(i).on_start([this, i](Node& node) {
        councils[i] = std::make_unique<Council>(node, rules,
                                                [i](const Meeting&) { return Answer{10.0 - i}; });
        councils[i]->on_answer(
            [this, i](const Meeting&, const Answer& answer) { told[i].push_back(answer); });
      });
    world.start();
  }

  Result<Answer> convene(std::uint32_t node, const Meeting& meeting) {
    std::optional<Result<Answer>> answer;
    Task<> task = keep(*councils[node], meeting, answer);
    world.node(node).spawn(std::move(task));
    world.run_for(seconds(10));
    return answer ? *answer : Result<Answer>{Error{ErrorCode::stopped, "never ended"}};
  }
  static Task<> keep(Council& council, Meeting meeting, std::optional<Result<Answer>>& answer) {
    Task<Result<Answer>> convening = council.convene(std::move(meeting));
    answer = co_await std::move(convening);
  }

  ClusterWorld world;
  CouncilRules rules;
  std::vector<std::unique_ptr<Council>> councils;
  std::map<std::uint32_t, std::vector<Answer>> told;
};

std::vector<NodeId> nodes(std::initializer_list<std::uint32_t> numbers) {
  std::vector<NodeId> all;
  for (const std::uint32_t number : numbers) all.push_back(NodeId{number});
  return all;
}

TEST(Council, ComputesOverWhatOwnersHaveAndTellsTheReceiversOnly) {
  Town town{8};
  const Result<Answer> got = town.convene(
      7, {.function = "argmin", .owners = nodes({3, 5, 4}), .receivers = nodes({7, 6})});
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_THAT(*got, ElementsAre(1));  // node 5 has 5, the second of them
  EXPECT_THAT(town.told[6], ElementsAre(ElementsAre(1)));
  EXPECT_EQ(town.told.size(), 1U);
}

TEST(Council, LetsPartiesOwnAndReceiveToo) {
  Town town{3};
  const Result<Answer> got =
      town.convene(1, {.function = "sum", .owners = nodes({0, 1, 2}), .receivers = nodes({1})});
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_THAT(*got, ElementsAre(27));
}

TEST(Council, HoldsOneMeetingForAnInvitationThatComesTwice) {
  Town town{6, 0.7};
  const Meeting meeting{.function = "sum", .owners = nodes({3, 4}), .receivers = nodes({5})};
  for (int i = 0; i < 20; ++i) {
    const Result<Answer> got = town.convene(0, meeting);
    ASSERT_TRUE(got) << got.error().detail;
  }
  EXPECT_EQ(town.told[5].size(), 20U);
}

TEST(Council, TellsReceiversASumThatOnlyOneSeatLearns) {
  for (const std::string protocol : {"secure_aggregation", "prio3"}) {
    Town town{9, 0, protocol};
    const Result<Answer> got = town.convene(
        8, {.function = "sum", .owners = nodes({2, 3, 4, 5, 6}), .receivers = nodes({8, 7})});
    ASSERT_TRUE(got) << protocol << ": " << got.error().detail;
    EXPECT_THAT(*got, ElementsAre(30)) << protocol;
    EXPECT_THAT(town.told[7], ElementsAre(ElementsAre(30))) << protocol;
  }
}

TEST(Council, NamesTheOwnerWhoseSilenceEndedIt) {
  Town town{6};
  town.world.crash(4);
  const Result<Answer> got =
      town.convene(0, {.function = "sum", .owners = nodes({3, 4}), .receivers = nodes({0})});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::timeout);
  EXPECT_EQ(town.councils[1]->last_held().blamed, NodeId{4});
}

TEST(Council, TellsTheConvenerWhomThePartiesBlame) {
  Town town{7};
  town.world.crash(4);
  const Result<Answer> got =
      town.convene(6, {.function = "sum", .owners = nodes({3, 4}), .receivers = nodes({6})});
  ASSERT_FALSE(got);
  EXPECT_EQ(town.councils[6]->last_held().blamed, NodeId{4});
}

TEST(Council, CountsWhatComputationsCostAndWhyTheyFail) {
  Town town{7};
  const Meeting meeting{.function = "sum", .owners = nodes({3, 4}), .receivers = nodes({6})};
  ASSERT_TRUE(town.convene(6, meeting));
  auto& counts = town.world.counts;
  EXPECT_EQ(counts["mpc computations"], 1);
  EXPECT_EQ(counts["mpc failures"], 0);
  EXPECT_EQ(counts["mpc bytes offline"], 3 * 16);  // keys
  EXPECT_EQ(counts["mpc bytes"], 3 * 16 + 2 * (2 * 8 + 64) + 3 * 8);
  EXPECT_EQ(counts["mpc rounds offline"], 1);
  EXPECT_EQ(counts["mpc rounds online"], 2);
  EXPECT_GT(counts["mpc seconds offline"], 0);
  EXPECT_GT(counts["mpc seconds"], counts["mpc seconds offline"]);
  town.world.crash(4);
  EXPECT_FALSE(town.convene(6, meeting));
  EXPECT_EQ(counts["mpc computations"], 1);
  EXPECT_EQ(counts["mpc failures"], 1);
  EXPECT_EQ(counts["mpc failures: timeout"], 1);
}

TEST(Council, RefusesInvitationsOfWhoMayNotConvene) {
  Town town{7};
  town.rules.conveners["sum"] = nodes({5});
  const Meeting meeting{.function = "sum", .owners = nodes({3, 4}), .receivers = nodes({5, 6})};
  EXPECT_FALSE(town.convene(6, meeting));
  EXPECT_EQ(town.world.counts["invitations refused"], 6);
  const Result<Answer> got = town.convene(5, meeting);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_THAT(*got, ElementsAre(13));
}

TEST(Council, RefusesInvitationsInAnothersName) {
  Town town{5};
  town.rules.conveners["sum"] = nodes({4});
  const std::uint64_t id_of_4 = std::uint64_t{4} << 40 | 1;
  Payload payload;
  append(payload.bytes, std::uint8_t{0}, id_of_4, std::string{"sum"}, nodes({3}), nodes({3}),
         std::uint64_t{1}, std::int32_t{16}, std::int32_t{0}, std::uint64_t{0});
  town.world.node(3).send(NodeId{0}, Port::councils, std::move(payload));
  town.world.run_for(seconds(1));
  EXPECT_EQ(town.world.counts["invitations refused"], 1);
}

TEST(Council, IgnoresInvitationsThatMakeNoSense) {
  Town town{4};
  const auto send = [&town](const auto&... fields) {
    Payload payload;
    append(payload.bytes, std::uint8_t{0}, fields...);  // an invitation
    town.world.node(3).send(NodeId{0}, Port::councils, std::move(payload));
  };
  const std::vector<NodeId> owners = nodes({3});
  const std::uint64_t id = 1;
  const std::uint64_t size = 1;
  const std::int32_t bits = 16;
  const std::int32_t none = 0;
  send(std::string{"garbage"});
  send(id, std::string{"no such"}, owners, owners, size, bits, none);
  send(id, std::string{"sum"}, std::vector<NodeId>{}, owners, size, bits, none);
  send(id, std::string{"sum"}, owners, owners, std::uint64_t{1} << 40, bits, none);
  send(id, std::string{"sum"}, owners, owners, size, std::int32_t{63}, none);
  town.world.run_for(seconds(1));
  EXPECT_EQ(town.world.counts["malformed messages"], 5);
}

}  // namespace
}  // namespace evenkeel::test

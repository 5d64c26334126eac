// A private query between two nodes for a third, in virtual time and on sockets.
#include "models/mpc/queries/private_queries.h"

#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

const PrivateQueryRules& query_rules() {
  static const PrivateQueryRules rules{
      .queries = {{"common", {{PrivateQueryKind::cardinality, 3}, {a, b}, {"a", "b"}}},
                  {"table", {{PrivateQueryKind::retrieval, 200, 8}, {a, b}, {"a", "b"}}}},
      .patience = seconds(5)};  // however slow the machine is
  return rules;
}

const PrivateHolding* holding_of(Node& node, const std::string& name) {
  static const std::vector<std::byte> rows(200 * 8, std::byte{7});
  static const PrivateHolding table{.records = records_of(rows, 8)};
  static const PrivateHolding first{.elements = {"x", "y", "z"}};
  static const PrivateHolding second{.elements = {"z", "w", "x"}};
  if (name == "table") return &table;
  return node.id() == a ? &first : &second;
}

Task<> answer_privately(Node& node, Notes& notes) {
  Sessions sessions{node};
  PrivateQueries queries{node, sessions, query_rules(),
                         [&node](const std::string& name) { return holding_of(node, name); }};
  queries.on_answer([&](const std::string&, Seat, std::uint64_t, const PrivateAnswer& answer) {
    notes.add(node.name() + " learns " + std::to_string(answer.numbers.at(0)));
  });
  co_await node.sleep(seconds(1000));
}

Task<> ask_privately(Node& node, Notes& notes) {
  Sessions sessions{node};
  PrivateQueries queries{node, sessions, query_rules()};
  co_await node.sleep(milliseconds{300});
  Task<Result<Done>> intersecting = queries.intersect("common");
  const Result<Done> held = co_await std::move(intersecting);
  notes.add(held ? "held" : held.error().detail);
  Task<Result<SecretBytes>> retrieving = queries.retrieve("table", 150);
  const Result<SecretBytes> row = co_await std::move(retrieving);
  const SecretBytes right(8, std::byte{7});
  notes.add(row ? (*row == right ? "the row" : "another row") : row.error().detail);
  co_await node.sleep(seconds(1000));
}

TEST_P(TwoWorlds, PrivateQueriesAreAnswered) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(answer_privately(node, notes)); }},
                    {b, [&](Node& node) { node.spawn(answer_privately(node, notes)); }},
                    {c, [&](Node& node) { node.spawn(ask_privately(node, notes)); }}},
          .length = seconds(4)});
    EXPECT_EQ(notes.count("held"), 1U);
    EXPECT_EQ(notes.count("the row"), 1U);
    EXPECT_EQ(notes.all().size(), 4U);  // and both parties learned how many
  });
}

}  // namespace
}  // namespace evenkeel::test

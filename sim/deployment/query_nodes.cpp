#include "sim/deployment/query_nodes.h"

#include <fmt/format.h>

#include "models/runtime/user_error.h"
#include "sim/faults/stage.h"

namespace evenkeel {

QueryNodes::QueryNodes(const Scenario& scenario, const Platform& platform)
    : scenario_(scenario), platform_(platform) {
  if (!scenario.mpc) return;
  rules_.patience = scenario.mpc->patience;
  for (const IntersectionChoice& choice : scenario.mpc->intersections)
    add(choice.name,
        {.kind = static_cast<PrivateQueryKind>(choice.what),
         .items = static_cast<std::uint64_t>(choice.items)},
        static_cast<std::uint64_t>(choice.common), choice.between, choice.place);
  for (const RetrievalChoice& choice : scenario.mpc->retrievals)
    add(choice.name,
        {.kind = PrivateQueryKind::retrieval,
         .items = static_cast<std::uint64_t>(choice.rows),
         .row_bytes = static_cast<std::uint64_t>(choice.row_bytes)},
        0, choice.servers, choice.place);
}

void QueryNodes::add(const std::string& name, const PrivateQuery& query, std::uint64_t common,
                     const std::vector<Name>& nodes, const Place& place) {
  PrivateQueryRules::Asked asked{.query = query};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<NodeId> found = nodes_named({nodes[i]}, platform_);
    if (found.size() != 1)
      throw UserError(nodes[i].place, fmt::format("'{}' are {} nodes, and one is meant: name it as "
                                                  "kind/place",
                                                  nodes[i].text, found.size()));
    asked.holders[i] = found.front();
    asked.names.push_back(platform_.node(found.front()).name);
  }
  if (asked.holders[0] == asked.holders[1])
    throw UserError(place, "a private query is between two nodes, not one");
  if (const std::optional<Error> against = reason_against(query))
    throw UserError(place, against->detail);
  if (!rules_.queries.emplace(name, std::move(asked)).second)
    throw UserError(place, fmt::format("there is an intersection '{}' already", name));
  drawn_.emplace(name,
                 drawn_holdings(query, common, name, static_cast<std::uint64_t>(scenario_.seed)));
}

void QueryNodes::describe_to(ActionSetting& setting) const {
  for (const auto& [name, asked] : rules_.queries)
    (asked.query.kind == PrivateQueryKind::retrieval ? setting.retrievals : setting.intersections)
        .insert(name);
}

void QueryNodes::boot(Node& node, Sessions& sessions) {
  if (empty()) return;
  std::unique_ptr<PrivateQueries>& queries = at_[node.id()];
  queries = std::make_unique<PrivateQueries>(
      node, sessions, rules_,
      [this, id = node.id()](const std::string& name) { return holding(id, name); });
  queries->on_answer(
      [this, &node](const std::string& name, Seat seat, std::uint64_t place,
                    const PrivateAnswer& answer) { check(node, name, seat, place, answer); });
}

PrivateQueries* QueryNodes::at(NodeId node) const {
  const auto found = at_.find(node);
  return found == at_.end() ? nullptr : found->second.get();
}

std::uint64_t QueryNodes::row_of(const std::string& name, std::uint64_t key) const {
  return key % rules_.queries.find(name)->second.query.items;
}

const PrivateHolding* QueryNodes::holding(NodeId node, const std::string& name) const {
  const PrivateQueryRules::Asked& asked = rules_.queries.find(name)->second;
  for (std::size_t i = 0; i < 2; ++i)
    if (asked.holders[i] == node) return &drawn_.find(name)->second.holdings[i];
  return nullptr;
}

void QueryNodes::check(Node& node, const std::string& name, Seat seat, std::uint64_t place,
                       const PrivateAnswer& answer) {
  const PrivateQuery& query = rules_.queries.find(name)->second.query;
  const DrawnHoldings& drawn = drawn_.find(name)->second;
  const bool retrieves = query.kind == PrivateQueryKind::retrieval;
  const PrivateAnswer right = retrieves ? right_row(query, drawn, place) : drawn.right[seat];
  if (answer == right) return;
  std::string why = retrieves
                        ? fmt::format("{} got another row than row {}", node.name(), place)
                        : fmt::format("{} learned what is not so of the two sets", node.name());
  node.probe().count(fmt::format("wrong answers of '{}'", name), node.id(), 1);
  node.probe().event(node.now(), node.id(), "wrong private answer", why);
  if (witness_ != nullptr)
    witness_->accuse(
        {.invariant = "private_answers", .at = node.now(), .subject = name, .why = std::move(why)});
}

}  // namespace evenkeel

#include "sim/deployment/pool_nodes.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {
namespace {

Pool pool_of(const PoolChoice& choice) {
  Pool pool{.name = choice.name.text,
            .min_group = choice.min_group,
            .min_owners = choice.min_owners,
            .epsilon = choice.epsilon,
            .most_rows = choice.most_rows};
  for (const PoolChoice::Column& column : choice.columns)
    pool.columns.push_back({column.name.text, column.lowest, column.highest});
  return pool;
}

}  // namespace

PoolNodes::PoolNodes(const Scenario& scenario, const DataNodes& data, SharingNodes& sharing)
    : data_(data), sharing_(sharing) {
  if (!scenario.sharing) return;
  for (const PoolChoice& choice : scenario.sharing->pools) {
    Pool& pool = pools_.emplace_back(pool_of(choice));
    for (const Name& name : choice.data_sets) {
      const auto data_set = std::ranges::find_if(
          scenario.sharing->data_sets,
          [&](const DataSetChoice& one) { return one.name.text == name.text; });
      const DataSetId& id = sharing.data_sets().at(name.text);
      const NodeId home = sharing.directory().find(id.owner)->nodes.front();
      pool.members.push_back({id, data_set->table.text, home});
    }
  }
}

void PoolNodes::describe_to(ActionSetting& setting) const {
  for (const Pool& pool : pools_) setting.pools.push_back(pool.name);
}

void PoolNodes::boot(Node& node) {
  owners_.erase(node.id());
  desks_.erase(node.id());
  const bool is_home = std::ranges::any_of(
      pools_, [&](const Pool& pool) { return pool.member_at(node.id()) != nullptr; });
  Access* const access = data_.guarded(node.id()).access;
  Sharing* const sharing = is_home ? sharing_.sharing(node.id()) : nullptr;
  if (sharing == nullptr || access == nullptr) return;
  const PublicKey owner = sharing_.directory().owner_of(node.id())->key;
  owners_[node.id()] =
      std::make_unique<PoolOwner>(node, sharing->service, sharing->guard, owner, *access, pools_);
}

void PoolNodes::meet(Node& node, Council& council) {
  Sharing* const sharing = pools_.empty() ? nullptr : sharing_.sharing(node.id());
  if (sharing == nullptr) return;
  council.on_service([this, &node](const Meeting& meeting) { note_service(node, meeting); });
  Access* const access = data_.guarded(node.id()).access;
  if (access == nullptr) return;
  const PublicKey self = sharing_.directory().owner_of(node.id())->key;
  desks_[node.id()] = std::make_unique<PoolDesk>(node, *sharing_.desk(node.id()), sharing->audit,
                                                 self, *access, council, pools_);
}

// What a party learned of what it computed on goes to its trail, too.
void PoolNodes::note_service(Node& node, const Meeting& meeting) {
  const auto pool = std::ranges::find_if(
      pools_, [&](const Pool& one) { return function_name(one) == meeting.function; });
  if (pool == pools_.end()) return;
  AuditRecord record{
      .operation = GrantOperation::query,
      .resource = pool_part(pool->name),
      .decision = AuditDecision::own,
      .remark = fmt::format("computed with shares of {} owners, and learned none of their numbers",
                            meeting.owners.size())};
  node.spawn(sharing_.note(node, std::move(record)));
}

std::vector<double> PoolNodes::numbers_for(NodeId node, const Meeting& meeting) const {
  const auto owner = owners_.find(node);
  return owner == owners_.end() ? std::vector<double>{} : owner->second->numbers_for(meeting);
}

void PoolNodes::offer(NodeId node, ModuleClients& clients) const {
  const auto desk = desks_.find(node);
  if (desk != desks_.end()) clients.pools = desk->second.get();
}

}  // namespace evenkeel

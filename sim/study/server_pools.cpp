#include "sim/study/server_pools.h"

#include <algorithm>

namespace evenkeel {
namespace {

// The loads of a pool's servers as they are; 0 for one that is down.
class TrueLoads final : public LoadOracle {
 public:
  TrueLoads(const std::vector<std::unique_ptr<Server>>& servers, ServerPools::Pool pool)
      : servers_(servers), pool_(std::move(pool)) {}
  double load(ServerIndex server) const override {
    const auto& agent = servers_[pool_[server]];
    return agent ? static_cast<double>(agent->load()) : 0;
  }

 private:
  const std::vector<std::unique_ptr<Server>>& servers_;
  ServerPools::Pool pool_;
};

}  // namespace

ServerPools::Pool ServerPools::servers_for(std::size_t number, const Action* action) const {
  const RequestClass& its_class = scenario_.workload[number];
  const std::vector<std::string> kinds =
      action != nullptr ? action->asks() : std::vector<std::string>{};
  Pool found;
  for (std::size_t i = 0; i < deployment_.servers.size(); ++i) {
    const NodeKind& kind = scenario_.nodes[deployment_.servers[i].kind];
    const Serves& serves = kind.serves;
    const bool listed = std::ranges::any_of(
        serves.classes, [&](const Name& name) { return name.text == its_class.name; });
    const bool wanted = kinds.empty() || std::ranges::find(kinds, kind.name) != kinds.end();
    if (wanted && (serves.classes.empty() || listed)) found.push_back(i);
  }
  if (found.empty())
    throw UserError(its_class.place, "no node serves requests of class '" + its_class.name + "'");
  return found;
}

void ServerPools::make(std::span<const std::unique_ptr<Action>> actions) {
  for (std::size_t i = 0; i < scenario_.workload.size(); ++i) {
    const RequestClass& its_class = scenario_.workload[i];
    const Action* const action = actions[i].get();
    if (action != nullptr && action->asks().empty()) {
      of_class_.push_back(0);
      continue;
    }
    if (scenario_.balancing.policy.name.empty())
      throw UserError(its_class.place, "who does what class '" + its_class.name +
                                           "' asks for is not said; add for instance balancing: "
                                           "{policy: nearest}");
    if (action != nullptr && scenario_.balancing.at == Balancing::At::central)
      throw UserError(its_class.place, "jobs of class '" + its_class.name +
                                           "' are balanced where they come from; write "
                                           "balancing: {at: site}");
    const Pool servers = servers_for(i, action);
    const auto same = std::ranges::find(pools_, servers);
    of_class_.push_back(static_cast<std::size_t>(same - pools_.begin()));
    if (same == pools_.end()) pools_.push_back(servers);
  }
}

// Routing knows what cannot be reached, so no balancer tries it; where nothing can be reached all
// is tried in vain.
ServerPools::Pool ServerPools::reachable_from(NodeId place, const Pool& pool) const {
  Pool found;
  for (const std::size_t i : pool)
    if (platform_.latency(place, deployment_.servers[i].node) != never) found.push_back(i);
  return found.empty() ? pool : found;
}

const ServerSet& ServerPools::server_set(Pool pool) {
  const auto known = std::ranges::find(server_sets_, pool,
                                       [](const auto& set) -> const Pool& { return set.first; });
  if (known != server_sets_.end()) return *known->second;
  auto set = std::make_unique<ServerSet>();
  set->index_of.assign(platform_.size(), ServerSet::none_such);
  double total = 0;
  for (const std::size_t i : pool) {
    const DeployedServer& server = deployment_.servers[i];
    const PlatformNode& node = platform_.node(server.node);
    const auto its_index = static_cast<ServerIndex>(set->nodes.size());
    set->index_of[index(server.node)] = its_index;
    set->everyone.push_back(its_index);
    set->nodes.push_back(server.node);
    set->candidates.push_back({.name = node.name,
                               .zone = server.zone,
                               .cloud = scenario_.nodes[server.kind].cloud,
                               .cores = node.cores,
                               .speed = node.speed,
                               .weight = node.cores * node.speed});
    total += node.cores * node.speed;
  }
  const double mean = total / static_cast<double>(pool.size());
  for (Candidate& candidate : set->candidates) candidate.weight /= mean;
  set->oracle = std::make_unique<TrueLoads>(servers_, pool);
  return *server_sets_.emplace_back(std::move(pool), std::move(set)).second;
}

std::unique_ptr<Choices> ServerPools::choices_from(NodeId place, const Pool& pool) {
  auto choices = std::make_unique<Choices>();
  choices->servers = &server_set(reachable_from(place, pool));
  choices->zone = platform_.node(place).vertex;
  for (const NodeId server : choices->servers->nodes) {
    const Duration there = platform_.latency(place, server);
    choices->round_trips.push_back(there == never ? never : 2 * there);
  }
  return choices;
}

}  // namespace evenkeel

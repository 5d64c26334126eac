#include "sim/study/module_nodes.h"

#include <algorithm>

namespace evenkeel {

ModuleNodes::ModuleNodes(const Scenario& scenario, const Deployment& deployment,
                         const Platform& platform)
    : scenario_(scenario), nodes_(platform.size()) {
  if (!scenario.storage) return;
  const StorageChoice& choice = *scenario.storage;
  settings_.replica = {.sync_period = choice.sync_period,
                       .forget_after = choice.forget_after,
                       .timeout = choice.timeout,
                       .ops_per_row = choice.work,
                       .flaw = choice.flaw};
  settings_.records = {.timeout = choice.timeout,
                       .hints = {.window = choice.hint_window, .timeout = choice.timeout},
                       .flaw = choice.flaw};
  lay_out(deployment, platform);
}

void ModuleNodes::lay_out(const Deployment& deployment, const Platform& platform) {
  const StorageChoice& choice = *scenario_.storage;
  std::vector<Member> members;
  for (const DeployedNode& node : deployment.of_kinds) {
    const std::string& kind = scenario_.nodes[node.kind].name;
    if (std::ranges::find(choice.on, kind, &Name::text) == choice.on.end()) continue;
    const VertexId vertex = platform.node(node.node).vertex;
    members.push_back({node.node, choice.zones ? vertex : index(node.node), 1});
  }
  if (members.size() < static_cast<std::size_t>(choice.copies))
    throw UserError(choice.place, "only " + std::to_string(members.size()) +
                                      " nodes keep data, but there are to be " +
                                      std::to_string(choice.copies) +
                                      " copies; add nodes or lower 'copies'");
  Result<Layout> layout =
      make_layout(std::move(members), static_cast<std::uint32_t>(choice.copies), nullptr);
  if (!layout) throw UserError(choice.place, layout.error().detail);
  placement_ = std::make_unique<FixedPlacement>(std::move(*layout));
}

bool ModuleNodes::keeps_data(NodeId node) const {
  if (placement_ == nullptr) return false;
  const std::vector<Member>& members = placement_->newest().members;
  return std::ranges::find(members, node, &Member::node) != members.end();
}

void ModuleNodes::boot(Node& node) {
  if (placement_ == nullptr) return;
  Modules& modules = nodes_[index(node.id())];
  modules = {};
  if (keeps_data(node.id())) {
    modules.storage = std::make_unique<Storage>(node, *placement_, settings_);
  } else {
    modules.records = std::make_unique<Records>(node, *placement_, settings_.records);
  }
}

ModuleClients ModuleNodes::clients(NodeId node) const {
  const Modules& modules = nodes_[index(node)];
  return {.records = modules.storage ? &modules.storage->records() : modules.records.get()};
}

Storage* ModuleNodes::storage(NodeId node) const { return nodes_[index(node)].storage.get(); }

}  // namespace evenkeel

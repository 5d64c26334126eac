#include "sim/deployment/secret_nodes.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/runtime/user_error.h"
#include "sim/faults/stage.h"

namespace evenkeel {

SecretNodes::SecretNodes(const Scenario& scenario, const Platform& platform) {
  if (!scenario.storage || !scenario.storage->secrets) return;
  const SecretsChoice& choice = *scenario.storage->secrets;
  settings_ = {.keepers = nodes_named(choice.on, platform),
               .threshold = static_cast<std::uint32_t>(choice.threshold),
               .refresh = choice.refresh,
               .timeout = choice.timeout,
               .flaw = choice.flaw};
  const Place& place = choice.on.front().place;
  if (settings_.n() <= settings_.threshold)
    throw UserError(place, fmt::format("{} nodes keep secrets, and {} shares are to tell nothing: "
                                       "name more nodes, or give a smaller 'threshold'",
                                       settings_.n(), settings_.threshold));
  if (settings_.n() > SecretSettings::most_keepers)
    throw UserError(place, fmt::format("{} nodes keep secrets; at most {}", settings_.n(),
                                       SecretSettings::most_keepers));
}

void SecretNodes::boot(Node& node) {
  if (empty()) return;
  clients_[node.id()] = std::make_unique<SecretKeeping>(node, settings_);
  if (!settings_.place_of(node.id())) return;
  std::unique_ptr<Keeper>& keeper = keepers_[node.id()];
  keeper = std::make_unique<Keeper>(node, settings_);
  Task<> upkeep = keeper->upkeep.run();
  node.spawn(std::move(upkeep));
}

bool SecretNodes::is_repairing() const {
  return std::ranges::any_of(keepers_, [](const auto& entry) {
    return entry.second->node.is_up() && entry.second->upkeep.is_repairing();
  });
}

void SecretNodes::offer(NodeId node, ModuleClients& clients) const {
  const auto found = clients_.find(node);
  if (found != clients_.end()) clients.secrets = found->second.get();
}

void SecretNodes::be_seen_by(Witness& witness) {
  if (!empty()) witness.at_end([this](Witness& seen) { look_at(seen); });
}

// As whoever has all disks would read them: the newest shares of which there are enough.
void SecretNodes::look_at(Witness& witness) const {
  std::map<std::string, std::map<Lineage, std::vector<ThresholdShare>, std::greater<>>> found;
  for (const auto& [id, keeper] : keepers_) {
    ShareStore store{keeper->node.disk()};
    store.read(true);
    for (const auto& [name, record] : store.all()) {
      found.try_emplace(name);
      for (const ShareStore::Share& share : record.shares)
        found[name][share.lineage].push_back({.place = keeper->keeper.place(),
                                              .period = share.lineage.period,
                                              .bytes = share.bytes,
                                              .values = share.values});
    }
  }
  for (const auto& [name, lineages] : found) {
    std::optional<std::string> content;
    for (const auto& [lineage, shares] : lineages) {
      const Result<OpenedSecret> opened = open_secret(shares, settings_.threshold);
      if (!opened) continue;
      content = hex(opened->secret);
      break;
    }
    witness.found_at_end("secrets", name, content ? Witness::Content{*content} : std::nullopt);
  }
}

}  // namespace evenkeel

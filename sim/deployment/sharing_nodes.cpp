#include "sim/deployment/sharing_nodes.h"

#include <algorithm>

#include "models/sharing/refusal.h"
#include "sim/actions/file_name.h"
#include "sim/faults/stage.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_witnesses = 3;
constexpr std::string_view marker = "sharing/was-here";
constexpr Duration look_again_after = std::chrono::milliseconds{100};
constexpr Duration try_again_after = std::chrono::seconds{1};

}  // namespace

SharingNodes::SharingNodes(const Scenario& scenario, const Deployment& deployment,
                           const Platform& platform, const DataNodes& data)
    : scenario_(scenario), platform_(platform), data_(data), nodes_(platform.size()) {
  if (empty()) return;
  parties_.emplace(scenario, deployment, platform, data);
  watch_ = std::make_unique<SharingWatch>(*scenario.sharing, directory());
}

SharingSettings SharingNodes::settings_of(NodeId node, Modules& modules) const {
  const SharingChoice& choice = *scenario_.sharing;
  SharingSettings settings;
  std::vector<NodeId> others = parties_->everyone();
  std::erase(others, node);
  // Who countersigns: the next nodes round, so that all have as many to do.
  const auto next = std::ranges::upper_bound(others, node);
  std::ranges::rotate(others, next);
  settings.audit.witnesses = others;
  if (others.size() > most_witnesses) settings.audit.witnesses.resize(most_witnesses);
  settings.catalogue.peers = settings.leases.peers = others;
  settings.leases.lease = choice.lease;
  settings.leases.renew_every = std::min(choice.renew_every, choice.lease / 3);
  settings.leases.timeout = std::min(settings.leases.timeout, choice.lease / 3);
  settings.leases.ignores_lease =
      scenario_.storage && scenario_.storage->flaw == Flaw::ignores_lease;
  settings.guard.zone = platform_.node(node).vertex;
  settings.contracts.terms = [offers = modules.offers.get()](const PublicKey& consumer,
                                                             const std::string& data_set) {
    return offers->terms(consumer, data_set);
  };
  return settings;
}

SwarmSettings SharingNodes::swarm_settings(std::size_t party) const {
  SwarmSettings settings{.self = parties_->keys(party).signing.public_key()};
  if (party >= scenario_.sharing->parties.size()) return settings;
  settings.upload_bytes_per_s = scenario_.sharing->parties[party].upload / 8;
  settings.gives_each_once =
      std::ranges::any_of(scenario_.sharing->data_sets, [&](const DataSetChoice& data_set) {
        return data_set.file > 0 && parties_->party_named(data_set.owner) == party;
      });
  return settings;
}

// A node that ran before and finds nothing has lost its disk, and its trail with it.
void SharingNodes::notice_lost_disk(Node& node, Modules& modules) {
  const bool is_marked = node.disk().size(marker).has_value();
  if (!is_marked && node.incarnation() > 1) watch_->lost_trail(node.id());
  if (modules.sharing->audit.was_damaged()) watch_->lost_trail(node.id());
  if (is_marked) return;
  const std::byte here{1};
  if (node.disk().write(marker, 0, std::span{&here, 1})) (void)node.disk().sync(marker).has_value();
}

void SharingNodes::boot(Node& node) {
  if (empty() || parties_->party_of(node.id()) == PartyPlan::nobody) return;
  const std::size_t party = parties_->party_of(node.id());
  const PartyKeys& keys = parties_->keys(party);
  std::unique_ptr<Modules>& slot = nodes_[index(node.id())];
  slot.reset();
  slot = std::make_unique<Modules>();
  Modules& modules = *slot;
  modules.offers = std::make_unique<Offers>(node, parties_->offered_by(party));
  modules.sharing =
      std::make_unique<Sharing>(node, keys, directory(), settings_of(node.id(), modules));
  Sharing& sharing = *modules.sharing;
  notice_lost_disk(node, modules);
  sharing.guard.on_serve([this, &node](const AdmittedGrant& grant, const GrantPiece& piece) {
    watch_->served(node, grant, piece);
  });
  const DataNodes::Guarded data = data_.guarded(node.id());
  if (data.placement != nullptr) {
    modules.guarded = std::make_unique<GuardedAccess>(sharing.guard, directory(), *data.placement,
                                                      parties_->owned());
    if (data.queries != nullptr) data.queries->guard(modules.guarded->query_rule());
    if (data.replica != nullptr) data.replica->guard(modules.guarded->row_rule());
    if (data.chunks != nullptr) data.chunks->guard(modules.guarded->list_rule());
  }
  modules.blocks = std::make_unique<StoredBlocks>(node);
  modules.swarm =
      std::make_unique<BlockSwarm>(node, *modules.blocks, &sharing.guard, swarm_settings(party));
  modules.files = std::make_unique<SharedFiles>(
      node, sharing.service, keys, directory(), sharing.guard, *modules.blocks, *modules.swarm,
      SharedFileSettings{.block_bytes = static_cast<std::uint32_t>(scenario_.sharing->block)});
  modules.desk = std::make_unique<GrantDesk>(node, sharing.contracts, keys, directory(),
                                             data.access, modules.files.get(),
                                             GrantDeskSettings{.peers = parties_->everyone()});
  modules.client = {modules.desk.get(), data_sets()};
  for (const OwnedTable& table : parties_->owned().tables)
    if (table.owner == keys.signing.public_key())
      modules.client.own_tables[table.table] = {table.owner, table.data_sets.front()};
  node.spawn(watch_catalogue(node, modules));
  if (directory().owner_of(node.id())->nodes.front() == node.id()) {
    node.spawn(publish(node, modules));
    for (const RevocationChoice& event : scenario_.sharing->revocations)
      if (data_sets().at(event.data_set.text).owner == keys.signing.public_key())
        node.spawn(take_back(node, modules, event));
  }
}

Task<> SharingNodes::publish(Node& node, Modules& modules) {
  for (const DataSetChoice& data_set : scenario_.sharing->data_sets) {
    const DataSetId id = data_sets().at(data_set.name.text);
    if (parties_->keys(parties_->party_of(node.id())).signing.public_key() != id.owner) continue;
    while (data_set.file > 0 && modules.files->find(id) == nullptr) {
      Blob content = parties_->content_of(data_set);
      Task<Result<Done>> publishing = modules.files->publish(id.name, std::move(content));
      const Result<Done> published = co_await std::move(publishing);
      if (!published) co_await node.sleep(try_again_after);
    }
    while (!modules.sharing->catalogue.find(id)) {
      CatalogueFields fields = parties_->fields_of(data_set);
      Task<Result<Done>> publishing =
          modules.sharing->catalogue.publish(id.name, std::move(fields));
      const Result<Done> published = co_await std::move(publishing);
      if (!published) co_await node.sleep(try_again_after);
    }
  }
}

// From a restart on it is done again, which changes nothing if it was done.
Task<> SharingNodes::take_back(Node& node, Modules& modules, RevocationChoice event) {
  co_await node.sleep_until(event.at);
  const PublicKey consumer = parties_->keys(parties_->party_named(event.from)).signing.public_key();
  const std::string data_set = event.data_set.text;
  while (!modules.offers->take_back(consumer, data_set)) co_await node.sleep(try_again_after);
  Contracts& contracts = modules.sharing->contracts;
  for (const std::uint64_t agreement : contracts.agreements()) {
    const ContractSide* side = contracts.find(agreement);
    if (side->role() != ContractRole::provider || side->other() != consumer ||
        side->log().front().data_set != data_set)
      continue;
    while (true) {
      Task<Result<Done>> retiring = contracts.retire(agreement);
      const Result<Done> retired = co_await std::move(retiring);
      if (retired) break;
      co_await node.sleep(try_again_after);
    }
    const PublicKey owner = directory().owner_of(node.id())->key;
    for (const Revocation& one : modules.sharing->leases.revocations().of(owner))
      watch_->revoked(one.block, node.now());
  }
  const DataSetId id = data_sets().at(data_set);
  if (modules.files->find(id) == nullptr) co_return;
  const PublicKey box = parties_->keys(parties_->party_named(event.from)).box.public_key();
  while (true) {
    Task<Result<Done>> rotating = modules.files->revoke(data_set, box);
    const Result<Done> rotated = co_await std::move(rotating);
    if (rotated) break;
    co_await node.sleep(try_again_after);
  }
}

// How long news takes to be everywhere.
Task<> SharingNodes::watch_catalogue(Node& node, Modules& modules) const {
  const Time since = node.now();
  while (modules.sharing->catalogue.entries().size() < data_sets().size())
    co_await node.sleep(look_again_after);
  node.probe().count("catalogues complete", node.id(), 1);
  node.probe().count("seconds until catalogues were complete", node.id(),
                     to_seconds(node.now() - since));
}

void SharingNodes::describe_to(ActionSetting& setting) const {
  if (empty()) return;
  for (const DataSetChoice& data_set : scenario_.sharing->data_sets)
    setting.data_sets.push_back(data_set.name.text);
}

void SharingNodes::offer(NodeId node, ModuleClients& clients) const {
  if (const auto& modules = nodes_[index(node)]) clients.shared = &modules->client;
}

Sharing* SharingNodes::sharing(NodeId node) const {
  return nodes_[index(node)] ? nodes_[index(node)]->sharing.get() : nullptr;
}

GrantDesk* SharingNodes::desk(NodeId node) const {
  return nodes_[index(node)] ? nodes_[index(node)]->desk.get() : nullptr;
}

Task<> SharingNodes::note(Node& node, AuditRecord record) {
  Task<Result<Done>> writing = nodes_[index(node.id())]->sharing->audit.write(std::move(record));
  const Result<Done> written = co_await std::move(writing);
  if (!written) node.probe().count("audit records not written", node.id(), 1);
}

void SharingNodes::guard(Node& node, BatchWorker& worker) {
  if (empty()) return;
  Modules* modules = nodes_[index(node.id())].get();
  const bool is_flawed = scenario_.storage && scenario_.storage->flaw == Flaw::unguarded_batches;
  if (modules != nullptr && modules->guarded && !is_flawed)
    worker.guard(modules->guarded->query_rule());
  worker.on_tell([this, &node](const std::string& table, std::uint64_t bytes) {
    watch_->told(node, table, "a batch", bytes);
  });
}

void SharingNodes::guard(Node& node, EventSource& source, const std::string& stream,
                         const TableSchema& table) {
  const Modules* modules = nodes_.empty() ? nullptr : nodes_[index(node.id())].get();
  if (empty() || modules == nullptr || !modules->guarded) return;
  source.guard(stream, table, modules->guarded->query_rule());
  source.on_tell([this, &node](const std::string& of, NodeId to, std::uint64_t bytes) {
    if (parties_->is_foreign(to, of)) watch_->told(node, of, "a stream", bytes);
  });
}

BackupRule SharingNodes::backup_rule(NodeId node) {
  if (empty() || nodes_[index(node)] == nullptr || !nodes_[index(node)]->guarded) return {};
  return nodes_[index(node)]->guarded->backup_rule();
}

BackupShows SharingNodes::backup_shows(NodeId node) {
  if (empty() || nodes_[index(node)] == nullptr) return {};
  return [this, node](NodeId to, BackupScope scope, bool restores) {
    return show_backup(node, to, std::move(scope), restores);
  };
}

Task<Result<BackupTokens>> SharingNodes::show_backup(NodeId node, NodeId to, BackupScope scope,
                                                     bool restores) {
  BackupTokens tokens;
  for (const TableSchema& table : scope.tables) {
    if (!parties_->is_foreign(node, table.name)) continue;
    const std::optional<DataSetId> id =
        parties_->data_set_for(parties_->party_of(node), table.name);
    if (!id) continue;
    GrantRequest request{.operation = restores ? GrantOperation::write : GrantOperation::read,
                         .resource = std::string{restores ? restore_part : backup_part},
                         .purpose = "backup"};
    Task<Result<Blob>> showing = show(node, to, *id, std::move(request));
    Result<Blob> shown = co_await std::move(showing);
    if (!shown) co_return shown.error();
    tokens[table.name] = std::move(*shown);
  }
  co_return std::move(tokens);
}

StreamShows SharingNodes::stream_shows(Node& node, const std::string& stream,
                                       const std::string& table, const std::string& purpose) {
  const NodeId reader = node.id();
  if (empty() || !parties_->is_foreign(reader, table) || nodes_[index(reader)] == nullptr)
    return {};
  const std::optional<DataSetId> id = parties_->data_set_for(parties_->party_of(reader), table);
  if (!id) return {};
  const GrantRequest request{
      .operation = GrantOperation::read, .resource = stream_part(stream), .purpose = purpose};
  return {.token = [this, reader, id = *id,
                    request](NodeId source) { return show(reader, source, id, request); },
          .refused =
              [this, &node, id = *id](const Error& why) {
                node.probe().count("shared refused: " + refusal_name(why), node.id(), 1);
                nodes_[index(node.id())]->desk->heard(id, why);
              }};
}

Task<Result<Blob>> SharingNodes::show(NodeId node, NodeId to, DataSetId id, GrantRequest request) {
  std::vector<NodeId> servers{to};
  Task<Result<std::map<NodeId, Blob>>> showing =
      nodes_[index(node)]->desk->show_to(std::move(servers), id, std::move(request));
  Result<std::map<NodeId, Blob>> shown = co_await std::move(showing);
  if (!shown) co_return shown.error();
  co_return std::move(shown->at(to));
}

void SharingNodes::be_seen_by(Witness& witness) {
  if (empty()) return;
  watch_->be_seen_by(witness);
  for (const DataSetChoice& data_set : scenario_.sharing->data_sets)
    if (data_set.file > 0)
      witness.file_put("shared " + data_set.name.text, digest_of(parties_->content_of(data_set)));
  witness.at_end([this](Witness&) {
    for (const NodeId node : parties_->everyone())
      if (Sharing* its = sharing(node))
        watch_->check_trail(node, platform_.node(node).name, its->audit,
                            directory().owner_of(node)->key);
  });
}

}  // namespace evenkeel

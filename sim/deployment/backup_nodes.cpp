#include "sim/deployment/backup_nodes.h"

#include <algorithm>

namespace evenkeel {
namespace {

BackupKey key_of(const Scenario& scenario) {
  Random random = Random::stream(static_cast<std::uint64_t>(scenario.seed), "backup key");
  return BackupKey{draw_secret_key(random)};
}

std::vector<std::string> texts(const std::vector<Name>& names) {
  std::vector<std::string> all;
  for (const Name& name : names) all.push_back(name.text);
  return all;
}

}  // namespace

BackupNodes::BackupNodes(const Scenario& scenario, const Deployment& deployment,
                         const DataNodes& data, std::size_t nodes)
    : scenario_(scenario), data_(data), key_(key_of(scenario)), nodes_(nodes) {
  if (!scenario.storage || !scenario.storage->backup) return;
  choice_ = &*scenario.storage->backup;
  const auto found = std::ranges::find_if(deployment.of_kinds, [&](const DeployedNode& node) {
    return scenario.nodes[node.kind].name == choice_->to.text;
  });
  if (found == deployment.of_kinds.end())
    throw UserError(choice_->to.place, "no node of kind '" + choice_->to.text +
                                           "' stands anywhere; place one, or name another kind");
  vault_ = found->node;
  if (data.keeps_data(vault_))
    throw UserError(choice_->to.place,
                    "backups on a node that keeps the data are lost with it; name another kind");
}

VaultSettings BackupNodes::vault_settings() const {
  return {.store = {.capacity_bytes = static_cast<std::uint64_t>(choice_->capacity)},
          .keep = {.all = choice_->keep_all,
                   .hourly = choice_->keep_hourly,
                   .daily = choice_->keep_daily,
                   .weekly = choice_->keep_weekly}};
}

BackupAgentSettings BackupNodes::agent_settings() const {
  return {.vault = {.vault = vault_},
          .timeout = 5 * scenario_.storage->timeout,
          .ops_per_row = scenario_.storage->work / 10,
          .flaw = scenario_.storage->flaw};
}

BackupSettings BackupNodes::backup_settings() const {
  BackupSettings settings{.tables = texts(choice_->tables),
                          .vault = {.vault = vault_},
                          .timeout = 5 * scenario_.storage->timeout};
  if (!choice_->files.empty()) settings.spaces = texts(choice_->files);
  return settings;
}

void BackupNodes::boot(Node& node) {
  if (choice_ == nullptr) return;
  std::unique_ptr<Modules>& slot = nodes_[index(node.id())];
  if (Storage* storage = data_.storage(node.id())) {
    slot = std::make_unique<Modules>(node);
    Files* files = data_.files(node.id());
    slot->backup_node.take_part(storage->replica(), files == nullptr ? nullptr : &files->chunks(),
                                key_, agent_settings());
  }
  if (node.id() != vault_) return;
  probe_ = &node.probe();
  slot = std::make_unique<Modules>(node);
  slot->backup_node.keep_objects(vault_settings());
  slot->backups =
      std::make_unique<Backups>(node, *data_.placement(vault_), key_, backup_settings());
  node.spawn(take_regularly(node, *slot->backups));
  for (const RestoreChoice& restore : choice_->restores)
    if (restore.at >= node.now()) node.spawn(restore_when_due(node, *slot->backups, restore));
}

void BackupNodes::guard(NodeId node, const BackupRule& rule, const BackupShows& shows) {
  const std::unique_ptr<Modules>& modules = nodes_[index(node)];
  if (modules == nullptr) return;
  if (BackupAgent* agent = modules->backup_node.agent()) agent->guard(rule);
  if (modules->backups != nullptr) modules->backups->show(shows);
}

// At multiples of the period, whatever the node was doing before it started.
Task<> BackupNodes::take_regularly(Node& node, Backups& backups) {
  while (true) {
    co_await node.sleep_until((node.now() / choice_->every + 1) * choice_->every);
    const Time began = node.now();
    Task<Result<BackupInfo>> taking = backups.take();
    const Result<BackupInfo> taken = co_await std::move(taking);
    if (!taken) continue;
    cut_within_[taken->id] = {began, node.now()};
    node.probe().count("backups taken", node.id(), 1);
    node.probe().count("backup seconds", node.id(), to_seconds(node.now() - began));
    node.probe().count("backup rows", node.id(), static_cast<double>(taken->rows));
  }
}

// Until it works: what stands in the way may be mended.
Task<> BackupNodes::restore_when_due(Node& node, Backups& backups, RestoreChoice restore) {
  co_await node.sleep_until(restore.at);
  const Time began = node.now();
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();
  if (restore.to != never)
    to_ms = std::chrono::duration_cast<std::chrono::milliseconds>(restore.to).count();
  while (true) {
    Task<Result<RestoreReport>> restoring = backups.restore_to(to_ms);
    const Result<RestoreReport> report = co_await std::move(restoring);
    if (report) {
      restored_.push_back({report->backup.id, node.now()});
      node.probe().count("restore seconds", node.id(), to_seconds(node.now() - began));
      node.probe().count("rows restored", node.id(), static_cast<double>(report->rows));
      node.probe().count("bytes restored", node.id(), static_cast<double>(report->bytes));
      node.probe().event(node.now(), node.id(), "restored", "a backup, onto all nodes");
      co_return;
    }
    node.probe().count("restores failed", node.id(), 1);
    node.probe().event(node.now(), node.id(), "restore failed", report.error().detail);
    const ErrorCode code = report.error().code;
    if (code == ErrorCode::conflict || code == ErrorCode::not_found || code == ErrorCode::denied)
      co_return;
    co_await node.sleep(scenario_.storage->timeout);
  }
}

void BackupNodes::be_seen_by(Witness& witness) {
  if (choice_ == nullptr) return;
  witness.at_end([this](Witness& seen) { look_at_backups(seen); });
}

// In the order of time: a backup is judged by what was written since the last restore before it.
void BackupNodes::look_at_backups(Witness& witness) {
  const std::unique_ptr<Modules>& modules = nodes_[index(vault_)];
  if (modules == nullptr) return;
  VaultStore& vault = modules->backup_node.vault().store();
  std::vector<std::pair<Span, std::uint64_t>> in_order;
  for (const auto& [id, within] : cut_within_) in_order.emplace_back(within, id);
  std::ranges::sort(in_order);
  std::map<std::uint64_t, Tables> all;
  auto restored = restored_.begin();
  for (const auto& [within, id] : in_order) {
    for (; restored != restored_.end() && restored->at <= within.first; ++restored)
      look_at_restore(witness, *restored, all);
    std::optional<Tables> tables = tables_of(id, vault);
    if (!tables) continue;
    for (const TableSchema& table : scenario_.storage->tables)
      if (is_backed_up(table.name))
        witness.backed_up(table.name, "backup " + std::to_string(id), (*tables)[table.name],
                          within.first, within.second);
    all[id] = std::move(*tables);
  }
  for (; restored != restored_.end(); ++restored) look_at_restore(witness, *restored, all);
}

void BackupNodes::look_at_restore(Witness& witness, const Restored& restored,
                                  std::map<std::uint64_t, Tables>& backups) {
  const auto found = backups.find(restored.backup);
  for (const TableSchema& table : scenario_.storage->tables) {
    if (found == backups.end()) {  // it was dropped since, or is corrupt
      witness.promise(table.name, {.durable = false});
      continue;
    }
    const std::size_t lost = witness.restored(table.name, found->second[table.name],
                                              cut_within_[restored.backup].first, restored.at);
    probe_->count("rows lost", vault_, static_cast<double>(lost));
  }
}

bool BackupNodes::is_backed_up(const std::string& table) const {
  return choice_->tables.empty() ||
         std::ranges::find(choice_->tables, table, &Name::text) != choice_->tables.end();
}

std::optional<BackupNodes::Tables> BackupNodes::tables_of(std::uint64_t backup,
                                                          VaultStore& vault) const {
  const auto open = [&](const Digest& hash) -> std::optional<Blob> {
    const Result<Blob> sealed = vault.get(key_.name_of(hash));
    Result<Blob> plain = sealed ? key_.open_object(hash, *sealed) : sealed;
    if (!plain) return std::nullopt;
    return std::move(*plain);
  };
  const Result<FetchManifest::Answer> answer = vault.manifest(backup);
  if (!answer) return std::nullopt;
  const Result<Blob> plain = key_.open_object(answer->manifest_hash, answer->manifest);
  const auto manifest = plain ? decoded<Manifest>(*plain) : std::nullopt;
  if (!manifest) return std::nullopt;
  Tables tables;
  for (const PartitionRoot& root : manifest->partitions) {
    const std::optional<Blob> bytes = open(root.root);
    const auto index = bytes ? decoded<PartitionIndex>(*bytes) : std::nullopt;
    if (!index) return std::nullopt;
    for (const PartitionIndex::Run& one : index->runs) {
      const std::optional<Blob> run_bytes = open(one.hash);
      const auto run = run_bytes ? decoded<RowRun>(*run_bytes) : std::nullopt;
      const TableSchema* table = run ? manifest->scope.table(run->table) : nullptr;
      if (table == nullptr) return std::nullopt;
      for (const StoredRow& row : run->rows) {
        const std::optional<Row> key = decode_key(*table, row.at.key);
        if (key && row.values) tables[run->table][key_text(*key)] = row_text(*row.values);
      }
    }
  }
  return tables;
}

}  // namespace evenkeel

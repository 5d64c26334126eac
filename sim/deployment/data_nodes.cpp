#include "sim/deployment/data_nodes.h"

#include <algorithm>
#include <map>

#include "sim/faults/stage.h"

namespace evenkeel {

DataNodes::DataNodes(const Scenario& scenario, const Deployment& deployment,
                     const Platform& platform)
    : scenario_(scenario), platform_(platform), nodes_(platform.size()) {
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
  layout_settings_ = {.period = choice.timeout,
                      .timeout = choice.timeout,
                      .lease = 5 * choice.timeout,
                      .longest_operation = 8 * choice.timeout,
                      .flaw = choice.flaw};
  lay_out(deployment, platform);
}

namespace {

void check_enough(std::size_t members, std::int64_t copies, const Place& place) {
  if (members >= static_cast<std::size_t>(copies)) return;
  throw UserError(place, "only " + std::to_string(members) +
                             " nodes keep data, but there are to be " + std::to_string(copies) +
                             " copies; add nodes or lower 'copies'");
}

}  // namespace

// By region from 1 on, the nodes that keep its tables.
std::vector<std::vector<NodeId>> DataNodes::homes_among(const std::set<NodeId>& members) const {
  const StorageChoice& choice = *scenario_.storage;
  std::vector<std::vector<NodeId>> homes;
  for (const std::vector<Name>& names : choice.homes) {
    std::vector<NodeId>& home = homes.emplace_back(nodes_named(names, platform_));
    std::ranges::sort(home);
    home.erase(std::ranges::unique(home).begin(), home.end());
    for (const NodeId node : home)
      if (!members.contains(node))
        throw UserError(names.front().place, "'" + platform_.node(node).name +
                                                 "' is to keep a table, but keeps no data; add its "
                                                 "kind to 'storage.on'");
    if (!choice.files.empty() && home.size() < static_cast<std::size_t>(choice.copies))
      throw UserError(names.front().place,
                      "beside files, a table is kept by as many nodes as there are 'copies' at "
                      "least; name more nodes, or none");
  }
  return homes;
}

void DataNodes::lay_out(const Deployment& deployment, const Platform& platform) {
  const StorageChoice& choice = *scenario_.storage;
  const auto member = [&](NodeId node) {
    return Member{node, choice.zones ? platform.node(node).vertex : index(node), 1};
  };
  const std::vector<NodeId> first = nodes_of_kinds(scenario_, deployment, choice.on);
  std::set<NodeId> members{first.begin(), first.end()};
  const auto make_members = [&] {
    std::vector<Member> made;
    for (const NodeId node : members) made.push_back(member(node));
    return made;
  };
  check_enough(members.size(), choice.copies, choice.place);
  Result<Layout> layout = make_layout(make_members(), static_cast<std::uint32_t>(choice.copies),
                                      nullptr, homes_among(members));
  if (!layout) throw UserError(choice.place, layout.error().detail);
  first_ = std::make_unique<FixedPlacement>(std::move(*layout));
  keepers_ = members;
  for (const MemberChange& change : choice.changes) {
    for (const NodeId node : nodes_named(change.add, platform)) members.insert(node);
    for (const NodeId node : nodes_named(change.remove, platform)) members.erase(node);
    check_enough(members.size(), choice.copies, change.place);
    keepers_.insert(members.begin(), members.end());
    then_.push_back(make_members());
  }
}

bool DataNodes::is_live() const {
  return scenario_.storage->membership || !scenario_.storage->changes.empty();
}

const Layout& DataNodes::layout_at_end() const {
  const Layout* newest = &first_->newest();
  for (const std::unique_ptr<Modules>& modules : nodes_)
    if (modules && modules->layouts && modules->layouts->readable().version > newest->version)
      newest = &modules->layouts->readable();
  return *newest;
}

void DataNodes::be_seen_by(Witness& witness) {
  if (!scenario_.storage) return;
  for (const TableSchema& table : scenario_.storage->tables)
    witness.promise(table.name, {.linearizable = true});
  witness.at_end([this](Witness& seen) {
    for (const TableSchema& table : scenario_.storage->tables) look_at(table, seen);
  });
}

namespace {

// Rows that were being written when the run ended: they may be on some replicas and not yet on
// others.
std::set<std::string> rows_on_their_way(const TableSchema& table, const Witness& witness,
                                        Time since) {
  std::set<std::string> keys;
  for (const Witness::Key& key : witness.keys())
    if (key.space == table.name &&
        std::ranges::any_of(key.history.operations, [&](const Operation& operation) {
          return operation.is_write() && operation.start > since;
        }))
      keys.insert(key.key);
  return keys;
}

/// From the last fault or change of the layout on every node has compared its rows with all others,
/// though some of them took a moment to recover.
bool could_converge(const Scenario& scenario, const Witness& witness) {
  constexpr int recovery_timeouts = 4;
  const StorageChoice& choice = *scenario.storage;
  Time since = witness.quiet_from();
  for (const MemberChange& change : choice.changes) since = std::max(since, change.at);
  return time_after(since, choice.sync_period + recovery_timeouts * choice.timeout) <=
         scenario.duration;
}

}  // namespace

// What a reader would get if all replicas could be asked: of each row the newest.
void DataNodes::look_at(const TableSchema& table, Witness& witness) const {
  const Layout& layout = layout_at_end();
  std::map<std::string, StoredRow> newest;
  const std::set<std::string> on_their_way =
      rows_on_their_way(table, witness, scenario_.duration - scenario_.storage->timeout / 10);
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    std::vector<ReplicaDigest> digests;
    for (const NodeId node : layout.replicas[partition]) {
      if (storage(node) == nullptr || !storage(node)->store().is_open()) continue;
      const RowsDigest digest = storage(node)->store().digest(table.name, partition);
      digests.push_back({platform_.node(node).name, digest.sum + digest.rows});
    }
    bool is_still = could_converge(scenario_, witness);
    for (StoredRow& row : newest_rows(table, partition)) {
      const std::optional<Row> key = decode_key(table, row.at.key);
      if (!key) continue;
      const std::string name = key_text(*key);
      is_still &= !on_their_way.contains(name);
      StoredRow& known = newest[name];
      if (known.version < row.version) known = std::move(row);
    }
    if (is_still) witness.replicas_at_end(table.name + " " + std::to_string(p), std::move(digests));
  }
  std::vector<std::string> keys;
  for (const Witness::Key& key : witness.keys())
    if (key.space == table.name) keys.push_back(key.key);
  for (const std::string& key : keys) {
    const auto found = newest.find(key);
    const bool is_there = found != newest.end() && found->second.values;
    const std::string value = is_there ? row_text(*found->second.values) : "";
    witness.found_at_end(table.name, key, is_there ? Witness::Content{value} : std::nullopt);
  }
}

const Placement& DataNodes::placement_at(Node& node, Modules& modules) const {
  if (!is_live()) return *first_;
  std::vector<NodeId> all;
  for (std::uint32_t i = 0; i < platform_.size(); ++i) all.push_back(NodeId{i});
  const std::vector<NodeId> contacts{keepers_.begin(), keepers_.end()};
  modules.membership = std::make_unique<Membership>(node, std::move(all));
  modules.layouts = std::make_unique<Layouts>(node, first_->newest(), contacts,
                                              modules.membership.get(), layout_settings_);
  return *modules.layouts;
}

// Each keeper proposes what is due, one after the other, so that some node does whatever is down.
// What comes after a version is the same for all, and decided once.
Task<> DataNodes::change_layouts(Node& node, Layouts& layouts, Records& records) const {
  const auto rank = std::ranges::distance(keepers_.begin(), keepers_.find(node.id()));
  for (std::size_t i = 0; i < then_.size(); ++i) {
    const std::uint64_t version = first_->newest().version + 1 + i;
    co_await node.sleep_until(scenario_.storage->changes[i].at +
                              10 * rank * layout_settings_.timeout);
    while (layouts.newest().version < version) {
      if (layouts.newest().version + 1 == version && layouts.is_current()) {
        Layouts::Decide decide = decide_by(records);
        std::vector<Member> members = then_[i];
        Task<Result<Layout>> proposing =
            layouts.propose(std::move(members), first_->newest().copies, std::move(decide));
        const Result<Layout> proposed = co_await std::move(proposing);
        if (proposed) node.probe().event(node.now(), node.id(), "layout changed", "");
      }
      co_await node.sleep(layout_settings_.period);
    }
  }
}

void DataNodes::boot(Node& node) {
  if (empty()) return;
  std::unique_ptr<Modules>& slot = nodes_[index(node.id())];
  slot.reset();
  slot = std::make_unique<Modules>();
  Modules& modules = *slot;
  const Placement& placement = placement_at(node, modules);
  if (keeps_data(node.id())) {
    modules.storage = std::make_unique<Storage>(node, placement, settings_);
    modules.queries = std::make_unique<QueryService>(node, modules.storage->replica(), placement);
  } else {
    modules.records = std::make_unique<Records>(node, placement, settings_.records);
  }
  Records& records = modules.storage ? modules.storage->records() : *modules.records;
  if (modules.layouts && modules.storage) {
    modules.layouts->on_synchronise(copy_rows(*modules.storage, node.id()));
    if (!then_.empty()) node.spawn(change_layouts(node, *modules.layouts, records));
  }
  if (!scenario_.storage->files.empty()) boot_files(node, modules, placement, records);
  modules.access = std::make_unique<Access>(node, records, placement,
                                            AccessSettings{.timeout = scenario_.storage->timeout});
  modules.session = std::make_shared<AccessSession>();
  for (const TableSchema& table : scenario_.storage->tables) modules.access->know(table);
}

void DataNodes::boot_files(Node& node, Modules& modules, const Placement& placement,
                           Records& records) {
  if (!keeps_data(node.id())) {
    modules.files = std::make_unique<Files>(node, records, placement);
    return;
  }
  modules.file_node = std::make_unique<FileNode>(node, records, placement);
  if (node.id() == *keepers_.begin())
    node.spawn(make_spaces(node, modules.file_node->files(), scenario_.storage->files));
}

Task<> DataNodes::make_spaces(Node& node, Files& files, std::vector<FileSpaceChoice> spaces) {
  for (const FileSpaceChoice& choice : spaces) {
    FileSpace space{.owner = "operator"};
    if (choice.quota > 0) space.quota_bytes = static_cast<std::uint64_t>(choice.quota);
    space.coding = {static_cast<std::uint8_t>(choice.data),
                    static_cast<std::uint8_t>(choice.parity)};
    while (true) {
      Task<Result<Done>> making = files.make_space(choice.name, space);
      const Result<Done> made = co_await std::move(making);
      if (made || made.error().code == ErrorCode::conflict) break;
      co_await node.sleep(seconds(1));
    }
  }
}

void DataNodes::describe_to(ActionSetting& setting) const {
  if (!scenario_.storage) return;
  setting.tables = scenario_.storage->tables;
  for (const FileSpaceChoice& space : scenario_.storage->files)
    setting.file_spaces.push_back(space.name);
}

void DataNodes::offer(NodeId node, ModuleClients& clients) const {
  const std::unique_ptr<Modules>& modules = nodes_[index(node)];
  if (modules == nullptr) return;
  clients.records = modules->storage ? &modules->storage->records() : modules->records.get();
  clients.access = modules->access.get();
  clients.session = modules->session;
  clients.files = modules->file_node ? &modules->file_node->files() : modules->files.get();
}

Files* DataNodes::files(NodeId node) const {
  ModuleClients clients;
  offer(node, clients);
  return clients.files;
}

DataNodes::Guarded DataNodes::guarded(NodeId node) const {
  const std::unique_ptr<Modules>& modules = nodes_[index(node)];
  if (modules == nullptr) return {};
  return {.queries = modules->queries.get(),
          .replica = modules->storage ? &modules->storage->replica() : nullptr,
          .chunks = modules->file_node ? &modules->file_node->server() : nullptr,
          .placement = placement(node),
          .access = modules->access.get()};
}

Records* DataNodes::records(NodeId node) const {
  ModuleClients clients;
  offer(node, clients);
  return clients.records;
}

ChunkStore* DataNodes::chunks(NodeId node) const {
  const std::unique_ptr<Modules>& modules = nodes_[index(node)];
  return modules && modules->file_node ? &modules->file_node->store() : nullptr;
}

const Placement* DataNodes::placement(NodeId node) const {
  const std::unique_ptr<Modules>& modules = nodes_[index(node)];
  if (modules && modules->layouts) return modules->layouts.get();
  return first_.get();
}

std::vector<NodeId> DataNodes::keepers() const { return {keepers_.begin(), keepers_.end()}; }

std::vector<StoredRow> DataNodes::newest_rows(const TableSchema& table, Partition partition) const {
  std::map<RowKey, StoredRow> newest;
  for (const NodeId node : layout_at_end().replicas[partition]) {
    if (storage(node) == nullptr || !storage(node)->store().is_open()) continue;
    const auto rows = storage(node)->store().scan(
        {.table = table.name, .partition = partition, .limit = 1'000'000});
    if (!rows) continue;
    for (const StoredRow& row : *rows)
      if (newest[row.at].version < row.version) newest[row.at] = row;
  }
  std::vector<StoredRow> rows;
  for (auto& [at, row] : newest) rows.push_back(std::move(row));
  return rows;
}

bool DataNodes::is_repairing() const {
  return std::ranges::any_of(nodes_, [](const std::unique_ptr<Modules>& modules) {
    return modules && modules->storage && modules->storage->replica().is_recovering();
  });
}

Storage* DataNodes::storage(NodeId node) const {
  return nodes_[index(node)] ? nodes_[index(node)]->storage.get() : nullptr;
}

}  // namespace evenkeel

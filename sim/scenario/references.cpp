// Names that must be defined elsewhere in the same scenario.
#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/breakage.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {
namespace {

class References {
 public:
  References(const Scenario& scenario, std::vector<Mistake>& mistakes)
      : scenario_(scenario), mistakes_(mistakes) {
    for (const NodeKind& node : scenario.nodes) kinds_.push_back(node.name);
    for (const DevicePopulation& devices : scenario.devices) populations_.push_back(devices.name);
    for (const RequestClass& requests : scenario.workload) classes_.push_back(requests.name);
  }

  void check() {
    for (const RequestClass& requests : scenario_.workload)
      defined(requests.from, populations_, "device population");
    for (const NodeKind& node : scenario_.nodes)
      for (const Name& served : node.serves.classes) defined(served, classes_, "request class");
    for (const Name& kind : scenario_.balancing.servers) defined(kind, kinds_, "node kind");
    if (scenario_.storage) check_storage(*scenario_.storage);
    if (scenario_.sharing) check_sharing(*scenario_.sharing);
    if (scenario_.processing) check_processing(*scenario_.processing);
    check_mpc();
    for (const Fault& fault : scenario_.faults) check_fault(fault);
    check_served();
    check_balanced();
    check_compare();
  }

 private:
  void defined(const Name& name, const std::vector<std::string>& known, std::string_view thing) {
    if (name.text.empty() || std::ranges::find(known, name.text) != known.end()) return;
    mistakes_.push_back({name.place, fmt::format("no {} {}{}", thing, shown(name.text),
                                                 suggestion(name.text, known))});
  }

  void mistake(const Place& place, std::string what) {
    mistakes_.push_back({place, std::move(what)});
  }

  void check_kinds(const std::vector<Name>& names) {
    for (const Name& kind : names) defined(kind, kinds_, "node kind");
  }

  void check_mpc() {
    if (!scenario_.mpc || !scenario_.mpc->computes()) {
      for (const RequestClass& requests : scenario_.workload)
        if (scenario_.balancing.knowledge.name == "private" && requests.does.name.empty())
          mistakes_.push_back(
              {requests.place,
               fmt::format("class '{}' is balanced by knowledge 'private', and nobody "
                           "computes; add for instance mpc: {{protocol: "
                           "replicated3, parties: a node kind}}",
                           requests.name)});
      return;
    }
    std::vector<std::string> owners = kinds_;
    for (const DevicePopulation& devices : scenario_.devices) owners.push_back(devices.name);
    for (const ComputationChoice& computation : scenario_.mpc->computations)
      for (const auto& names : {computation.of, computation.liars})
        for (const Name& owner : names)
          if (owner.text.find('/') == std::string::npos)  // else a node, known once all are placed
            defined(owner, owners, "device population or node kind");
  }

  void check_processing(const ProcessingChoice& processing) {
    std::vector<std::string> tables, spaces;
    if (scenario_.storage) {
      for (const TableSchema& table : scenario_.storage->tables) tables.push_back(table.name);
      for (const FileSpaceChoice& space : scenario_.storage->files) spaces.push_back(space.name);
    }
    check_kinds(processing.workers);
    for (const StreamChoice& stream : processing.streams) {
      for (const auto* kinds : {&stream.on, &stream.owners, &stream.standbys}) check_kinds(*kinds);
      defined(stream.table, tables, "table in 'storage.tables'");
      const bool needs_storage = !stream.standbys.empty() || !stream.into.text.empty();
      if (needs_storage && !scenario_.storage)
        mistakes_.push_back({stream.place, fmt::format("stream '{}' keeps data; add 'storage' for "
                                                       "its standbys and its table",
                                                       stream.name)});
      if (std::ranges::find(tables, stream.into.text) != tables.end())
        mistakes_.push_back({stream.into.place, fmt::format("there is a table '{}' already; 'into' "
                                                            "makes one of a new name",
                                                            stream.into.text)});
    }
    for (const ModelChoice& model : processing.models) {
      check_kinds(model.on);
      check_kinds({model.home});
    }
    for (const JobChoice& job : processing.jobs) {
      defined(job.table, tables, "table in 'storage.tables'");
      defined(job.files, spaces, "name space in 'storage.files'");
      if (processing.workers.empty())
        mistakes_.push_back({job.place, fmt::format("nobody runs job '{}'; add to 'processing' "
                                                    "workers: with a node kind",
                                                    job.name)});
    }
  }

  void check_fault(const Fault& fault) {
    const Breakage* what = breakage(fault);
    if (what == nullptr) return;
    const NamedThings named = what->named();
    if (named.what != NamedThings::What::nodes) return;
    for (const Name& node : named.names)
      if (!node.text.starts_with("gateway/")) check_nodes({node});  // a place's, where devices are
  }

  void check_nodes(const std::vector<Name>& names) {
    for (const Name& node : names)
      defined({node.text.substr(0, node.text.find('/')), node.place}, kinds_, "node kind");
  }

  void check_storage(const StorageChoice& storage) {
    for (const Name& kind : storage.on) defined(kind, kinds_, "node kind");
    for (const MemberChange& change : storage.changes) {
      check_nodes(change.add);
      check_nodes(change.remove);
      if (change.add.empty() && change.remove.empty())
        mistakes_.push_back({change.place, "nothing changes; say whom to 'add' or to 'remove'"});
    }
    for (const std::vector<Name>& home : storage.homes) check_nodes(home);
    if (storage.backup) check_backup(storage);
    if (storage.secrets) check_nodes(storage.secrets->on);
  }

  void check_backup(const StorageChoice& storage) {
    const BackupChoice& backup = *storage.backup;
    defined(backup.to, kinds_, "node kind");
    for (const Name& kind : storage.on)
      if (kind.text == backup.to.text)
        mistakes_.push_back({backup.to.place,
                             "backups on nodes that keep the data are lost with it; "
                             "name another kind"});
    std::vector<std::string> tables, spaces;
    for (const TableSchema& table : storage.tables) tables.push_back(table.name);
    for (const FileSpaceChoice& space : storage.files) spaces.push_back(space.name);
    for (const Name& table : backup.tables) defined(table, tables, "table");
    for (const Name& space : backup.files) defined(space, spaces, "name space");
  }

  void check_sharing(const SharingChoice& sharing) {
    std::vector<std::string> parties, data_sets, tables, spaces;
    for (const PartyChoice& party : sharing.parties) parties.push_back(party.name.text);
    for (const DataSetChoice& data_set : sharing.data_sets) data_sets.push_back(data_set.name.text);
    if (scenario_.storage) {
      for (const TableSchema& table : scenario_.storage->tables) tables.push_back(table.name);
      for (const FileSpaceChoice& space : scenario_.storage->files) spaces.push_back(space.name);
    }
    for (const PartyChoice& party : sharing.parties) {
      for (const Name& node : party.nodes)
        defined({node.text.substr(0, node.text.find('/')), node.place}, kinds_, "node kind");
      for (const Name& devices : party.devices) defined(devices, populations_, "device population");
      for (const Name& space : party.spaces) defined(space, spaces, "name space");
    }
    for (const DataSetChoice& data_set : sharing.data_sets) {
      defined(data_set.owner, parties, "party");
      defined(data_set.table, tables, "table");
      for (const TermsChoice& terms : data_set.terms) defined(terms.party, parties, "party");
    }
    for (const PoolChoice& pool : sharing.pools) check_pool(pool, sharing, data_sets);
    for (const RevocationChoice& event : sharing.revocations) {
      defined(event.data_set, data_sets, "data set");
      defined(event.from, parties, "party");
    }
  }

  void check_pool(const PoolChoice& pool, const SharingChoice& sharing,
                  const std::vector<std::string>& data_sets) {
    if (!scenario_.mpc || !scenario_.mpc->computes())
      mistake(pool.name.place,
              "what a pool tells is computed by multi-party computation: add "
              "'mpc: {protocol: replicated3, parties: ...}'");
    const TableSchema* first = nullptr;
    std::vector<std::string> owners;
    for (const Name& name : pool.data_sets) {
      defined(name, data_sets, "data set");
      const auto found = std::ranges::find_if(
          sharing.data_sets, [&](const DataSetChoice& one) { return one.name.text == name.text; });
      if (found == sharing.data_sets.end()) continue;
      if (std::ranges::find(owners, found->owner.text) != owners.end())
        mistake(name.place, fmt::format("'{}' is the second data set of '{}' in this pool; an "
                                        "owner has one in it",
                                        name.text, found->owner.text));
      owners.push_back(found->owner.text);
      const TableSchema* table = schema_of(found->table.text);
      if (table == nullptr) {
        mistake(name.place, fmt::format("'{}' is a file; a pool is of tables", name.text));
      } else if (first != nullptr && table->columns != first->columns) {
        mistake(name.place,
                fmt::format("the table '{}' has other columns than '{}'; the tables of a pool "
                            "have the same",
                            table->name, first->name));
      }
      if (first == nullptr) first = table;
    }
    for (const PoolChoice::Column& column : pool.columns)
      if (first != nullptr) check_pool_column(column, *first);
  }

  void check_pool_column(const PoolChoice::Column& column, const TableSchema& table) {
    std::vector<std::string> names;
    for (const Column& one : table.columns) names.push_back(one.name);
    defined(column.name, names, "column");
    const Column* its = table.find(column.name.text);
    if (its != nullptr && its->type != ColumnType::integer && its->type != ColumnType::real)
      mistake(column.name.place, fmt::format("'{}' is a {}; sums are of integers and reals",
                                             column.name.text, to_string(its->type)));
  }

  const TableSchema* schema_of(const std::string& name) const {
    if (!scenario_.storage) return nullptr;
    const auto found = std::ranges::find(scenario_.storage->tables, name, &TableSchema::name);
    return found == scenario_.storage->tables.end() ? nullptr : &*found;
  }

  bool is_balanced_to(const NodeKind& node) const {
    const std::vector<Name>& servers = scenario_.balancing.servers;
    return servers.empty() || std::ranges::find(servers, node.name, &Name::text) != servers.end();
  }

  /// Some node must answer each class.
  void check_served() {
    if (scenario_.nodes.empty()) return;
    for (const RequestClass& requests : scenario_.workload) {
      if (!requests.does.name.empty()) continue;
      const auto serves = [&](const NodeKind& node) {
        const bool this_class = std::ranges::find(node.serves.classes, requests.name,
                                                  &Name::text) != node.serves.classes.end();
        return is_balanced_to(node) && (node.serves.all || this_class);
      };
      if (std::ranges::none_of(scenario_.nodes, serves))
        mistakes_.push_back({requests.place, fmt::format("no node answers the class '{}'; let some "
                                                         "node kind serve it",
                                                         requests.name)});
    }
  }

  void check_balanced() {
    if (!scenario_.balancing.policy.name.empty() || !mistakes_.empty()) return;
    for (const RequestClass& requests : scenario_.workload)
      if (requests.does.name.empty())
        mistakes_.push_back(
            {requests.place, fmt::format("who answers the class '{}' is not said; add for instance "
                                         "balancing: {{policy: nearest}}",
                                         requests.name)});
  }

  void check_compare() {
    const Compare& compare = scenario_.compare;
    if (compare.baseline.text.empty()) return;
    std::vector<std::string> values;
    for (const Variation& axis : compare.vary) {
      if (axis.values.empty()) return;  // which is told already
      values.insert(values.end(), axis.values.begin(), axis.values.end());
    }
    if (std::ranges::find(values, compare.baseline.text) != values.end()) return;
    mistakes_.push_back(
        {compare.baseline.place,
         fmt::format("the baseline {} is none of the values in 'vary'{}",
                     shown(compare.baseline.text), suggestion(compare.baseline.text, values))});
  }

  const Scenario& scenario_;
  std::vector<Mistake>& mistakes_;
  std::vector<std::string> kinds_;
  std::vector<std::string> populations_;
  std::vector<std::string> classes_;
};

}  // namespace

void check_references(const Scenario& scenario, std::vector<Mistake>& mistakes) {
  References{scenario, mistakes}.check();
}

}  // namespace evenkeel

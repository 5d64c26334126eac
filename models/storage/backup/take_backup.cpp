// The coordinator's part of taking a backup.
#include <algorithm>

#include "models/runtime/quorum.h"
#include "models/runtime/together.h"
#include "models/storage/backup/backups.h"

namespace evenkeel {
namespace {

// Tables of the file system (file_rows.cpp).
bool is_of_files(const std::string& table) {
  return table == "file_spaces" || table == "file_entries" || table == "file_inodes";
}

}  // namespace

// Shared with the tasks that ask, which may live longer than who waits for them.
struct Backups::Taking {
  std::uint64_t session = 0;
  std::int64_t cut_ms = 0;
  std::set<NodeId> able = {};  // who hold their rows
  std::map<NodeId, Error> unable = {};
  std::set<NodeId> silent = {};  // that did not answer in time
  BackupScope scope = {};
  std::map<Partition, PartitionRoot> roots = {};
  Moved moved = {};
};

Backups::Backups(Node& node, const Placement& placement, const BackupKey& key,
                 const BackupSettings& settings)
    : node_(node),
      placement_(placement),
      settings_(settings),
      vault_(node, settings.vault, key),
      clock_(node) {}

std::int64_t Backups::wall_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(node_.wall_clock()).count();
}

std::vector<NodeId> Backups::members() const {
  std::set<NodeId> all;
  for (const auto& replicas : placement_.readable().replicas)
    all.insert(replicas.begin(), replicas.end());
  return {all.begin(), all.end()};
}

// Those that are able share the work: of each group's replicas the one with the least so far is
// asked first.
std::vector<Backups::Group> Backups::groups_of(const std::set<NodeId>& able) const {
  std::map<std::vector<NodeId>, std::vector<Partition>> by_replicas;
  const Layout& layout = placement_.readable();
  for (std::size_t p = 0; p < partitions; ++p) {
    std::vector<NodeId> replicas = layout.replicas[p];
    std::ranges::sort(replicas);
    by_replicas[std::move(replicas)].push_back(static_cast<Partition>(p));
  }
  std::vector<Group> groups;
  std::map<NodeId, std::size_t> load;
  for (const auto& [replicas, all] : by_replicas)
    for (std::size_t from = 0; from < all.size(); from += settings_.partitions_at_once) {
      Group& group = groups.emplace_back();
      group.replicas = replicas;
      const std::size_t to = std::min(from + settings_.partitions_at_once, all.size());
      for (std::size_t i = from; i < to; ++i) group.wanted.push_back(all[i]);
      for (const NodeId replica : replicas)
        if (able.contains(replica)) group.order.push_back(replica);
      std::ranges::stable_sort(group.order, {}, [&](NodeId replica) { return load[replica]; });
      if (!group.order.empty()) load[group.order.front()] += group.wanted.size();
    }
  return groups;
}

std::vector<NodeId> Backups::in_order(const Group& group, const std::set<NodeId>& silent) {
  std::vector<NodeId> order = group.order;
  std::ranges::stable_partition(order, [&](NodeId node) { return !silent.contains(node); });
  return order;
}

Task<Result<Done>> Backups::in_turn(std::vector<Task<Result<Done>>> tasks) {
  for (std::size_t from = 0; from < tasks.size(); from += settings_.groups_in_flight) {
    std::vector<Task<Result<Done>>> some;
    for (std::size_t i = from; i < std::min(from + settings_.groups_in_flight, tasks.size()); ++i)
      some.push_back(std::move(tasks[i]));
    Task<Result<Done>> all = all_of(node_, std::move(some));
    const Result<Done> done = co_await std::move(all);
    if (!done) co_return done;
  }
  co_return Done{};
}

BackupScope Backups::scope_of(const std::vector<TableSchema>& tables) const {
  BackupScope scope{.spaces = settings_.spaces};
  for (const TableSchema& table : tables) {
    const bool no_files = settings_.spaces && settings_.spaces->empty();
    const bool wanted =
        is_of_files(table.name)
            ? !no_files
            : settings_.tables.empty() ||
                  std::ranges::find(settings_.tables, table.name) != settings_.tables.end();
    if (wanted && scope.table(table.name) == nullptr) scope.tables.push_back(table);
  }
  std::ranges::sort(scope.tables, {}, &TableSchema::name);
  return scope;
}

Task<Result<BackupInfo>> Backups::take() {
  const auto taking = std::make_shared<Taking>();
  taking->session = node_.random()() | 1;
  Task<Result<Done>> freezing = freeze(taking);
  const Result<Done> frozen = co_await std::move(freezing);
  Result<BackupInfo> taken = Error{ErrorCode::stopped, ""};
  if (frozen) {
    Task<Result<BackupInfo>> bringing = take_held(taking);
    taken = co_await std::move(bringing);
  } else {
    taken = frozen.error();
  }
  Task<> releasing = release(taking);
  co_await std::move(releasing);
  if (!taken) {
    AbandonBackup question{.session = taking->session};
    Task<Result<std::uint64_t>> abandoning = vault_.ask_vault(std::move(question));
    // If it is not heard, what was brought goes after a time.
    [[maybe_unused]] const Result<std::uint64_t> freed = co_await std::move(abandoning);
    node_.probe().count("backups failed", node_.id(), 1);
    node_.probe().event(node_.now(), node_.id(), "backup failed", taken.error().detail);
  }
  co_return taken;
}

Task<Result<Done>> Backups::freeze(std::shared_ptr<Taking> taking) {
  const HybridTime now = clock_.tick();
  taking->cut_ms = now.wall_ms + 2 * HybridClock::most_ahead_ms;
  const FreezeRows question{.session = taking->session, .clock = now, .cut_ms = taking->cut_ms};
  const std::vector<NodeId> everyone = members();
  // All that will answer: the more hold their rows, the less one of them may spoil.
  const Duration limit = std::chrono::milliseconds{HybridClock::most_ahead_ms};
  std::function<bool(const Answers<FreezeRows::Answer>&)> enough =
      [](const Answers<FreezeRows::Answer>&) { return false; };
  Task<Answers<FreezeRows::Answer>> asking =
      ask_all<FreezeRows>(node_, Port::backups, everyone, question, limit, enough);
  const Answers<FreezeRows::Answer> answers = co_await std::move(asking);
  std::vector<TableSchema> tables;
  for (const auto& [node, answer] : answers.good) {
    if (!clock_.heard(answer.clock)) {
      taking->unable.emplace(node, Error{ErrorCode::outdated, "its clock is ahead; set it"});
      continue;
    }
    taking->able.insert(node);
    tables.insert(tables.end(), answer.tables.begin(), answer.tables.end());
  }
  for (const auto& [node, error] : answers.bad) taking->unable.emplace(node, error);
  taking->scope = scope_of(tables);
  for (std::size_t p = 0; p < partitions; ++p) {
    const Quorum quorum = placement_.read_quorum(static_cast<Partition>(p));
    if (quorum.reached([&](NodeId node) { return taking->able.contains(node); })) continue;
    std::string why = "too many of its replicas cannot take part";
    for (const NodeId node : quorum.everyone())
      if (const auto found = taking->unable.find(node); found != taking->unable.end())
        why += "; node " + std::to_string(index(node)) + ": " + found->second.detail;
    co_return Error{ErrorCode::no_quorum,
                    "no backup, for partition " + std::to_string(p) + " would be missing: " + why};
  }
  // By then every clock that is not too wrong shows the cut.
  const std::int64_t held_ms = taking->cut_ms + HybridClock::most_ahead_ms;
  while (wall_ms() <= held_ms)
    co_await node_.sleep(std::chrono::milliseconds{held_ms + 1 - wall_ms()});
  co_return Done{};
}

Task<> Backups::release(std::shared_ptr<Taking> taking) {
  const ReleaseRows question{taking->session};
  const std::vector<NodeId> everyone(taking->able.begin(), taking->able.end());
  std::function<bool(const Answers<Done>&)> enough = [](const Answers<Done>&) { return true; };
  Task<Answers<Done>> asking =
      ask_all<ReleaseRows>(node_, Port::backups, everyone, question, settings_.timeout, enough);
  [[maybe_unused]] const Answers<Done> answers = co_await std::move(asking);
}

Task<Result<BackupInfo>> Backups::take_held(std::shared_ptr<Taking> taking) {
  Task<Result<Done>> exporting = export_all(taking);
  const Result<Done> exported = co_await std::move(exporting);
  if (!exported) co_return exported.error();
  Task<Result<BackupInfo>> committing = commit(taking);
  const Result<BackupInfo> committed = co_await std::move(committing);
  co_return committed;
}

Task<Result<Done>> Backups::export_all(std::shared_ptr<Taking> taking) {
  std::vector<Task<Result<Done>>> exports;
  for (Group& group : groups_of(taking->able))
    exports.push_back(export_group(taking, std::move(group)));
  Task<Result<Done>> all = in_turn(std::move(exports));
  const Result<Done> done = co_await std::move(all);
  co_return done;
}

Task<Result<BackupTokens>> Backups::tokens_for(NodeId node, BackupScope scope, bool restores) {
  if (!shows_) co_return BackupTokens{};
  Task<Result<BackupTokens>> showing = shows_(node, std::move(scope), restores);
  Result<BackupTokens> tokens = co_await std::move(showing);
  co_return std::move(tokens);
}

// If one replica cannot, another one may.
Task<Result<Done>> Backups::export_group(std::shared_ptr<Taking> taking, Group group) {
  ExportPartitions question{.session = taking->session,
                            .scope = taking->scope,
                            .replicas = group.replicas,
                            .wanted = group.wanted};
  Error last{ErrorCode::no_quorum, "nobody could be asked"};
  const std::vector<NodeId> order = in_order(group, taking->silent);
  for (const NodeId replica : order) {
    Task<Result<BackupTokens>> showing = tokens_for(replica, taking->scope, false);
    Result<BackupTokens> tokens = co_await std::move(showing);
    if (!tokens) co_return tokens.error();
    question.tokens = std::move(*tokens);
    Task<Result<ExportPartitions::Answer>> asking = ask_until_done(replica, question);
    const Result<ExportPartitions::Answer> answer = co_await std::move(asking);
    if (answer) {
      for (const PartitionRoot& root : answer->roots)
        if (std::ranges::find(group.wanted, root.partition) != group.wanted.end())
          taking->roots[root.partition] = root;
      taking->moved += answer->moved;
      co_return Done{};
    }
    last = answer.error();
    if (last.code == ErrorCode::timeout) taking->silent.insert(replica);
    if (last.code == ErrorCode::full) break;
  }
  if (last.code == ErrorCode::denied) co_return last;
  co_return Error{last.code, "no backup, for partition " + std::to_string(group.wanted.front()) +
                                 " and those with it would be missing: " + last.detail};
}

Task<Result<BackupInfo>> Backups::commit(std::shared_ptr<Taking> taking) {
  Manifest whole{.scope = taking->scope, .cut_ms = taking->cut_ms};
  CommitBackup question{.session = taking->session};
  BackupInfo& info = question.info;
  info = {.id = taking->session,
          .name_space = settings_.name_space,
          .cut_ms = taking->cut_ms,
          .ended_ms = wall_ms(),
          .key_check = vault_.key().check(),
          .moved_bytes = taking->moved.bytes,
          .objects = taking->moved.objects};
  for (const auto& [partition, root] : taking->roots) {
    whole.partitions.push_back(root);
    question.roots.push_back(vault_.key().name_of(root.root));
    info.rows += root.rows;
  }
  const Blob plain = encoded(whole);
  question.manifest_hash = sha256(plain);
  question.manifest = vault_.key().seal_object(vault_.key().name_of(question.manifest_hash), plain);
  const BackupInfo done = info;
  Task<Result<Done>> asking = vault_.ask_vault(std::move(question));
  const Result<Done> committed = co_await std::move(asking);
  if (!committed) co_return committed.error();
  co_return done;
}

}  // namespace evenkeel

// The coordinator's part of looking at backups and restoring them.
#include <algorithm>

#include "models/runtime/quorum.h"
#include "models/runtime/together.h"
#include "models/storage/backup/backups.h"

namespace evenkeel {

struct Backups::Restoring {
  std::uint64_t restore = 0;
  Manifest manifest = {};
  std::map<Partition, PartitionRoot> roots = {};
  RestoreReport report = {};
  std::set<NodeId> silent = {};  // that did not answer in time
};

Task<Result<std::vector<BackupInfo>>> Backups::list() {
  ListBackups question{settings_.name_space};
  Task<Result<ListBackups::Answer>> asking = vault_.ask_vault(std::move(question));
  const Result<ListBackups::Answer> all = co_await std::move(asking);
  co_return all;
}

Task<Result<Done>> Backups::drop(std::uint64_t id) {
  DropBackup question{id};
  Task<Result<Done>> asking = vault_.ask_vault(std::move(question));
  const Result<Done> dropped = co_await std::move(asking);
  co_return dropped;
}

Task<Result<Manifest>> Backups::manifest(BackupInfo info) {
  FetchManifest question{info.id};
  Task<Result<FetchManifest::Answer>> asking = vault_.ask_vault(std::move(question));
  Result<FetchManifest::Answer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  Task<Result<Manifest>> opening = open_manifest(std::move(*answer));
  const Result<Manifest> opened = co_await std::move(opening);
  co_return opened;
}

Task<Result<Manifest>> Backups::open_manifest(FetchManifest::Answer answer) {
  if (answer.info.key_check != vault_.key().check())
    co_return Error{ErrorCode::denied, "this is not the key that backup " +
                                           std::to_string(answer.info.id) +
                                           " was made with; give that one"};
  const Result<Blob> plain = vault_.key().open_object(answer.manifest_hash, answer.manifest);
  if (!plain) co_return plain.error();
  std::optional<Manifest> whole = decoded<Manifest>(*plain);
  if (!whole || !whole->is_sound())
    co_return Error{ErrorCode::malformed, "the manifest makes no sense; restore another backup"};
  co_return std::move(*whole);
}

Task<Result<VerifyReport>> Backups::verify(std::uint64_t id) {
  const BackupInfo wanted{.id = id};
  Task<Result<Manifest>> fetching = manifest(wanted);
  const Result<Manifest> whole = co_await std::move(fetching);
  if (!whole) co_return whole.error();
  VerifyReport report;
  std::set<ObjectName> leaves;
  for (const PartitionRoot& root : whole->partitions) {
    ++report.objects;
    Task<Result<Blob>> getting = vault_.get(root.root);
    const Result<Blob> plain = co_await std::move(getting);
    if (!plain && plain.error().code == ErrorCode::timeout) co_return plain.error();
    const auto index = plain ? decoded<PartitionIndex>(*plain) : std::nullopt;
    if (!index || index->rows() != root.rows) {
      report.bad.push_back(vault_.key().name_of(root.root));
      continue;
    }
    for (const PartitionIndex::Run& run : index->runs)
      leaves.insert(vault_.key().name_of(run.hash));
    for (const Digest& chunk : index->chunks) leaves.insert(vault_.key().name_of(chunk));
  }
  report.objects += leaves.size();
  const std::vector<ObjectName> all(leaves.begin(), leaves.end());
  constexpr std::size_t at_once = 100;
  for (std::size_t from = 0; from < all.size(); from += at_once) {
    CheckObjects question;
    for (std::size_t i = from; i < std::min(from + at_once, all.size()); ++i)
      question.names.push_back(all[i]);
    Task<Result<CheckObjects::Answer>> asking = vault_.ask_vault(std::move(question));
    const Result<CheckObjects::Answer> bad = co_await std::move(asking);
    if (!bad) co_return bad.error();
    report.bad.insert(report.bad.end(), bad->begin(), bad->end());
  }
  co_return std::move(report);
}

Task<Result<RestoreReport>> Backups::restore_to(std::int64_t at_ms) {
  Task<Result<std::vector<BackupInfo>>> listing = list();
  const Result<std::vector<BackupInfo>> all = co_await std::move(listing);
  if (!all) co_return all.error();
  std::uint64_t newest = 0;
  for (const BackupInfo& one : *all)
    if (one.cut_ms <= at_ms) newest = one.id;
  if (newest == 0)
    co_return Error{ErrorCode::not_found,
                    "no backup is that old; list them to see which there are"};
  Task<Result<RestoreReport>> restoring = restore(newest);
  const Result<RestoreReport> restored = co_await std::move(restoring);
  co_return restored;
}

Task<Result<RestoreReport>> Backups::restore(std::uint64_t id) {
  const Time began = node_.now();
  const auto restoring = std::make_shared<Restoring>();
  restoring->restore = node_.random()() | 1;
  FetchManifest question{id};
  Task<Result<FetchManifest::Answer>> asking = vault_.ask_vault(std::move(question));
  Result<FetchManifest::Answer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  restoring->report.backup = answer->info;
  Task<Result<Manifest>> opening = open_manifest(std::move(*answer));
  Result<Manifest> opened = co_await std::move(opening);
  if (!opened) co_return opened.error();
  restoring->manifest = std::move(*opened);
  for (const PartitionRoot& root : restoring->manifest.partitions)
    restoring->roots[root.partition] = root;

  Task<Result<Done>> closing = close_all(restoring);
  const Result<Done> closed = co_await std::move(closing);
  if (!closed) co_return closed.error();
  Task<Result<Done>> bringing = restore_all(restoring);
  const Result<Done> brought = co_await std::move(bringing);
  if (!brought) co_return brought.error();
  Task<Result<std::set<NodeId>>> looking = find_whole(restoring);
  Result<std::set<NodeId>> whole = co_await std::move(looking);
  if (!whole) co_return whole.error();
  Task<Result<Done>> opening_nodes = open_all(restoring, std::move(*whole));
  const Result<Done> done = co_await std::move(opening_nodes);
  if (!done) co_return done.error();
  restoring->report.took = node_.now() - began;
  co_return restoring->report;
}

// Every one must be closed: one that kept its rows would mix them with those of the backup.
Task<Result<Done>> Backups::close_all(std::shared_ptr<Restoring> restoring) {
  for (const NodeId node : members()) {
    Task<Result<Done>> closing = close_one(restoring, node);
    const Result<Done> closed = co_await std::move(closing);
    if (closed) continue;
    const ErrorCode code = closed.error().code;
    if (code == ErrorCode::timeout || code == ErrorCode::unreachable)
      co_return Error{ErrorCode::unreachable,
                      "node " + std::to_string(index(node)) +
                          " does not answer; start it, or take it out of the layout, then restore"};
    co_return closed;
  }
  co_return Done{};
}

Task<Result<Done>> Backups::close_one(std::shared_ptr<Restoring> restoring, NodeId node) {
  CloseForRestore question{.restore = restoring->restore, .scope = restoring->manifest.scope};
  Task<Result<BackupTokens>> showing = tokens_for(node, question.scope, true);
  Result<BackupTokens> tokens = co_await std::move(showing);
  if (!tokens) co_return tokens.error();
  question.tokens = std::move(*tokens);
  Task<Result<Done>> asking = ask(node_, node, Port::backups, question, settings_.timeout);
  const Result<Done> closed = co_await std::move(asking);
  co_return closed;
}

Task<Result<Done>> Backups::restore_all(std::shared_ptr<Restoring> restoring) {
  const std::vector<NodeId> everyone = members();
  std::vector<Task<Result<Done>>> restores;
  for (Group& group : groups_of({everyone.begin(), everyone.end()}))
    restores.push_back(restore_group(restoring, std::move(group)));
  Task<Result<Done>> all = in_turn(std::move(restores));
  const Result<Done> done = co_await std::move(all);
  co_return done;
}

Task<Result<Done>> Backups::restore_group(std::shared_ptr<Restoring> restoring, Group group) {
  RestorePartitions question{.restore = restoring->restore,
                             .scope = restoring->manifest.scope,
                             .replicas = group.replicas};
  for (const Partition partition : group.wanted)
    if (const auto found = restoring->roots.find(partition); found != restoring->roots.end())
      question.wanted.push_back(found->second);
  if (question.wanted.empty()) co_return Done{};
  Error last{ErrorCode::no_quorum, "nobody could be asked"};
  const std::vector<NodeId> order = in_order(group, restoring->silent);
  for (const NodeId replica : order) {
    Task<Result<BackupTokens>> showing = tokens_for(replica, question.scope, true);
    Result<BackupTokens> tokens = co_await std::move(showing);
    if (!tokens) co_return tokens.error();
    question.tokens = std::move(*tokens);
    Task<Result<RestorePartitions::Answer>> asking = ask_until_done(replica, question);
    const Result<RestorePartitions::Answer> answer = co_await std::move(asking);
    if (answer) {
      restoring->report.rows += answer->rows;
      restoring->report.bytes += answer->bytes;
      co_return Done{};
    }
    last = answer.error();
    if (last.code == ErrorCode::timeout) restoring->silent.insert(replica);
    if (last.code == ErrorCode::disk) break;  // the object is bad, whoever asks
  }
  co_return last;
}

// Those replicas whose rows have the roots of the manifest, in all their partitions.
Task<Result<std::set<NodeId>>> Backups::find_whole(std::shared_ptr<Restoring> restoring) {
  std::map<NodeId, std::vector<Partition>> kept_by;
  const Layout& layout = placement_.readable();
  for (std::size_t p = 0; p < partitions; ++p)
    for (const NodeId node : layout.replicas[p]) kept_by[node].push_back(static_cast<Partition>(p));
  std::set<NodeId> whole;
  std::map<Partition, std::size_t> alike;
  for (const auto& [node, kept] : kept_by) {
    RestoredRoots question{
        .restore = restoring->restore, .scope = restoring->manifest.scope, .wanted = kept};
    const bool is_silent = restoring->silent.contains(node);
    Task<Result<RestoredRoots::Answer>> asking = ask(
        node_, node, Port::backups, question, is_silent ? settings_.timeout : settings_.patience);
    const Result<RestoredRoots::Answer> answer = co_await std::move(asking);
    if (!answer) continue;
    std::map<Partition, PartitionRoot> theirs;
    for (const PartitionRoot& root : *answer) theirs[root.partition] = root;
    bool is_whole = true;
    for (const Partition partition : kept) {
      const auto found = theirs.find(partition);
      const auto wanted = restoring->roots.find(partition);
      const bool same = found == theirs.end() || wanted == restoring->roots.end()
                            ? (found == theirs.end()) == (wanted == restoring->roots.end())
                            : found->second == wanted->second;
      is_whole = is_whole && same;
      if (same) ++alike[partition];
    }
    if (is_whole) whole.insert(node);
  }
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    const auto there = std::ranges::count_if(layout.replicas[p],
                                             [&](NodeId node) { return whole.contains(node); });
    if (static_cast<std::size_t>(there) >= Quorum::majority(layout.replicas[p].size())) continue;
    co_return Error{ErrorCode::no_quorum, "partition " + std::to_string(p) + " is whole on " +
                                              std::to_string(alike[partition]) +
                                              " of its replicas and not on a " +
                                              "majority; the nodes stay closed: restore again"};
  }
  co_return std::move(whole);
}

// Those that are not whole copy from the others, as after a lost disk.
Task<Result<Done>> Backups::open_all(std::shared_ptr<Restoring> restoring, std::set<NodeId> whole) {
  std::vector<NodeId> still_closed = members();
  for (int attempt = 0; attempt < settings_.vault.attempts && !still_closed.empty(); ++attempt) {
    std::vector<NodeId> failed;
    for (const NodeId node : still_closed) {
      const OpenRestored question{restoring->restore, whole.contains(node)};
      Task<Result<Done>> asking = ask(node_, node, Port::backups, question, settings_.timeout);
      const Result<Done> opened = co_await std::move(asking);
      // Outdated: it was opened before, or has begun anew; then it copies from the others.
      if (!opened && opened.error().code != ErrorCode::outdated) failed.push_back(node);
    }
    still_closed = std::move(failed);
  }
  for (const NodeId node : still_closed)
    node_.probe().event(node_.now(), node_.id(), "restore incomplete",
                        "node " + std::to_string(index(node)) +
                            " does not answer; it will copy from the others when it does");
  co_return Done{};
}

}  // namespace evenkeel

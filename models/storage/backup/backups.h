// Backups of a namespace, as any node takes and restores them: a set of tables and of file name
// spaces, brought from the nodes that keep them to a vault, without stopping anybody.
//
// The cut. Rows carry no time (their versions order writes, and come from no clock), so a cut is
// made in time and not in versions: the coordinator picks T = now + 2e by its hybrid clock, and
// every replica holds its rows as they are when its own clock shows T, whatever is written
// afterwards. A partition is the newest of each row among those that a majority of its replicas
// hold. With e = HybridClock::most_ahead_ms, the most that clocks may differ (whoever differs more
// is left out, and named if without it there is no majority):
//
//   A write that was acknowledged before T - e is in the backup, or one that replaced it; one that
//   began after T + e is not. Of what was written in between, each row is as it was at an instant
//   of its own, and a write whose outcome nobody was told may be in it or not.
//
// So two writes more than 2e apart are never in the backup without the earlier one; closer ones may
// be. This holds while no clock jumps between the question and the cut. Chunks of files never
// change; they are copied after the cut, and kept by the file system for longer than that takes.
//
// A backup is complete when every partition was reported by a replica after all of it was durable
// in the vault, and the vault found all that the manifest leads to. Until then there is none.
//
// A restore goes onto nodes that are empty or lost their disks: as many and whichever the placement
// names. They answer nobody until what they hold has the roots that the manifest says, and then are
// opened together. What was written after the cut is lost, but for what clients still hold and send
// again (Hints): that is as if it had been written later.
//
// ErrorCode::no_quorum: a partition, which is named, has no majority that could take part;
// unreachable: a node, which is named, must answer and does not; full: the vault, or what changed
// while a backup was taken; denied: the key is not the backup's, or the data is a party's that
// has not granted it; disk: an object, which is named, is corrupt; not_found: no such backup;
// conflict: the nodes are not empty; timeout: the vault.
#pragma once

#include "models/storage/backup/backup_messages.h"
#include "models/storage/placement.h"

namespace evenkeel {

struct BackupSettings {
  std::string name_space = "all";
  std::vector<std::string> tables = {};                 // empty: all
  std::optional<std::vector<std::string>> spaces = {};  // of files; nothing: all; empty: none
  VaultClientSettings vault = {};
  Duration timeout = seconds(5);        // of a short question
  int unheard = 4;                      // of those without an answer, until one gives up
  Duration patience = seconds(600);     // for a group of partitions
  std::size_t partitions_at_once = 16;  // one replica's group
  std::size_t groups_in_flight = 8;     // of all replicas
};

struct RestoreReport {
  BackupInfo backup = {};
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  // plain
  Duration took{};
};

/// What a look at a backup found; no bad objects: it can be restored.
struct VerifyReport {
  std::uint64_t objects = 0;
  std::vector<ObjectName> bad = {};  // not there, or not what was put
};

class Backups {
 public:
  /// The node and the placement outlive the node's tasks.
  Backups(Node& node, const Placement& placement, const BackupKey& key,
          const BackupSettings& settings = {});
  Backups(const Backups&) = delete;

  /// What is shown to each node that keeps data of others.
  void show(BackupShows shows) { shows_ = std::move(shows); }

  /// After an error there is no such backup, and the vault is asked to give its room back.
  Task<Result<BackupInfo>> take();
  /// Ascending by their cuts.
  Task<Result<std::vector<BackupInfo>>> list();
  Task<Result<VerifyReport>> verify(std::uint64_t id);
  /// ErrorCode::no_quorum: the nodes stay closed; once more is safe.
  Task<Result<RestoreReport>> restore(std::uint64_t id);
  /// The newest backup whose cut is not after that time. ErrorCode::not_found: there is none.
  Task<Result<RestoreReport>> restore_to(std::int64_t wall_ms);
  /// Removes it from the vault.
  Task<Result<Done>> drop(std::uint64_t id);
  Task<Result<Manifest>> manifest(BackupInfo info);

 private:
  /// Partitions with the same replicas; `order`: who is asked first, then who else.
  struct Group {
    std::vector<NodeId> replicas = {};
    std::vector<NodeId> order = {};
    std::vector<Partition> wanted = {};
  };
  struct Taking;
  struct Restoring;

  std::vector<Group> groups_of(const std::set<NodeId>& able) const;
  std::vector<NodeId> members() const;
  std::int64_t wall_ms() const;

  // take_backup.cpp
  Task<Result<Done>> freeze(std::shared_ptr<Taking> taking);
  Task<> release(std::shared_ptr<Taking> taking);
  Task<Result<Done>> export_group(std::shared_ptr<Taking> taking, Group group);
  Task<Result<Done>> export_all(std::shared_ptr<Taking> taking);
  Task<Result<BackupInfo>> commit(std::shared_ptr<Taking> taking);
  Task<Result<BackupInfo>> take_held(std::shared_ptr<Taking> taking);
  BackupScope scope_of(const std::vector<TableSchema>& tables) const;

  // restore_backup.cpp
  Task<Result<Manifest>> open_manifest(FetchManifest::Answer answer);
  Task<Result<Done>> close_all(std::shared_ptr<Restoring> restoring);
  Task<Result<Done>> restore_group(std::shared_ptr<Restoring> restoring, Group group);
  Task<Result<Done>> restore_all(std::shared_ptr<Restoring> restoring);
  Task<Result<std::set<NodeId>>> find_whole(std::shared_ptr<Restoring> restoring);
  Task<Result<Done>> open_all(std::shared_ptr<Restoring> restoring, std::set<NodeId> whole);

  /// Whom to ask, one after the other: those that did not answer before come last.
  static std::vector<NodeId> in_order(const Group& group, const std::set<NodeId>& silent);
  /// Asks until the work is done. ErrorCode::timeout: several questions in a row found no answer.
  template <Question Q>
  Task<Result<typename Q::Answer>> ask_until_done(NodeId node, Q question);
  Task<Result<BackupTokens>> tokens_for(NodeId node, BackupScope scope, bool restores);
  Task<Result<Done>> close_one(std::shared_ptr<Restoring> restoring, NodeId node);
  /// Some at a time.
  Task<Result<Done>> in_turn(std::vector<Task<Result<Done>>> tasks);

  Node& node_;
  const Placement& placement_;
  BackupSettings settings_;
  VaultClient vault_;
  HybridClock clock_;
  BackupShows shows_;
};

template <Question Q>
Task<Result<typename Q::Answer>> Backups::ask_until_done(NodeId node, Q question) {
  const Time end = node_.now() + settings_.patience;
  int unheard = 0;
  Result<typename Q::Answer> answer = Error{ErrorCode::timeout, ""};
  while (node_.now() < end && unheard < settings_.unheard) {
    Task<Result<typename Q::Answer>> asking =
        ask(node_, node, Port::backups, question, settings_.timeout);
    answer = co_await std::move(asking);
    if (answer) break;
    const ErrorCode code = answer.error().code;
    if (code != ErrorCode::timeout && code != ErrorCode::overloaded) break;
    unheard = code == ErrorCode::timeout ? unheard + 1 : 0;
  }
  co_return std::move(answer);
}

}  // namespace evenkeel

// The part of a node that keeps data which takes part in backups and restores: holds its rows for
// a backup, brings partitions to the vault and back.
#pragma once

#include <map>

#include "models/storage/backup/backup_messages.h"
#include "models/storage/backup/frozen_rows.h"
#include "models/storage/files/chunks.h"
#include "models/storage/replica.h"

namespace evenkeel {

struct BackupAgentSettings {
  VaultClientSettings vault = {};
  Duration timeout = seconds(5);           // of a question to another replica
  Duration lease = seconds(1800);          // how long rows are held, or a restore is waited for
  double ops_per_row = 2'000;              // to read and compare one
  std::size_t most_kept_bytes = 64 << 20;  // of rows that change while they are held
  Flaw flaw = Flaw::none;
};

/// Lives as long as the node's incarnation. A node that crashes while a backup is restored on it
/// begins as one that lost its disk.
class BackupAgent {
 public:
  /// Answers through the service, which is on Port::backups. `chunks` may be null: no files. All
  /// but the settings outlive the node's tasks.
  BackupAgent(Node& node, Service& service, Replica& replica, Chunks* chunks, const BackupKey& key,
              const BackupAgentSettings& settings);
  BackupAgent(const BackupAgent&) = delete;

  /// From now on backups and restores need its leave. What replicas tell each other meanwhile is
  /// for those that keep the same rows.
  void guard(BackupRule rule) { rule_ = std::move(rule); }

 private:
  using Rows = std::vector<StoredRow>;
  using Digests = std::map<std::pair<std::string, Partition>, Digest>;
  /// Work that outlives the question: who asks again, since an answer was lost, finds it going on.
  template <class Q>
  struct Job {
    std::optional<Result<typename Q::Answer>> result = {};
  };
  template <class Q>
  using Jobs = std::map<std::pair<std::uint64_t, Partition>, std::shared_ptr<Job<Q>>>;
  struct Other {  // a replica of the partitions that are exported, and what it holds
    NodeId node{};
    Digests digests;
  };

  Task<Result<FreezeRows::Answer>> freeze_rows(NodeId from, FreezeRows question);
  Task<Result<Done>> release_rows(NodeId from, ReleaseRows question);
  Task<Result<FrozenDigests::Answer>> frozen_digests(NodeId from, FrozenDigests question);
  Task<Result<Rows>> scan_frozen(NodeId from, ScanFrozen question);
  Task<Result<ExportPartitions::Answer>> export_partitions(NodeId from, ExportPartitions question);
  Task<Result<Done>> close_for_restore(NodeId from, CloseForRestore question);
  Task<Result<RestorePartitions::Answer>> restore_partitions(NodeId from,
                                                             RestorePartitions question);
  Task<Result<Done>> keep_rows(NodeId from, KeepRows question);
  Task<Result<RestoredRoots::Answer>> restored_roots(NodeId from, RestoredRoots question);
  Task<Result<Done>> open_restored(NodeId from, OpenRestored question);

  /// What became of the job, begun now if it is new. ErrorCode::overloaded: it goes on.
  template <class Q>
  Task<Result<typename Q::Answer>> outcome(
      Jobs<Q>& jobs, std::uint64_t number, Q question,
      Task<Result<typename Q::Answer>> (BackupAgent::*doing)(Q));
  template <class Q>
  static Task<> run_job(std::shared_ptr<Job<Q>> job, Task<Result<typename Q::Answer>> doing);

  // backup_agent.cpp
  Task<> hold_from(std::uint64_t session, std::int64_t cut_ms);
  Task<Result<Rows>> held_rows(std::uint64_t session, std::string table, Partition partition);
  void let_go(std::uint64_t session);
  Task<Result<BackupLeave>> leave_for(BackupAsked asked);
  Result<Done> check_ready() const;
  static Digest digest_of(const Rows& rows);
  std::int64_t wall_ms() const;

  // partition_export.cpp
  Task<Result<ExportPartitions::Answer>> export_all(ExportPartitions job);
  Task<Result<std::vector<Other>>> ask_others(const ExportPartitions& job);
  Task<Result<Rows>> rows_of_all(const ExportPartitions& job, const TableSchema& table,
                                 Partition partition, const std::vector<Other>& others);
  Task<Result<Rows>> rows_of(NodeId other, std::uint64_t session, std::string table,
                             Partition partition);
  Task<Result<PartitionRoot>> export_partition(const ExportPartitions& job, Partition partition,
                                               const std::vector<Other>& others,
                                               const BackupLeave& leave, Moved& moved);
  Task<Result<Moved>> bring(std::uint64_t session, PartitionContent content);
  Task<Result<PlainObject>> chunk_object(NeededChunk chunk);

  // partition_restore.cpp
  Task<Result<RestorePartitions::Answer>> restore_all(RestorePartitions job);
  Task<Result<Done>> restore_partition(const RestorePartitions& job, const PartitionRoot& root,
                                       RestorePartitions::Answer& sum);
  Task<Result<Done>> restore_run(const RestorePartitions& job, Partition partition,
                                 PartitionIndex::Run run, RestorePartitions::Answer& sum);
  Task<Result<Done>> restore_chunk(NeededChunk chunk, RestorePartitions::Answer& sum);
  Task<Result<Done>> keep_at_all(const RestorePartitions& job, const TableSchema& table, Rows rows);
  Task<Result<Rows>> stored_rows(std::string table, Partition partition);
  bool is_marked() const;
  Result<Done> check_restore(std::uint64_t restore) const;
  Task<> give_up_after_lease(std::uint64_t restore);
  void begin_as_after_a_lost_disk(const std::string& why);
  Task<> unmark_when_recovered();

  Work work(std::size_t rows) const { return {settings_.ops_per_row * static_cast<double>(rows)}; }

  Node& node_;
  Replica& replica_;
  Chunks* chunks_;
  BackupAgentSettings settings_;
  VaultClient vault_;
  HybridClock clock_;
  BackupRule rule_;
  FrozenRows frozen_;
  Jobs<ExportPartitions> exports_;
  Jobs<RestorePartitions> restores_;
  std::map<std::uint64_t, bool> sessions_;  // whether the rows are held already
  std::uint64_t restore_ = 0;               // under way; 0: none
  Time restore_heard_{};                    // when it was last spoken of
};

template <class Q>
Task<> BackupAgent::run_job(std::shared_ptr<Job<Q>> job, Task<Result<typename Q::Answer>> doing) {
  const Result<typename Q::Answer> result = co_await std::move(doing);
  job->result = result;
}

template <class Q>
Task<Result<typename Q::Answer>> BackupAgent::outcome(
    Jobs<Q>& jobs, std::uint64_t number, Q question,
    Task<Result<typename Q::Answer>> (BackupAgent::*doing)(Q)) {
  const std::pair id{number, question.partition()};
  std::shared_ptr<Job<Q>>& slot = jobs[id];
  if (slot == nullptr) {
    slot = std::make_shared<Job<Q>>();
    node_.spawn(run_job<Q>(slot, (this->*doing)(std::move(question))));
  }
  const std::shared_ptr<Job<Q>> job = slot;
  const Time until = node_.now() + settings_.timeout / 4;
  while (!job->result && node_.now() < until) co_await node_.sleep(std::chrono::milliseconds{5});
  if (!job->result) co_return Error{ErrorCode::overloaded, "under way; ask again"};
  const auto found = jobs.find(id);
  if (!*job->result && found != jobs.end() && found->second == job) jobs.erase(found);
  co_return *job->result;
}

}  // namespace evenkeel

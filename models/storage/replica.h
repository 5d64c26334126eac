// The part of a node that keeps rows for others: answers Port::records.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>

#include "models/runtime/service.h"
#include "models/storage/flaw.h"
#include "models/storage/group_commit.h"
#include "models/storage/placement.h"

namespace evenkeel {

/// What somebody asks of a replica: about which rows, and which of them are about to be told.
struct RowsAsked {
  NodeId asker{};
  std::string_view table = {};
  std::span<const Partition> of = {};
  std::span<const StoredRow> told = {};  // none: nothing was read yet
};

/// Says why not: ErrorCode::denied.
using RowRule = std::function<Result<Done>(const RowsAsked&)>;

/// What replicas do by themselves, and what their work costs.
struct ReplicaSettings {
  Duration sync_period = seconds(60);     // between comparisons with the other replicas
  Duration forget_after = seconds(3600);  // erasures are kept at least so long
  double sync_bandwidth = 1 << 20;        // bytes/s that the comparisons may move
  Duration timeout = seconds(1);
  double ops_per_row = 20'000;  // to read or write one: an estimate, 10 us at 2 Gop/s
  Flaw flaw = Flaw::none;
};

/// Everything that it acknowledges is durable. A node whose disk was lost recovers first: it takes
/// writes, but answers no question about what it does not know any more, until it has copied from a
/// majority of the others (those questions get ErrorCode::unreachable). A restart goes on with
/// that: the store itself says that it is incomplete.
class Replica {
 public:
  /// All but the settings outlive the node's tasks.
  Replica(Node& node, RowStore& store, const Placement& placement, const ReplicaSettings& settings);
  Replica(const Replica&) = delete;

  /// From now on each question about rows, reading or writing, needs its leave.
  void guard(RowRule rule) { rule_ = std::move(rule); }

  RowStore& store() { return store_; }
  GroupCommit& commits() { return commits_; }
  bool is_recovering() const { return recovering_; }

  /// A backup is to be restored here: from now on nothing is answered and no client's row is taken.
  /// What there is goes: whoever calls this has made sure that it may.
  Result<Done> close_for_restore();
  /// It is whole, and answers again.
  void open_restored();
  bool is_closed() const { return closed_; }
  /// ErrorCode::unreachable while it is closed.
  Result<Done> check_open() const;

  /// Whether the rule lets that node ask about these rows, and be told these.
  Result<Done> check_leave(NodeId from, std::string_view table, std::vector<Partition> of,
                           std::span<const StoredRow> told = {}) const;

  /// When it was last known to hold all rows of the partition that were acknowledged before.
  Time fresh_at(Partition partition) const;
  /// For whoever compares replicas (AntiEntropy).
  void recovered() { recovering_ = false; }
  /// The store turned out to be damaged: it is given up, and copied from the others anew.
  void damaged(const Error& error);
  void on_damage(std::function<void()> then) { on_damage_ = std::move(then); }
  void agreed(NodeId peer, Time since) { agreed_[peer] = since; }

  /// Told of each row that was written here, when it is durable.
  using Listener = std::function<void(const TableSchema&, const StoredRow&)>;
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  /// For whoever writes to the store: tells the listeners.
  void tell(std::string_view table, const std::vector<StoredRow>& rows) const;

 private:
  Task<Result<std::vector<StoredRow>>> read_rows(NodeId from, ReadRows question);
  Task<Result<std::vector<Version>>> read_versions(NodeId from, ReadVersions question);
  Task<Result<Done>> write_rows(NodeId from, WriteRows question);
  Task<Result<Done>> define_table(NodeId from, DefineTable question);
  Task<Result<std::vector<StoredRow>>> scan_rows(NodeId from, ScanRows question);
  Task<Result<PrepareRow::Answer>> prepare_row(NodeId from, PrepareRow question);
  Task<Result<AcceptRow::Answer>> accept_row(NodeId from, AcceptRow question);
  Task<Result<std::vector<RowsDigest>>> partition_digests(NodeId from, PartitionDigests question);
  Task<Result<std::vector<RowsDigest>>> bucket_digests(NodeId from, BucketDigests question);
  Task<Result<ListBuckets::Answer>> list_buckets(NodeId from, ListBuckets question);
  Task<Result<std::vector<TableSchema>>> list_tables(NodeId from, ListTables question);
  Task<Result<ListPromises::Answer>> list_promises(NodeId from, ListPromises question);
  Task<Result<Done>> forget_erased(NodeId from, ForgetErased question);

  template <class T>
  Result<T> judged(Result<T> result) {
    if (!result && result.error().code == ErrorCode::disk) damaged(result.error());
    return result;
  }
  Result<Done> check_leave(NodeId from, std::string_view table,
                           const std::vector<RowKey>& keys) const;
  /// Whether rows may be kept or told: the keys fit the table, and no disk was lost.
  Result<Done> check_keys(std::string_view table, const std::vector<RowKey>& keys) const;
  Result<Done> check_rows(std::string_view table, const std::vector<StoredRow>& rows) const;
  Result<Done> check_recovered() const;
  /// For Flaw::early_ack: commits later, whoever was told it is done.
  Task<> forget_result(Task<Result<Done>> task);
  Work work(std::size_t rows) const { return {settings_.ops_per_row * static_cast<double>(rows)}; }

  Node& node_;
  RowStore& store_;
  const Placement& placement_;
  ReplicaSettings settings_;
  GroupCommit commits_;
  bool recovering_ = false;
  bool closed_ = false;  // while a backup is restored
  std::function<void()> on_damage_;
  std::map<NodeId, Time> agreed_;
  std::vector<Listener> listeners_;
  RowRule rule_;
  Service service_;
};

}  // namespace evenkeel

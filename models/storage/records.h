// Rows kept on several nodes: the client's side, usable on any node. Each row is a register of its
// own that is linearizable while a majority of its replicas can be reached.
//
// put, erase: two rounds; get: one, or two when replicas differ (Attiya, Bar-Noy & Dolev 1995, with
// many writers: Lynch & Shvartsman 1997). change: CASPaxos (Rystsov, arXiv 1802.07000).
//
// ErrorCode::no_quorum: too few replicas answered in time; a write may still happen, now or later.
// ErrorCode::invalid: the row or the key does not fit the table. ErrorCode::full: a replica's disk.
#pragma once

#include <functional>
#include <optional>

#include "models/storage/flaw.h"
#include "models/storage/hints.h"
#include "models/storage/placement.h"
#include "models/storage/record_messages.h"

namespace evenkeel {

struct RecordSettings {
  Duration timeout = seconds(1);  // of one round
  std::size_t attempts = 8;       // to change a row that others change too
  HintSettings hints = {};
  Flaw flaw = Flaw::none;
};

/// Rows with a key in [from, to); no `to`: to the end. `limit` rows at most, in the order of keys.
struct KeyRange {
  Key from = {};
  Key to = {};
  std::uint32_t limit = 10'000;
};

class Records {
 public:
  /// The node and the placement outlive the node's tasks.
  Records(Node& node, const Placement& placement, const RecordSettings& settings = {});
  Records(const Records&) = delete;

  /// What it was written with.
  Task<Result<Version>> put(TableSchema table, Row row);
  /// Many rows of one table, in few messages. Not atomic: each row for itself. Of two with one key
  /// the later one stays.
  Task<Result<Done>> put_all(TableSchema table, std::vector<Row> rows);
  /// `key`: the values of the key columns.
  Task<Result<Version>> erase(TableSchema table, Row key);
  /// The row, with its version; without values if there is none.
  Task<Result<StoredRow>> get(TableSchema table, Row key);
  /// What one replica has, however old.
  Task<Result<StoredRow>> get_from(NodeId replica, TableSchema table, Row key);
  /// Rows of the partition that these key values decide, by quorum: each as fresh as by get. Fewer
  /// than `limit` does not mean that these were all; go on behind the last, until none come.
  Task<Result<std::vector<StoredRow>>> scan(TableSchema table, Row placed_by, KeyRange range);
  Task<Result<std::vector<StoredRow>>> scan(TableSchema table, Partition partition, KeyRange range);

  /// For TableKind::cas, which is not to be put: replaces the row by what `next` makes of it
  /// (nothing: no row). `next` may be called several times, and returns an error to leave the row
  /// as it is; change then returns that. Else what the row is now. ErrorCode::conflict: nothing
  /// happened, since others changed it all the time. ErrorCode::no_quorum as for put.
  using Next = std::function<Result<std::optional<Row>>(const std::optional<Row>&)>;
  Task<Result<std::optional<Row>>> change(TableSchema table, Row key, Next next);

  /// For TableKind::cas: makes replicas agree on the row, whatever was proposed last; what it is.
  Task<Result<StoredRow>> settle(TableSchema table, Row key);

  /// Writes rows as they are, versions too, to a quorum: for repairs and restores.
  Task<Result<Done>> write_back(TableSchema table, std::vector<StoredRow> rows);

  const Placement& placement() const { return placement_; }
  Node& node() { return node_; }

 private:
  struct Prepared;

  template <Question Q>
  Task<Answers<typename Q::Answer>> ask_replicas(TableSchema table, Quorum quorum, Q question);
  Task<Result<Done>> store(TableSchema table, Quorum quorum, std::vector<StoredRow> rows);
  Task<Answers<Done>> define_at(const std::vector<NodeId>& nodes, const TableSchema& table,
                                Duration limit);
  /// The rows, of replicas that are the same for all, with versions above all that were written.
  Task<Result<std::vector<StoredRow>>> stamp(TableSchema table, std::vector<StoredRow> rows);
  Task<Result<Done>> stamp_and_store(TableSchema table, Quorum quorum, std::vector<StoredRow> rows);
  Task<Result<Version>> write(TableSchema table, StoredRow row);
  /// `harmless`: to do it twice is as to do it once.
  Task<Result<StoredRow>> propose(TableSchema table, Row key, Next next, bool harmless);
  Task<Result<Prepared>> prepare(TableSchema table, RowKey key, Version ballot);
  Task<Result<Prepared>> accept(TableSchema table, StoredRow row);
  Version next_version(std::uint64_t counter);
  std::vector<NodeId> substitutes(const Quorum& quorum) const;

  Node& node_;
  const Placement& placement_;
  RecordSettings settings_;
  std::uint64_t last_attempt_ = 0;
  Hints hints_;
};

}  // namespace evenkeel

// Rows kept on several nodes: the client's side, usable on any node. Each row is a register of its
// own that is linearizable while a majority of its replicas can be reached.
//
// put, erase: two rounds; get: one, or two when replicas differ (Attiya, Bar-Noy & Dolev 1995, with
// many writers: Lynch & Shvartsman 1997). change: CASPaxos (Rystsov 2018).
//
// ErrorCode::no_quorum: too few replicas answered in time; a write may still happen, now or later.
// ErrorCode::invalid: the row or the key does not fit the table. ErrorCode::full: a replica's disk.
#pragma once

#include <functional>
#include <optional>

#include "models/storage/placement.h"
#include "models/storage/table.h"

namespace evenkeel {

struct RecordSettings {
  Duration timeout = seconds(1);  // of one round
};

/// Rows with a key in [from, to); both empty: all. `limit` rows at most, in the order of keys.
struct KeyRange {
  Key from = {};
  Key to = {};
  std::uint32_t limit = 10'000;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(from, to, limit);
  }
};

class Records {
 public:
  /// All outlive it.
  Records(Node& node, const Placement& placement, const RecordSettings& settings = {});
  Records(const Records&) = delete;

  /// What it was written with.
  Task<Result<Version>> put(TableSchema table, Row row);
  /// Many rows of one table, in few messages. Not atomic: each row for itself.
  Task<Result<Done>> put_all(TableSchema table, std::vector<Row> rows);
  Task<Result<Version>> erase(TableSchema table, Row key);
  /// The row, with its version; without values if there is none.
  Task<Result<StoredRow>> get(TableSchema table, Row key);
  /// What the nearest replica has, however old.
  Task<Result<StoredRow>> get_any(TableSchema table, Row key, NodeId replica);
  /// Rows of the partition that these key values decide, by quorum: each as fresh as by get.
  Task<Result<std::vector<StoredRow>>> scan(TableSchema table, Row placed_by, KeyRange range);

  /// For TableKind::cas: replaces the row by what `next` makes of it (nothing: no row), tried until
  /// nobody interferes. `next` returns an error to leave it as it is, and change returns that.
  using Next = std::function<Result<std::optional<Row>>(const std::optional<Row>&)>;
  Task<Result<std::optional<Row>>> change(TableSchema table, Row key, Next next);

 private:
  Node& node_;
  const Placement& placement_;
  RecordSettings settings_;
};

}  // namespace evenkeel

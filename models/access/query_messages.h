// What a client asks of nodes that keep rows, on Port::queries, and what those tell clients
// unasked, on Port::watches.
#pragma once

#include "models/access/plan.h"
#include "models/runtime/time.h"
#include "models/storage/record_messages.h"

namespace evenkeel {

/// A row that the answer must be no older than.
struct NeededRow {
  RowKey at = {};
  Version version = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(at, version);
  }
};

/// What partitions gave, together; or one, in part.
struct AnswerUnit {
  std::vector<Partition> partitions = {};
  std::vector<RowsDigest> digests = {};  // of the partitions when they were read, if apart
  std::vector<Row> rows = {};
  std::optional<Key> after = {};  // there are more rows, behind this key

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(partitions, digests, rows, after);
  }
};

struct QueryAnswer {
  std::vector<AnswerUnit> units = {};  // partitions that are in none are to be asked for again
  std::vector<Partition> unfit = {};   // not kept here, or not as fresh as wanted
  std::uint64_t steps = 0;
  std::uint64_t rows_scanned = 0;
  bool hides_small_groups = false;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(units, unfit, steps, rows_scanned, hides_small_groups);
  }
};

/// Does one stage of a query for these partitions.
struct RunQuery {
  static constexpr std::uint16_t tag = 1;
  using Answer = QueryAnswer;
  std::string sql = {};
  std::vector<Value> parameters = {};
  Stage stage = Stage::whole;
  bool apart = false;  // a unit for each partition
  std::vector<Partition> partitions = {};
  std::optional<Key> after = {};  // of one partition
  std::vector<Row> side = {};
  Blob token = {};
  std::optional<Duration> max_age = {};
  std::vector<NeededRow> needs = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(sql, parameters, stage, apart, partitions, after, side, token, max_age, needs);
  }
};

/// Rows of one replica, as fresh as wanted.
struct NearRows {
  bool fit = false;  // else it is not fresh enough, or does not keep the partition
  std::vector<StoredRow> rows = {};
  Duration age{};    // all that was acknowledged so long ago is in it
  Duration lease{};  // changes of the rows are told for so long

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(fit, rows, age, lease);
  }
};

struct ReadNear {
  static constexpr std::uint16_t tag = 2;
  using Answer = NearRows;
  ScanRows range = {};
  std::optional<Duration> max_age = {};
  std::vector<NeededRow> needs = {};
  bool tell_changes = false;  // of a single row
  Blob token = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(range, max_age, needs, tell_changes, token);
  }
};

/// How many rows the partitions have, erased ones too.
struct CountRows {
  static constexpr std::uint16_t tag = 3;
  using Answer = std::uint64_t;
  std::string table = {};
  std::vector<Partition> partitions = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, partitions);
  }
};

/// From now on, tell me what changes; the same again prolongs it. True: it was known, so nothing
/// has been missed.
struct Subscribe {
  static constexpr std::uint16_t tag = 4;
  using Answer = bool;
  std::uint64_t watch = 0;
  std::string table = {};
  std::vector<Partition> partitions = {};
  Key prefix = {};
  Duration lease{};
  Blob token = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(watch, table, partitions, prefix, lease, token);
  }
};

/// Keys and versions from `range` on, a page.
struct ListVersions {
  static constexpr std::uint16_t tag = 5;
  using Answer = std::vector<std::pair<Key, Version>>;
  ScanRows range = {};
  Blob token = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(range, token);
  }
};

/// What is there of watched rows, from `range` on, a page: for who watches under a grant, with the
/// token of its subscription. Rows that the grant hides are left out.
struct WatchedRows {
  static constexpr std::uint16_t tag = 6;
  struct Answer {
    std::vector<StoredRow> rows = {};
    std::optional<Key> next = {};  // where the next page begins; nothing: this is the last

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(rows, next);
    }
  };
  ScanRows range = {};
  Blob token = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(range, token);
  }
};

/// On Port::watches: these rows changed. Told again until it is answered. ErrorCode::not_found: the
/// client does not want to know any more.
struct RowsChanged {
  static constexpr std::uint16_t tag = 1;
  using Answer = Done;
  std::uint64_t watch = 0;  // 0: for the client's cache, without values
  std::string table = {};
  std::vector<StoredRow> rows = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(watch, table, rows);
  }
};

}  // namespace evenkeel

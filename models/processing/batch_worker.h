// Computes batches where the data is: maps the parts that this node keeps, reduces keys.
#pragma once

#include <map>

#include "models/access/standing_leaves.h"
#include "models/processing/batch_messages.h"
#include "models/processing/mapper.h"
#include "models/runtime/node.h"
#include "models/sql/database.h"

namespace evenkeel {

/// The rows that a node keeps of an input.
class StoredRows {
 public:
  virtual ~StoredRows() = default;
  /// ErrorCode::not_found: the node does not keep this part. `limit` rows at most, else
  /// ErrorCode::full. `filter`: a condition in SQL on the columns of a table; empty: all rows.
  virtual Result<std::vector<Row>> read(const std::string& input, std::uint32_t part,
                                        std::size_t limit, const std::string& filter = {}) = 0;
  /// The table whose rows the input is, for whoever guards them; null: it is none.
  virtual const TableSchema* table_of(const std::string&) const { return nullptr; }
  /// The input is of no use to others than this node.
  virtual bool is_own(const std::string&) const { return false; }
};

/// The parts of a table are its partitions, in the layout of the row store: table `rows_<input>`,
/// columns _part and _dead beside the schema's.
class TableRows final : public StoredRows {
 public:
  /// The database outlives it. `keeps` says which partitions are this node's to answer for.
  TableRows(Database& database, std::function<bool(std::uint32_t)> keeps)
      : database_(database), keeps_(std::move(keeps)) {}
  Result<std::vector<Row>> read(const std::string& input, std::uint32_t part, std::size_t limit,
                                const std::string& filter = {}) override;

 private:
  Database& database_;
  std::function<bool(std::uint32_t)> keeps_;
};

/// The parts of a file are its chunks; each line is a row of one text. A line that crosses a
/// chunk's end is two rows.
class ChunkLines final : public StoredRows {
 public:
  /// A chunk's bytes, if they are on this node.
  using Chunk = std::function<Result<Blob>(const std::string& input, std::uint32_t part)>;
  explicit ChunkLines(Chunk chunk) : chunk_(std::move(chunk)) {}
  Result<std::vector<Row>> read(const std::string& input, std::uint32_t part, std::size_t limit,
                                const std::string& filter = {}) override;

 private:
  Chunk chunk_;
};

struct BatchWorkerSettings {
  std::size_t most_rows = 1'000'000;    // of a part
  std::uint64_t most_bytes = 64 << 20;  // of what is kept for reducers
  std::uint32_t most_reducers = 1000;
  Duration keep_for = std::chrono::seconds{600};  // what no run ever drops
  Duration fetch_timeout = std::chrono::seconds{2};
  std::size_t fetches_at_once = 32;  // of a reducer
  double ops_per_read = 3000;        // to read a row: an estimate: 1.5 us at 2 Gop/s
};

class BatchWorker {
 public:
  /// All outlive the node's tasks; the service answers Port::jobs.
  BatchWorker(Node& node, StoredRows& rows, Service& service,
              const BatchWorkerSettings& settings = {});
  BatchWorker(const BatchWorker&) = delete;

  /// From now on rows of tables need their leave: AccessKind::batch, or batch_rows where more than
  /// aggregates leaves the node. It is checked before rows are read, and before what came of them
  /// leaves. Only the token says who asks: the node that runs a batch does so for others.
  void guard(AccessRule rule) { leaves_.guard(std::move(rule)); }
  /// Told of what leaves the node that is made of a table's rows, at that instant: for whoever
  /// checks the guard.
  using OnTell = std::function<void(const std::string& table, std::uint64_t bytes)>;
  void on_tell(OnTell told) { on_tell_ = std::move(told); }

  std::uint64_t kept_bytes() const { return kept_bytes_; }

 private:
  struct Mapped {
    Time at{};
    std::uint64_t bytes = 0;
    std::vector<std::vector<PartialGroup>> by_reducer = {};
    std::string table = {};  // empty: of none
    StandingLeaves::Leave leave = {};
  };
  struct Sums;
  using SumsByKey = std::map<std::string, Sums>;

  Task<Result<std::uint64_t>> map(NodeId from, RunMap question);
  Task<Result<std::vector<PartialGroup>>> groups(NodeId from, FetchGroups question);
  Task<Result<FetchPart::Answer>> ship(NodeId from, FetchPart question);
  Task<Result<RunReduce::Answer>> reduce(NodeId from, RunReduce question);
  Task<Result<Done>> drop(NodeId from, DropRun question);
  Task<Result<StandingLeaves::Leave>> leave_for(NodeId from, AccessKind kind, Blob token,
                                                std::string input, std::string part);
  Task<Result<Done>> tell(StandingLeaves::Leave leave, std::string table, AnswerSize size);
  static void add_row(SumsByKey& sums, const AggregateSet& aggregates, std::uint64_t number,
                      const Row& key, const Row& values);
  static Result<Done> merge_group(SumsByKey& sums, const AggregateSet& aggregates,
                                  const PartialGroup& group);
  struct Fetching;
  Task<> fetch_some(Fetching& fetching);
  Result<Done> keep(const MapAttempt& attempt, Mapped mapped);
  void drop_old();

  Node& node_;
  StoredRows& rows_;
  BatchWorkerSettings settings_;
  std::map<MapAttempt, Mapped> mapped_;
  std::uint64_t kept_bytes_ = 0;
  StandingLeaves leaves_;
  OnTell on_tell_;
};

}  // namespace evenkeel

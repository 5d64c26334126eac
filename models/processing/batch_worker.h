// Computes batches where the data is: maps the parts that this node keeps, reduces keys.
#pragma once

#include <map>

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
  /// ErrorCode::full.
  virtual Result<std::vector<Row>> read(const std::string& input, std::uint32_t part,
                                        std::size_t limit) = 0;
};

/// The parts of a table are its partitions, in the layout of the row store: table `rows_<input>`,
/// columns _part and _dead beside the schema's.
class TableRows final : public StoredRows {
 public:
  /// The database outlives it. `keeps` says which partitions are this node's to answer for.
  TableRows(Database& database, std::function<bool(std::uint32_t)> keeps)
      : database_(database), keeps_(std::move(keeps)) {}
  Result<std::vector<Row>> read(const std::string& input, std::uint32_t part,
                                std::size_t limit) override;

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
  Result<std::vector<Row>> read(const std::string& input, std::uint32_t part,
                                std::size_t limit) override;

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

  std::uint64_t kept_bytes() const { return kept_bytes_; }

 private:
  struct Mapped {
    Time at{};
    std::uint64_t bytes = 0;
    std::vector<std::vector<PartialGroup>> by_reducer;
  };

  Task<Result<std::uint64_t>> map(NodeId from, RunMap question);
  Task<Result<std::vector<PartialGroup>>> groups(NodeId from, FetchGroups question);
  Task<Result<FetchPart::Answer>> ship(NodeId from, FetchPart question);
  Task<Result<RunReduce::Answer>> reduce(NodeId from, RunReduce question);
  Task<Result<Done>> drop(NodeId from, DropRun question);
  struct Fetching;
  Task<> fetch_some(Fetching& fetching);
  Result<Done> keep(const MapAttempt& attempt, Mapped mapped);
  void drop_old();

  Node& node_;
  StoredRows& rows_;
  BatchWorkerSettings settings_;
  std::map<MapAttempt, Mapped> mapped_;
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace evenkeel

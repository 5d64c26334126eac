// Puts what a stream job tells into a table of the storage, as soon as it is final.
#pragma once

#include "models/processing/stream_keeper.h"

namespace evenkeel {

/// The table for the results of a plan, whose events have these columns: who owned it, the window's
/// start (ms), the columns of the group, then the window's end (ms), how many events there were,
/// and the aggregates' columns. All up to the group are its key.
TableSchema outlet_table(const std::string& name, const StreamPlan& plan,
                         const std::vector<Column>& columns);

struct StreamOutletSettings {
  Duration every = seconds(1);      // looks for what is new
  Duration keep = seconds(86'400);  // results and late events stay in the job's own store
  std::size_t at_once = 200;        // rows of one message
};

/// Told of each row before it is put (or erased), and when that is done. Both or none.
struct StreamOutletWatch {
  std::function<std::uint64_t(const Row& row, bool erased)> begins = {};
  std::function<void(std::uint64_t ticket)> is_done = {};
};

/// Writes each result until it is there; after a restart or a takeover those of before once more,
/// which changes nothing. A window told again replaces its row; one taken back is erased.
class StreamOutlet {
 public:
  /// All outlive the node's tasks. Without records only old results are forgotten. `as`: the
  /// owner's name in the table, the same wherever the job runs.
  StreamOutlet(Node& node, StreamStore& store, StreamKeeper& keeper, Records* records,
               std::string job, TableSchema table, std::string as,
               const StreamOutletSettings& settings = {}, StreamOutletWatch watch = {});
  StreamOutlet(const StreamOutlet&) = delete;

 private:
  Task<> run();
  Task<> put_new(StreamJob& job);
  Task<Result<Done>> put(std::vector<Row> rows);
  Task<Result<Done>> erase(Row row);
  Result<Done> forget_old();
  Row row_of(const WindowOutput& output) const;

  Node& node_;
  StreamStore& store_;
  StreamKeeper& keeper_;
  Records* records_;
  std::string job_;
  TableSchema table_;
  std::string as_;
  StreamOutletSettings settings_;
  StreamOutletWatch watch_;
  const StreamJob* of_ = nullptr;  // whose results `put_` counts
  std::uint64_t put_ = 0;          // step
};

}  // namespace evenkeel

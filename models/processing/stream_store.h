// What a continuous query knows, on one node's disk: how far it has read, its open windows, what it
// told. All that one step changes is changed in one transaction.
#pragma once

#include <memory>

#include "models/processing/stream_messages.h"
#include "models/sql/database.h"

namespace evenkeel {

/// Where a job stands.
struct JobHead {
  std::uint64_t epoch = 0;    // of its owner
  std::uint64_t step = 0;     // transactions so far
  std::uint64_t shipped = 0;  // of those, the standby has these
  std::optional<Time> watermark = {};
};

/// Several jobs on one database. All functions but open() throw SqlError, and those that change
/// something want a transaction around them.
class StreamStore {
 public:
  /// The database outlives it. `open` must have succeeded before anything else.
  explicit StreamStore(Database& database);
  StreamStore(const StreamStore&) = delete;
  ~StreamStore();
  Result<Done> open();
  Database& database() { return database_; }

  JobHead head(const std::string& job);
  void save(const std::string& job, const JobHead& head);
  std::vector<SourcePosition> positions(const std::string& job);
  void save(const std::string& job, const SourcePosition& position);

  std::vector<OpenWindow> windows_of(const std::string& job, const Blob& group);
  /// Changed since they were told last, and complete up to the watermark.
  std::vector<OpenWindow> due(const std::string& job, Time watermark);
  /// Those that end at `end` or before.
  std::vector<std::pair<Blob, TimeWindow>> ended(const std::string& job, Time end);
  std::uint64_t open_windows(const std::string& job);
  void put(const std::string& job, const OpenWindow& window, std::uint64_t step);
  void close(const std::string& job, const Blob& group, const TimeWindow& window,
             std::uint64_t step);

  /// Once: the same output or late event again changes nothing.
  void tell(const std::string& job, const WindowOutput& output, std::uint64_t step);
  void tell(const std::string& job, const LateEvent& late, std::uint64_t step);
  /// In the order of groups, windows and revisions.
  std::vector<WindowOutput> outputs(const std::string& job);
  /// Of the steps in (after, upto].
  std::vector<WindowOutput> outputs_between(const std::string& job, std::uint64_t after,
                                            std::uint64_t upto);
  std::vector<OpenWindow> all_open(const std::string& job);
  /// In the order of sources and offsets.
  std::vector<LateEvent> late(const std::string& job);
  /// What was told of windows that ended before, and late events of times before, is not kept.
  void forget(const std::string& job, Time before);

  JobChanges changes_since(const std::string& job, std::uint64_t base);
  /// The standby has everything up to this step: what was kept only to be shipped goes.
  void shipped(const std::string& job, std::uint64_t step);
  void apply(const std::string& job, const JobChanges& changes);

 private:
  struct Statements;
  OpenWindow window_at(const Statement& row) const;
  std::vector<OpenWindow> all_windows(Statement& started) const;
  std::vector<WindowOutput> all_outputs(Statement& started) const;
  std::vector<LateEvent> all_late(Statement& started) const;

  Database& database_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace evenkeel

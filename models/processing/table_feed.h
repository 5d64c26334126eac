// The rows of a table as events of a stream, on the nodes that keep them.
//
// Of each partition the first replica tells: a row when it is written there, by a client or by the
// comparison of replicas, and at its start what it finds. Each version of a row becomes one event,
// however often it is found: the log keeps their names. So a row that a client was told is written
// becomes an event, also if a node crashes; one that was overwritten before the first replica had
// it does not. Erasures are no events. After the loss of its disk a node tells all rows again.
#pragma once

#include <deque>

#include "models/processing/event_log.h"
#include "models/storage/replica.h"

namespace evenkeel {

struct TableFeedSettings {
  std::string stream = {};
  std::optional<std::uint32_t> time_column = {};    // ms of the wall clock; none: when it is found
  std::size_t most_waiting = 2000;                  // rows; beyond, the table is read again later
  std::size_t at_once = 100;                        // rows on their way into the log
  Duration retry = std::chrono::milliseconds{200};  // after the log refused
  double work = 5000;  // operations, a row: an estimate: 2.5 us at 2 Gop/s
};

class TableFeed {
 public:
  /// All outlive the node's tasks. Begins at once.
  TableFeed(Node& node, Replica& replica, const Placement& placement, EventLog& log,
            TableSchema table, const TableFeedSettings& settings);
  TableFeed(const TableFeed&) = delete;

  /// Of the event (EventLog::append_once) for this version of the row.
  static Blob name_of(const StoredRow& row) { return encoded(row.at, row.version); }

 private:
  void found(const StoredRow& row);
  bool is_ours(Partition partition) const;
  void tell_run();
  void look_through_table();
  Task<> run();
  Task<> take(StoredRow row);
  Time time_of(const Row& row) const;

  Node& node_;
  Replica& replica_;
  const Placement& placement_;
  EventLog& log_;
  TableSchema table_;
  TableFeedSettings settings_;
  std::deque<StoredRow> waiting_;
  bool was_too_much_ = true;  // some rows were not noted: the table must be looked through
  Partition next_look_ = 0;   // partition
  std::size_t on_their_way_ = 0;
  Signal* changed_ = nullptr;  // in the frame of run()
};

}  // namespace evenkeel

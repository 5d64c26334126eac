// What actions know of the scenario's processing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/processing/batch_messages.h"
#include "models/processing/stream_spec.h"

namespace evenkeel {

/// A stream that actions feed: with events, or with rows of `table`.
struct FedStream {
  std::string name = {};
  std::string table = {};  // empty: events
  TableSchema columns = {};
  StreamPlan plan = {};
  std::optional<std::uint32_t> time_column = {};  // ms

  bool is_by_window() const { return !plan.windowing->merges() && (table.empty() || time_column); }
  /// The row's own time, or the one given.
  Time time_of(const Row& row, Time otherwise) const;
};

/// How the witness calls a group of a stream: with the window, if windows stay as they are and the
/// time of an event is known where it is sent; then each window is added up for itself.
std::string witness_group(const Blob& group, const TimeWindow& window, bool is_by_window);
/// Of each window that the event is in, ascending.
std::vector<std::string> witness_groups(const StreamPlan& plan, const Row& row, Time at,
                                        bool is_by_window);

struct OffloadModel {
  std::string name = {};
  double work = 0;
  std::vector<std::string> kinds = {};  // of nodes that run it
};

struct BatchJob {
  std::string name = {};
  BatchSpec spec = {};  // without its input
  std::string table = {};
  std::string space = {};  // of files, where there is no table
  bool brings = false;
  double slow_factor = 1.5;
  std::vector<std::string> kinds = {};
};

}  // namespace evenkeel

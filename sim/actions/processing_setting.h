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

  /// The row's own time, or the one given.
  Time time_of(const Row& row, Time otherwise) const;
  /// In how many windows an event of that time is.
  std::int64_t windows_at(Time at) const;
  /// The row's group, for people.
  std::string group_text(const Row& row) const;
};

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

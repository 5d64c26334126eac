// Takes events from other nodes into this node's logs.
#pragma once

#include <map>

#include "models/processing/event_log.h"

namespace evenkeel {

/// A full log refuses, and so pushes back to whoever sends (ErrorCode::full).
class EventIntake {
 public:
  /// All outlive the node's tasks; the service answers Port::streams. An event costs `work`
  /// operations.
  EventIntake(Node& node, EventLog& log, Service& service, double work)
      : node_(node), log_(log), work_(work) {
    service.on(&EventIntake::take, *this);
  }
  EventIntake(const EventIntake&) = delete;

  /// Events of this stream are taken here; they have these columns, and no null among the first
  /// `TableSchema::key_columns` of them.
  void take_stream(TableSchema columns) { streams_[columns.name] = std::move(columns); }

 private:
  Task<Result<std::uint64_t>> take(NodeId from, AppendEvent question);

  Node& node_;
  EventLog& log_;
  double work_;
  std::map<std::string, TableSchema> streams_;
};

}  // namespace evenkeel

// Gives the events of a node's log to whoever reads them.
#pragma once

#include "models/processing/event_log.h"

namespace evenkeel {

/// A reader asks for as many events as it has room for: when it is full it does not ask, the log
/// grows to its limit, and then whoever makes the events is refused.
class EventSource {
 public:
  static constexpr Duration longest_patience = std::chrono::seconds{60};
  static constexpr std::size_t most_readers = 100;  // waiting at once

  /// All outlive the node's tasks; the service answers Port::streams.
  EventSource(Node& node, EventLog& log, Service& service) : node_(node), log_(log) {
    service.on(&EventSource::fetch, *this);
  }
  EventSource(const EventSource&) = delete;

 private:
  Task<Result<EventPage>> fetch(NodeId from, FetchEvents question);

  Node& node_;
  EventLog& log_;
  std::size_t reading_ = 0;
};

}  // namespace evenkeel

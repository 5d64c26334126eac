// Gives the events of a node's log to whoever reads them.
#pragma once

#include "models/access/standing_leaves.h"
#include "models/processing/event_log.h"

namespace evenkeel {

/// The part of a data set that a token for reading the stream is for.
inline std::string stream_part(const std::string& stream) { return "stream/" + stream; }

/// A reader asks for as many events as it has room for: when it is full it does not ask, the log
/// grows to its limit, and then whoever makes the events is refused.
class EventSource {
 public:
  static constexpr Duration longest_patience = std::chrono::seconds{60};
  static constexpr std::size_t most_readers = 100;  // waiting at once

  /// All outlive the node's tasks; the service answers Port::streams.
  EventSource(Node& node, EventLog& log, Service& service) : node_(node), log_(log), leaves_(node) {
    service.on(&EventSource::fetch, *this);
  }
  EventSource(const EventSource&) = delete;

  /// From now on the events of this stream, which are rows of the table, need a leave
  /// (AccessKind::stream): for each page anew, at the instant when it leaves.
  void guard(const std::string& stream, const TableSchema& table, const AccessRule& rule) {
    leaves_.guard(rule);
    tables_[stream] = table;
  }
  /// Told of what leaves the node of such a stream, at that instant: for whoever checks the guard.
  using OnTell = std::function<void(const std::string& table, NodeId to, std::uint64_t bytes)>;
  void on_tell(OnTell told) { on_tell_ = std::move(told); }

 private:
  Task<Result<EventPage>> fetch(NodeId from, FetchEvents question);
  Task<Result<EventPage>> read(FetchEvents question);
  Task<Result<StandingLeaves::Leave>> leave_for(NodeId from, std::string stream, Blob token);
  static void restrict(const AccessLeave& leave, const TableSchema& table, EventPage& page);

  Node& node_;
  EventLog& log_;
  std::size_t reading_ = 0;
  StandingLeaves leaves_;
  std::map<std::string, TableSchema> tables_;  // of guarded streams
  OnTell on_tell_;
};

}  // namespace evenkeel

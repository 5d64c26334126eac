// What travels between sources of events, the worker of a continuous query and its standby, on
// Port::streams.
#pragma once

#include "models/processing/window.h"
#include "models/runtime/service.h"
#include "models/storage/table.h"

namespace evenkeel {

/// What happened at a source: `offset` counts the events of one log from 0.
struct Event {
  std::uint64_t offset = 0;
  Time at{};  // event time
  Row values = {};
  friend bool operator==(const Event&, const Event&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(offset, at, values);
  }
};

/// Part of a log. `log` names it: another one after the source's disk was lost.
struct EventPage {
  std::uint64_t log = 0;
  std::uint64_t start = 0;  // offset of the oldest event that is kept
  std::uint64_t next = 0;   // offset behind the newest
  std::vector<Event> events = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(log, start, next, events);
  }
};

/// The events from an offset on, as many as the worker has credit for. Waits a while if there are
/// none. ErrorCode::conflict: a later owner of the job has asked already. ErrorCode::denied: no
/// grant allows it. An event that a grant hides has no values, and no time.
struct FetchEvents {
  static constexpr std::uint16_t tag = 1;
  using Answer = EventPage;
  std::string stream = {};
  std::string job = {};
  std::uint64_t epoch = 0;  // of the job's owner
  std::uint64_t log = 0;    // which log the offsets are of; 0: any
  std::uint64_t from = 0;
  std::uint64_t safe = 0;    // what lies before is never asked for again
  std::uint32_t credit = 0;  // events, at most
  std::uint32_t credit_bytes = 0;
  Duration patience{};
  Blob token = {};  // for the rows of another party

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(stream, job, epoch, log, from, safe, credit, credit_bytes, patience, token);
  }
};

/// An event for a log of this node. Answered with its offset when it is durable.
/// ErrorCode::full: the log is, since its readers are behind. ErrorCode::not_found: no such stream
/// here. ErrorCode::invalid: not the stream's columns.
struct AppendEvent {
  static constexpr std::uint16_t tag = 3;
  using Answer = std::uint64_t;
  std::string stream = {};
  Time at{};
  Row values = {};
  std::uint64_t id = 0;  // the sender's, below 2^63: what is sent again is kept once; 0: none

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(stream, at, values, id);
  }
};

/// Whether the node runs the job: the epoch, or 0.
struct AskStreamOwner {
  static constexpr std::uint16_t tag = 4;
  using Answer = std::uint64_t;
  std::string job = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(job);
  }
};

/// How far a job has read a source.
struct SourcePosition {
  NodeId source{};
  std::uint64_t log = 0;
  std::uint64_t next = 0;             // offset of the first event not yet read
  std::optional<Time> greatest = {};  // of the event times read
  std::uint64_t lost = 0;             // events that the source dropped before they were read
  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(source, log, next, greatest, lost);
  }
};

/// A window of a group that is not closed yet.
struct OpenWindow {
  Blob group = {};  // the group's values, encoded
  TimeWindow window = {};
  std::vector<Blob> states = {};  // of the aggregates
  std::uint64_t rows = 0;
  std::uint32_t revision = 0;  // of the next output
  bool changed = false;        // since the last output

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(group, window, states, rows, revision, changed);
  }
};

/// What a window of a group came to. The greatest revision counts; with allowed lateness there may
/// be several. `retracted`: the window became part of a longer session.
struct WindowOutput {
  Blob group = {};
  TimeWindow window = {};
  std::uint32_t revision = 0;
  std::uint64_t epoch = 0;  // of the owner that wrote it
  std::uint64_t rows = 0;
  bool retracted = false;
  Row values = {};  // the aggregates' columns, one after another
  friend bool operator==(const WindowOutput&, const WindowOutput&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(group, window, revision, epoch, rows, retracted, values);
  }
};

/// An event that came when some or all of its windows were closed.
struct LateEvent {
  NodeId source{};
  std::uint64_t log = 0;
  std::uint32_t missed = 0;  // windows
  Event event = {};
  friend bool operator==(const LateEvent&, const LateEvent&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(source, log, missed, event);
  }
};

/// Everything of a job that changed after its step `base`, up to `step`; base 0: everything.
struct JobChanges {
  std::uint64_t epoch = 0;
  std::uint64_t base = 0;
  std::uint64_t step = 0;
  std::optional<Time> watermark = {};
  std::vector<SourcePosition> positions = {};
  std::vector<OpenWindow> windows = {};
  std::vector<std::pair<Blob, TimeWindow>> closed = {};
  std::vector<WindowOutput> outputs = {};
  std::vector<LateEvent> late = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(epoch, base, step, watermark, positions, windows, closed, outputs, late);
  }
};

/// Keeps the changes, all or none; answered when they are durable, with the step that the standby
/// has then: another one than `step` if they do not follow what it has. ErrorCode::conflict: the
/// job has a later owner.
struct ShipChanges {
  static constexpr std::uint16_t tag = 2;
  using Answer = std::uint64_t;
  std::string job = {};
  JobChanges changes = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(job, changes);
  }
};

}  // namespace evenkeel

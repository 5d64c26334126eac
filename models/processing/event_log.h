// What a source keeps of its events, on its disk, until all who read them are done with them: so a
// cut uplink, a restart or a slow reader loses nothing.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "models/processing/stream_messages.h"
#include "models/runtime/node.h"
#include "models/runtime/signal.h"
#include "models/sql/database.h"

namespace evenkeel {

struct EventLogSettings {
  enum class WhenFull : std::uint8_t {
    refuse,      // the new event: whoever makes events has to wait
    drop_oldest  // counted; readers are told how many they missed
  };
  std::uint64_t limit_bytes = 64 << 20;  // of the events of one stream
  WhenFull when_full = WhenFull::refuse;
  std::size_t most_waiting = 10'000;  // appends that wait for the disk
};

/// Several streams on one database. Everything it says is durable.
class EventLog {
 public:
  /// Both outlive the node's tasks. `open` must have succeeded before anything else.
  EventLog(Node& node, Database& database, const EventLogSettings& settings = {});
  EventLog(const EventLog&) = delete;
  ~EventLog();
  Result<Done> open();

  /// The event's offset. ErrorCode::full: the log is (WhenFull::refuse), or the disk.
  /// ErrorCode::overloaded: too many wait. ErrorCode::invalid: not an event time.
  Task<Result<std::uint64_t>> append(std::string stream, Time at, Row values);
  /// As append, but if the stream was given an event of this name before, the answer is
  /// ErrorCode::conflict and nothing happens. Names are kept for good.
  Task<Result<std::uint64_t>> append_once(std::string stream, Blob name, Time at, Row values);
  /// Whether the stream was given an event of this name.
  Result<bool> knows(const std::string& stream, const Blob& name);
  /// From an offset on; a page without events if there are none yet. ErrorCode::invalid: the offset
  /// lies behind the end.
  Result<EventPage> read(const std::string& stream, std::uint64_t from, std::uint32_t most_events,
                         std::uint32_t most_bytes);
  /// A reader that must be waited for: what it has not read is not trimmed.
  Result<Done> expect(const std::string& stream, const std::string& reader);
  /// The reader will not ask for what lies before `safe`. ErrorCode::conflict: a reader of its name
  /// with a greater epoch is known.
  Result<Done> progress(const std::string& stream, const std::string& reader, std::uint64_t epoch,
                        std::uint64_t log, std::uint64_t safe);

  /// Comes back when there is an event at the offset, or at the limit.
  Task<> wait_for(std::string stream, std::uint64_t offset, Time limit);

  std::uint64_t bytes(const std::string& stream) const;
  std::uint64_t dropped(const std::string& stream) const;

 private:
  struct Log {
    std::uint64_t id = 0;
    std::uint64_t start = 0;
    std::uint64_t next = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;
  };
  struct Reader {
    std::uint64_t epoch = 0;
    std::uint64_t safe = 0;
  };
  struct Pending;
  struct PendingWait;
  struct Watch;
  struct Statements;

  Task<Result<std::uint64_t>> wait_for_commit(std::shared_ptr<Pending> pending);
  Task<> commit_all();
  Result<Done> commit(const std::vector<std::shared_ptr<Pending>>& group);
  Result<std::uint64_t> store(Pending& pending);
  void trim(const std::string& stream, Log& log, std::uint64_t before, bool drops);
  Log& log_of(const std::string& stream);
  void save(const std::string& stream, const Log& log);
  void load();

  Node& node_;
  Database& database_;
  EventLogSettings settings_;
  std::unique_ptr<Statements> statements_;
  std::map<std::string, Log> logs_;
  std::map<std::pair<std::string, std::string>, Reader> readers_;  // stream, reader
  std::vector<std::shared_ptr<Pending>> waiting_;
  bool running_ = false;
  std::vector<Signal*> watching_;  // in the frames of who waits
};

}  // namespace evenkeel

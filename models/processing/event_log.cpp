#include "models/processing/event_log.h"

#include <algorithm>
#include <utility>

namespace evenkeel {
namespace {

constexpr std::size_t most_readers = 10'000;

}  // namespace

// An event on its way to the disk. Who waits for it may be gone before it is there.
struct EventLog::Pending {
  Pending(std::string its_stream, Time at, Row values)
      : stream(std::move(its_stream)), event{.at = at, .values = std::move(values)} {}
  std::string stream;
  Event event;
  Blob name = {};  // of append_once; else empty
  Result<std::uint64_t> result = std::uint64_t{0};
  Signal* done = nullptr;
};

// Lives in the frame of who waits.
struct EventLog::PendingWait {
  PendingWait(World& world, Pending& its_pending) : done(world), pending(its_pending) {
    pending.done = &done;
  }
  PendingWait(const PendingWait&) = delete;
  ~PendingWait() { pending.done = nullptr; }
  Signal done;
  Pending& pending;
};

struct EventLog::Watch {
  explicit Watch(EventLog& its_log) : signal(its_log.node_.world()), log(its_log) {
    log.watching_.push_back(&signal);
  }
  Watch(const Watch&) = delete;
  ~Watch() { std::erase(log.watching_, &signal); }
  Signal signal;
  EventLog& log;
};

struct EventLog::Statements {
  explicit Statements(const Database& database)
      : add(database, "INSERT INTO events VALUES (?, ?, ?, ?)"),
        read(database,
             "SELECT off, at, vals FROM events WHERE stream = ? AND off >= ? ORDER BY off LIMIT ?"),
        sizes(database, "SELECT off, length(vals) FROM events WHERE stream = ? ORDER BY off"),
        size_before(
            database,
            "SELECT coalesce(sum(length(vals)), 0) FROM events WHERE stream = ? AND off < ?"),
        drop(database, "DELETE FROM events WHERE stream = ? AND off < ?"),
        save(database, "INSERT OR REPLACE INTO logs VALUES (?, ?, ?, ?, ?, ?)"),
        reader(database, "INSERT OR REPLACE INTO readers VALUES (?, ?, ?, ?)"),
        was_given(database, "SELECT 1 FROM names WHERE stream = ? AND name = ?"),
        give(database, "INSERT INTO names VALUES (?, ?)") {}
  Statement add, read, sizes, size_before, drop, save, reader, was_given, give;
};

EventLog::EventLog(Node& node, Database& database, const EventLogSettings& settings)
    : node_(node), database_(database), settings_(settings) {}
EventLog::~EventLog() = default;

Result<Done> EventLog::open() {
  return sql_result([&]() -> Result<Done> {
    Transaction transaction{database_, Transaction::Kind::write};
    database_.execute(
        "CREATE TABLE IF NOT EXISTS events (stream TEXT, off INTEGER, at INTEGER, vals BLOB,"
        " PRIMARY KEY (stream, off)) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS logs (stream TEXT PRIMARY KEY, id INTEGER, start INTEGER,"
        " next INTEGER, bytes INTEGER, dropped INTEGER) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS readers (stream TEXT, reader TEXT, epoch INTEGER, safe INTEGER,"
        " PRIMARY KEY (stream, reader)) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS names (stream TEXT, name BLOB, PRIMARY KEY (stream, name))"
        " WITHOUT ROWID");
    transaction.commit();
    statements_ = std::make_unique<Statements>(database_);
    load();
    return Done{};
  });
}

void EventLog::load() {
  const auto unsigned_at = [](const Statement& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
  };
  logs_.clear();
  readers_.clear();
  Statement logs{database_, "SELECT stream, id, start, next, bytes, dropped FROM logs"};
  for (logs.start(); logs.step();)
    logs_[logs.text(0)] = {unsigned_at(logs, 1), unsigned_at(logs, 2), unsigned_at(logs, 3),
                           unsigned_at(logs, 4), unsigned_at(logs, 5)};
  Statement readers{database_, "SELECT stream, reader, epoch, safe FROM readers"};
  for (readers.start(); readers.step();)
    readers_[{readers.text(0), readers.text(1)}] = {unsigned_at(readers, 2),
                                                    unsigned_at(readers, 3)};
}

EventLog::Log& EventLog::log_of(const std::string& stream) {
  Log& log = logs_[stream];
  // Never 0, which means any log.
  if (log.id == 0) log.id = (node_.random()() >> 1) | 1;
  return log;
}

void EventLog::save(const std::string& stream, const Log& log) {
  statements_->save.run(stream, log.id, log.start, log.next, log.bytes, log.dropped);
}

Task<Result<std::uint64_t>> EventLog::append(std::string stream, Time at, Row values) {
  return wait_for_commit(std::make_shared<Pending>(std::move(stream), at, std::move(values)));
}

Task<Result<std::uint64_t>> EventLog::append_once(std::string stream, Blob name, Time at,
                                                  Row values) {
  auto pending = std::make_shared<Pending>(std::move(stream), at, std::move(values));
  pending->name = std::move(name);
  return wait_for_commit(std::move(pending));
}

Result<bool> EventLog::knows(const std::string& stream, const Blob& name) {
  return sql_result([&]() -> Result<bool> {
    Statement& was_given = statements_->was_given;
    was_given.start(stream, name);
    const bool is_known = was_given.step();
    was_given.reset();
    return is_known;
  });
}

Task<Result<std::uint64_t>> EventLog::wait_for_commit(std::shared_ptr<Pending> pending) {
  if (!is_event_time(pending->event.at))
    co_return Error{ErrorCode::invalid, "this is no time of an event"};
  if (waiting_.size() >= settings_.most_waiting)
    co_return Error{ErrorCode::overloaded, "too many events wait for the disk; try again later"};
  PendingWait waits{node_.world(), *pending};
  waiting_.push_back(pending);
  if (!std::exchange(running_, true)) node_.spawn(commit_all());
  const Signal::Wait wait = waits.done.wait_until(never);
  co_await wait;
  co_return pending->result;
}

// Events that arrive while the disk is busy share its next commit.
Task<> EventLog::commit_all() {
  while (!waiting_.empty()) {
    const std::vector<std::shared_ptr<Pending>> group = std::exchange(waiting_, {});
    const Result<Done> committed = commit(group);
    if (!committed) {
      for (const auto& pending : group) pending->result = committed.error();
      static_cast<void>(sql_result([&]() -> Result<Done> {
        load();
        return Done{};
      }));
    }
    co_await node_.disk_done();
    for (const auto& pending : group)
      if (pending->done != nullptr) pending->done->raise();
    for (Signal* watching : watching_) watching->raise();
  }
  running_ = false;
}

Result<Done> EventLog::commit(const std::vector<std::shared_ptr<Pending>>& group) {
  return sql_result([&]() -> Result<Done> {
    Transaction transaction{database_, Transaction::Kind::write};
    for (const auto& pending : group) pending->result = store(*pending);
    transaction.commit();
    return Done{};
  });
}

Result<std::uint64_t> EventLog::store(Pending& pending) {
  Log& log = log_of(pending.stream);
  if (!pending.name.empty()) {
    Statement& was_given = statements_->was_given;
    was_given.start(pending.stream, pending.name);
    const bool is_known = was_given.step();
    was_given.reset();
    if (is_known) return Error{ErrorCode::conflict, "the stream has this event already"};
  }
  const Blob values = encoded(pending.event.values);
  if (log.bytes + values.size() > settings_.limit_bytes) {
    if (settings_.when_full == EventLogSettings::WhenFull::refuse ||
        values.size() > settings_.limit_bytes) {
      node_.probe().count("events refused", node_.id(), 1);
      return Error{ErrorCode::full, "the log of '" + pending.stream +
                                        "' is full: its readers are behind; try again later"};
    }
    std::uint64_t before = log.start;
    std::uint64_t freed = 0;
    Statement& sizes = statements_->sizes;
    for (sizes.start(pending.stream);
         log.bytes + values.size() - freed > settings_.limit_bytes && sizes.step();) {
      before = static_cast<std::uint64_t>(sizes.integer(0)) + 1;
      freed += static_cast<std::uint64_t>(sizes.integer(1));
    }
    sizes.reset();
    trim(pending.stream, log, before, true);
  }
  const std::uint64_t offset = log.next++;
  statements_->add.run(pending.stream, offset, pending.event.at.count(), values);
  if (!pending.name.empty()) statements_->give.run(pending.stream, pending.name);
  log.bytes += values.size();
  save(pending.stream, log);
  return offset;
}

void EventLog::trim(const std::string& stream, Log& log, std::uint64_t before, bool drops) {
  if (before <= log.start) return;
  Statement& size = statements_->size_before;
  size.start(stream, before);
  if (size.step()) log.bytes -= static_cast<std::uint64_t>(size.integer(0));
  size.reset();
  statements_->drop.run(stream, before);
  if (drops) {
    log.dropped += before - log.start;
    node_.probe().count("events dropped", node_.id(), static_cast<double>(before - log.start));
  }
  log.start = before;
}

Result<EventPage> EventLog::read(const std::string& stream, std::uint64_t from,
                                 std::uint32_t most_events, std::uint32_t most_bytes) {
  const Log& log = log_of(stream);
  if (from > log.next)
    return Error{ErrorCode::invalid, "the log of '" + stream + "' does not reach so far"};
  return sql_result([&]() -> Result<EventPage> {
    EventPage page{.log = log.id, .start = log.start, .next = log.next};
    std::size_t bytes = 0;
    Statement& rows = statements_->read;
    for (rows.start(stream, from, most_events); rows.step();) {
      const std::span<const std::byte> values = rows.view(2);
      bytes += values.size();
      if (bytes > most_bytes && !page.events.empty()) break;
      std::optional<Row> row = decoded<Row>(values);
      if (!row) return Error{ErrorCode::disk, "an event on the disk makes no sense"};
      page.events.push_back(
          {static_cast<std::uint64_t>(rows.integer(0)), Time{rows.integer(1)}, std::move(*row)});
    }
    rows.reset();
    return page;
  });
}

Result<Done> EventLog::expect(const std::string& stream, const std::string& reader) {
  if (readers_.contains({stream, reader})) return Done{};
  return progress(stream, reader, 0, 0, 0);
}

Result<Done> EventLog::progress(const std::string& stream, const std::string& reader,
                                std::uint64_t epoch, std::uint64_t log_id, std::uint64_t safe) {
  const auto found = readers_.find({stream, reader});
  if (found == readers_.end() && readers_.size() >= most_readers)
    return Error{ErrorCode::overloaded, "too many readers of this node's logs are known"};
  Log& log = log_of(stream);
  Reader known = found == readers_.end() ? Reader{} : found->second;
  if (epoch < known.epoch)
    return Error{ErrorCode::conflict, "'" + reader + "' has a later owner, who reads on"};
  if (log_id == log.id && safe <= log.next) known.safe = std::max(known.safe, safe);
  if (found != readers_.end() && epoch == known.epoch && known.safe == found->second.safe)
    return Done{};
  known.epoch = epoch;
  return sql_result([&]() -> Result<Done> {
    Transaction transaction{database_, Transaction::Kind::write};
    Log after = log;
    statements_->reader.run(stream, reader, known.epoch, known.safe);
    std::uint64_t all_done_before = known.safe;
    for (const auto& [key, other] : readers_)
      if (key.first == stream && key.second != reader)
        all_done_before = std::min(all_done_before, other.safe);
    trim(stream, after, all_done_before, false);
    save(stream, after);
    transaction.commit();
    log = after;
    readers_[{stream, reader}] = known;
    return Done{};
  });
}

Task<> EventLog::wait_for(std::string stream, std::uint64_t offset, Time limit) {
  while (log_of(stream).next <= offset && node_.now() < limit) {
    Watch watch{*this};
    const Signal::Wait wait = watch.signal.wait_until(limit);
    co_await wait;
  }
}

std::uint64_t EventLog::bytes(const std::string& stream) const {
  const auto found = logs_.find(stream);
  return found == logs_.end() ? 0 : found->second.bytes;
}

std::uint64_t EventLog::dropped(const std::string& stream) const {
  const auto found = logs_.find(stream);
  return found == logs_.end() ? 0 : found->second.dropped;
}

}  // namespace evenkeel

#include "models/processing/stream_store.h"

#include <sqlite3.h>

#include <limits>

namespace evenkeel {
namespace {

constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();
// Steps are SQLite's integers.
constexpr std::int64_t any_step = -1;

constexpr const char* tables =
    "CREATE TABLE IF NOT EXISTS jobs (job TEXT PRIMARY KEY, epoch INTEGER, step INTEGER,"
    " shipped INTEGER, watermark INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS positions (job TEXT, source INTEGER, log INTEGER, next INTEGER,"
    " greatest INTEGER, lost INTEGER, PRIMARY KEY (job, source)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS windows (job TEXT, grp BLOB, start INTEGER, end INTEGER,"
    " states BLOB, count INTEGER, revision INTEGER, changed INTEGER, step INTEGER,"
    " PRIMARY KEY (job, grp, start, end)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS windows_by_end ON windows (job, end);"
    "CREATE TABLE IF NOT EXISTS closed (job TEXT, step INTEGER, grp BLOB, start INTEGER,"
    " end INTEGER, PRIMARY KEY (job, step, grp, start, end)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS outputs (job TEXT, grp BLOB, start INTEGER, end INTEGER,"
    " revision INTEGER, epoch INTEGER, count INTEGER, retracted INTEGER, vals BLOB, step INTEGER,"
    " PRIMARY KEY (job, grp, start, end, revision)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS outputs_by_step ON outputs (job, step);"
    "CREATE TABLE IF NOT EXISTS late (job TEXT, source INTEGER, log INTEGER, off INTEGER,"
    " missed INTEGER, at INTEGER, vals BLOB, step INTEGER,"
    " PRIMARY KEY (job, source, log, off)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS late_by_step ON late (job, step)";

template <class T>
T decoded_or_throw(std::span<const std::byte> bytes) {
  std::optional<T> value = decoded<T>(bytes);
  if (!value) throw SqlError(SQLITE_CORRUPT, "a stream job's row makes no sense");
  return std::move(*value);
}

std::uint64_t unsigned_at(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

std::int64_t number_of_time(const std::optional<Time>& time) {
  return time ? time->count() : no_time;
}

std::optional<Time> time_at(const Statement& row, int column) {
  const std::int64_t number = row.integer(column);
  return number == no_time ? std::nullopt : std::optional{Time{number}};
}

}  // namespace

struct StreamStore::Statements {
  explicit Statements(const Database& database)
      : head(database, "SELECT epoch, step, shipped, watermark FROM jobs WHERE job = ?"),
        save_head(database, "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?)"),
        positions(database,
                  "SELECT source, log, next, greatest, lost FROM positions WHERE job = ?"),
        save_position(database, "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?, ?)"),
        of_group(database,
                 "SELECT grp, start, end, states, count, revision, changed FROM windows"
                 " WHERE job = ? AND grp = ?"),
        due(database,
            "SELECT grp, start, end, states, count, revision, changed FROM windows"
            " WHERE job = ? AND end <= ? AND changed = 1 ORDER BY end, grp, start"),
        since(database,
              "SELECT grp, start, end, states, count, revision, changed FROM windows"
              " WHERE job = ? AND step > ?"),
        ended(database, "SELECT grp, start, end FROM windows WHERE job = ? AND end <= ?"),
        count(database, "SELECT count(*) FROM windows WHERE job = ?"),
        put(database, "INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        drop(database, "DELETE FROM windows WHERE job = ? AND grp = ? AND start = ? AND end = ?"),
        close(database, "INSERT OR IGNORE INTO closed VALUES (?, ?, ?, ?, ?)"),
        closed(database,
               "SELECT grp, start, end FROM closed WHERE job = ? AND step > ? ORDER BY step"),
        output(database, "INSERT OR IGNORE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        outputs(database,
                "SELECT grp, start, end, revision, epoch, count, retracted, vals FROM outputs"
                " WHERE job = ? AND step > ? ORDER BY grp, start, end, revision"),
        between(database,
                "SELECT grp, start, end, revision, epoch, count, retracted, vals FROM outputs"
                " WHERE job = ? AND step > ? AND step <= ? ORDER BY grp, start, end, revision"),
        add_late(database, "INSERT OR IGNORE INTO late VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
        late(database,
             "SELECT source, log, off, missed, at, vals FROM late WHERE job = ? AND step > ?"
             " ORDER BY source, log, off") {}
  Statement head, save_head, positions, save_position, of_group, due, since, ended, count, put,
      drop, close, closed, output, outputs, between, add_late, late;
};

StreamStore::StreamStore(Database& database) : database_(database) {}
StreamStore::~StreamStore() = default;

Result<Done> StreamStore::open() {
  return sql_result([&]() -> Result<Done> {
    Transaction transaction{database_, Transaction::Kind::write};
    database_.execute(tables);
    transaction.commit();
    statements_ = std::make_unique<Statements>(database_);
    return Done{};
  });
}

JobHead StreamStore::head(const std::string& job) {
  Statement& row = statements_->head;
  row.start(job);
  JobHead head;
  if (row.step())
    head = {unsigned_at(row, 0), unsigned_at(row, 1), unsigned_at(row, 2), time_at(row, 3)};
  row.reset();
  return head;
}

void StreamStore::save(const std::string& job, const JobHead& head) {
  statements_->save_head.run(job, head.epoch, head.step, head.shipped,
                             number_of_time(head.watermark));
}

std::vector<SourcePosition> StreamStore::positions(const std::string& job) {
  std::vector<SourcePosition> all;
  Statement& row = statements_->positions;
  for (row.start(job); row.step();)
    all.push_back({NodeId{static_cast<std::uint32_t>(row.integer(0))}, unsigned_at(row, 1),
                   unsigned_at(row, 2), time_at(row, 3), unsigned_at(row, 4)});
  return all;
}

void StreamStore::save(const std::string& job, const SourcePosition& position) {
  statements_->save_position.run(job, index(position.source), position.log, position.next,
                                 number_of_time(position.greatest), position.lost);
}

OpenWindow StreamStore::window_at(const Statement& row) const {
  return {.group = row.blob(0),
          .window = {Time{row.integer(1)}, Time{row.integer(2)}},
          .states = decoded_or_throw<std::vector<Blob>>(row.view(3)),
          .rows = unsigned_at(row, 4),
          .revision = static_cast<std::uint32_t>(row.integer(5)),
          .changed = row.integer(6) != 0};
}

std::vector<OpenWindow> StreamStore::all_windows(Statement& started) const {
  std::vector<OpenWindow> all;
  while (started.step()) all.push_back(window_at(started));
  return all;
}

std::vector<OpenWindow> StreamStore::windows_of(const std::string& job, const Blob& group) {
  statements_->of_group.start(job, group);
  return all_windows(statements_->of_group);
}

std::vector<OpenWindow> StreamStore::due(const std::string& job, Time watermark) {
  statements_->due.start(job, watermark.count());
  return all_windows(statements_->due);
}

std::vector<std::pair<Blob, TimeWindow>> StreamStore::ended(const std::string& job, Time end) {
  std::vector<std::pair<Blob, TimeWindow>> all;
  Statement& row = statements_->ended;
  for (row.start(job, end.count()); row.step();)
    all.emplace_back(row.blob(0), TimeWindow{Time{row.integer(1)}, Time{row.integer(2)}});
  return all;
}

std::uint64_t StreamStore::open_windows(const std::string& job) {
  Statement& row = statements_->count;
  row.start(job);
  const std::uint64_t count = row.step() ? unsigned_at(row, 0) : 0;
  row.reset();
  return count;
}

void StreamStore::put(const std::string& job, const OpenWindow& window, std::uint64_t step) {
  statements_->put.run(job, window.group, window.window.start.count(), window.window.end.count(),
                       encoded(window.states), window.rows, window.revision, window.changed, step);
}

void StreamStore::close(const std::string& job, const Blob& group, const TimeWindow& window,
                        std::uint64_t step) {
  statements_->drop.run(job, group, window.start.count(), window.end.count());
  statements_->close.run(job, step, group, window.start.count(), window.end.count());
}

void StreamStore::tell(const std::string& job, const WindowOutput& output, std::uint64_t step) {
  statements_->output.run(job, output.group, output.window.start.count(), output.window.end.count(),
                          output.revision, output.epoch, output.rows, output.retracted,
                          encoded(output.values), step);
}

void StreamStore::tell(const std::string& job, const LateEvent& late, std::uint64_t step) {
  statements_->add_late.run(job, index(late.source), late.log, late.event.offset, late.missed,
                            late.event.at.count(), encoded(late.event.values), step);
}

std::vector<WindowOutput> StreamStore::all_outputs(Statement& row) const {
  std::vector<WindowOutput> all;
  while (row.step())
    all.push_back({.group = row.blob(0),
                   .window = {Time{row.integer(1)}, Time{row.integer(2)}},
                   .revision = static_cast<std::uint32_t>(row.integer(3)),
                   .epoch = unsigned_at(row, 4),
                   .rows = unsigned_at(row, 5),
                   .retracted = row.integer(6) != 0,
                   .values = decoded_or_throw<Row>(row.view(7))});
  return all;
}

std::vector<LateEvent> StreamStore::all_late(Statement& row) const {
  std::vector<LateEvent> all;
  while (row.step())
    all.push_back(
        {.source = NodeId{static_cast<std::uint32_t>(row.integer(0))},
         .log = unsigned_at(row, 1),
         .missed = static_cast<std::uint32_t>(row.integer(3)),
         .event = {unsigned_at(row, 2), Time{row.integer(4)}, decoded_or_throw<Row>(row.view(5))}});
  return all;
}

std::vector<WindowOutput> StreamStore::outputs(const std::string& job) {
  statements_->outputs.start(job, any_step);
  return all_outputs(statements_->outputs);
}

std::vector<WindowOutput> StreamStore::outputs_between(const std::string& job, std::uint64_t after,
                                                       std::uint64_t upto) {
  statements_->between.start(job, after, upto);
  return all_outputs(statements_->between);
}

std::vector<OpenWindow> StreamStore::all_open(const std::string& job) {
  statements_->since.start(job, any_step);
  return all_windows(statements_->since);
}

std::vector<LateEvent> StreamStore::late(const std::string& job) {
  statements_->late.start(job, any_step);
  return all_late(statements_->late);
}

void StreamStore::forget(const std::string& job, Time before) {
  Statement outputs{database_, "DELETE FROM outputs WHERE job = ? AND end <= ?"};
  outputs.run(job, before.count());
  Statement late{database_, "DELETE FROM late WHERE job = ? AND at < ?"};
  late.run(job, before.count());
}

JobChanges StreamStore::changes_since(const std::string& job, std::uint64_t base) {
  const JobHead its = head(job);
  JobChanges changes{.epoch = its.epoch,
                     .base = base,
                     .step = its.step,
                     .watermark = its.watermark,
                     .positions = positions(job)};
  statements_->since.start(job, base);
  changes.windows = all_windows(statements_->since);
  if (base > 0) {
    Statement& row = statements_->closed;
    for (row.start(job, base); row.step();)
      changes.closed.emplace_back(row.blob(0),
                                  TimeWindow{Time{row.integer(1)}, Time{row.integer(2)}});
  }
  statements_->outputs.start(job, base);
  changes.outputs = all_outputs(statements_->outputs);
  statements_->late.start(job, base);
  changes.late = all_late(statements_->late);
  return changes;
}

void StreamStore::shipped(const std::string& job, std::uint64_t step) {
  JobHead its = head(job);
  its.shipped = step;
  save(job, its);
  Statement closed{database_, "DELETE FROM closed WHERE job = ? AND step <= ?"};
  closed.run(job, step);
}

void StreamStore::apply(const std::string& job, const JobChanges& changes) {
  if (changes.base == 0)
    for (const char* table : {"positions", "windows", "closed", "outputs", "late"})
      Statement{database_, std::string{"DELETE FROM "} + table + " WHERE job = ?"}.run(job);
  // A window may be closed and opened again: so first the closed ones.
  for (const auto& [group, window] : changes.closed)
    statements_->drop.run(job, group, window.start.count(), window.end.count());
  for (const OpenWindow& window : changes.windows) put(job, window, changes.step);
  for (const SourcePosition& position : changes.positions) save(job, position);
  for (const WindowOutput& output : changes.outputs) tell(job, output, changes.step);
  for (const LateEvent& event : changes.late) tell(job, event, changes.step);
  save(job, JobHead{changes.epoch, changes.step, 0, changes.watermark});
}

}  // namespace evenkeel

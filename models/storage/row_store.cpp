#include "models/storage/row_store.h"

#include <algorithm>

#include "models/sql/disk_vfs.h"
#include "models/storage/row_table.h"

namespace evenkeel {
namespace {

constexpr const char* file_name = "rows.db";
constexpr std::size_t version_size = 20;

std::span<const std::byte> span_of(const Key& key) { return bytes_of(key); }

void bind_value(Statement& statement, int position, const Value& value) {
  switch (value.index()) {
    case 0:
      return statement.bind_null(position);
    case 1:
      return statement.bind(position, std::get<std::int64_t>(value));
    case 2:
      return statement.bind(position, std::get<double>(value));
    case 3:
      return statement.bind(position, std::string_view{std::get<std::string>(value)});
    default:
      return statement.bind(position, std::span<const std::byte>{std::get<Blob>(value)});
  }
}

std::string quoted(std::string_view name) { return '"' + std::string{name} + '"'; }

}  // namespace

Blob encode_version(const Version& version) {
  Blob bytes;
  bytes.reserve(version_size);
  const auto put = [&](std::uint64_t number, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::byte>((number >> shift) & 0xff));
  };
  put(version.counter, 8);
  put(version.writer, 4);
  put(version.attempt, 8);
  return bytes;
}

Version decode_version(std::span<const std::byte> bytes) {
  if (bytes.size() != version_size) return {};
  const auto get = [&](std::size_t from, std::size_t width) {
    std::uint64_t number = 0;
    for (std::size_t i = from; i < from + width; ++i)
      number = (number << 8) | std::to_integer<std::uint64_t>(bytes[i]);
    return number;
  };
  return {get(0, 8), static_cast<std::uint32_t>(get(8, 4)), get(12, 8)};
}

std::uint8_t bucket_of(const Key& key) {
  return static_cast<std::uint8_t>(XXH3_64bits(key.data(), key.size()));
}

RowStore::RowStore(Disk& disk, std::uint64_t seed) : disk_(disk), seed_(seed) {}
RowStore::~RowStore() = default;

Result<Done> RowStore::open(IfNew if_new) {
  tables_.clear();
  database_.reset();
  ++times_opened_;
  Result<std::unique_ptr<Database>> database = open_on_disk(disk_, file_name, {.seed = seed_});
  if (!database) return database.error();
  database_ = std::move(*database);
  Result<Done> loaded = load(if_new);
  if (!loaded) {
    tables_.clear();
    database_.reset();
    return loaded;
  }
  for (const auto& set_up : set_ups_) set_up(*database_);
  return loaded;
}

void RowStore::when_open(std::function<void(Database&)> set_up) {
  if (is_open()) set_up(*database_);
  set_ups_.push_back(std::move(set_up));
}

bool RowStore::is_read_only() const {
  return is_open() && database_->number("PRAGMA query_only") != 0;
}

void RowStore::destroy() {
  tables_.clear();
  database_.reset();
  for (const std::string& file : disk_.list())
    if (file.starts_with(file_name)) disk_.remove(file);
}

// SQLite's number for the user says whether the store is incomplete: it is part of a transaction.
Result<Done> RowStore::load(IfNew if_new) {
  return sql_result([&]() -> Result<Done> {
    const bool is_new = database_->number("SELECT count(*) FROM sqlite_master") == 0;
    if (is_new) {
      const std::string mark = if_new == IfNew::incomplete ? "1" : "0";
      database_->execute(
          "BEGIN; PRAGMA user_version = " + mark +
          "; CREATE TABLE schemas (name TEXT PRIMARY KEY, schema BLOB NOT NULL);"
          "CREATE TABLE promises (name TEXT, _key BLOB, _part INTEGER, ballot BLOB NOT NULL,"
          " PRIMARY KEY (name, _key)) WITHOUT ROWID; COMMIT");
    }
    Statement statement{*database_, "SELECT schema FROM schemas ORDER BY name"};
    statement.start();
    while (statement.step()) {
      const std::optional<TableSchema> schema = decoded<TableSchema>(statement.blob(0));
      if (!schema || !check_schema(*schema))
        return Error{ErrorCode::disk, "the store's list of tables is damaged"};
      add(*schema);
    }
    return recount();
  });
}

bool RowStore::is_incomplete() const {
  if (!is_open()) return true;
  const Result<bool> marked =
      sql_result([&]() -> Result<bool> { return database_->number("PRAGMA user_version") != 0; });
  return !marked || *marked;
}

Result<Done> RowStore::complete() {
  if (!is_open()) return Error{ErrorCode::disk, "this node's store is not open"};
  return sql_result([&]() -> Result<Done> {
    database_->execute("PRAGMA user_version = 0");
    return Done{};
  });
}

RowStore::Table& RowStore::add(const TableSchema& schema) {
  auto table = std::make_unique<Table>();
  table->schema = schema;
  table->physical = quoted("rows_" + schema.name);
  for (const Column& column : schema.columns) table->columns += ", " + quoted(column.name);
  return *(tables_[schema.name] = std::move(table));
}

Result<Done> RowStore::define(const TableSchema& schema) {
  if (!is_open()) return Error{ErrorCode::disk, "this node's store is not open"};
  if (const Table* known = find(schema.name)) {
    if (known->schema == schema) return Done{};
    return Error{ErrorCode::conflict,
                 "there is another table '" + schema.name + "'; choose another name"};
  }
  if (const Result<Done> fits = check_schema(schema); !fits) return fits;
  return sql_result([&]() -> Result<Done> {
    std::string columns;
    for (const Column& column : schema.columns)
      columns += ", " + quoted(column.name) + " " + std::string{to_string(column.type)};
    Transaction transaction{*database_, Transaction::Kind::write};
    database_->execute("CREATE TABLE " + quoted("rows_" + schema.name) +
                       " (_part INTEGER NOT NULL, _key BLOB NOT NULL, _version BLOB NOT NULL,"
                       " _dead INTEGER NOT NULL, _sum INTEGER NOT NULL" +
                       columns + ", PRIMARY KEY (_part, _key))");
    Statement statement{*database_, "INSERT INTO schemas VALUES (?, ?)"};
    const Blob bytes = encoded(schema);
    statement.run(schema.name, std::span<const std::byte>{bytes});
    transaction.commit();
    add(schema);
    return Done{};
  });
}

RowStore::Table* RowStore::find(std::string_view table) {
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : found->second.get();
}
const RowStore::Table* RowStore::find(std::string_view table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : found->second.get();
}

const TableSchema* RowStore::schema(std::string_view table) const {
  const Table* found = find(table);
  return found == nullptr ? nullptr : &found->schema;
}

std::vector<TableSchema> RowStore::schemas() const {
  std::vector<TableSchema> all;
  for (const auto& [name, table] : tables_) all.push_back(table->schema);
  return all;
}

Result<StoredRow> RowStore::read(std::string_view name, const RowKey& key) {
  Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  return sql_result([&]() -> Result<StoredRow> {
    Statement& statement = table->prepared(table->read_row, *database_, [&] {
      return table->selection() + " WHERE _part = ? AND _key = ?";
    });
    statement.start(std::int64_t{key.partition}, span_of(key.key));
    if (!statement.step()) return StoredRow{.at = key};
    StoredRow row = table->row_at(statement);
    statement.reset();
    return row;
  });
}

Result<Version> RowStore::version(std::string_view name, const RowKey& key) {
  Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  return sql_result([&]() -> Result<Version> {
    Statement& statement = table->prepared(table->read_version, *database_, [&] {
      return "SELECT _version FROM " + table->physical + " WHERE _part = ? AND _key = ?";
    });
    statement.start(std::int64_t{key.partition}, span_of(key.key));
    if (!statement.step()) return Version{};
    const Version version = decode_version(statement.blob(0));
    statement.reset();
    return version;
  });
}

Result<std::vector<StoredRow>> RowStore::scan(const ScanRows& range) {
  const Table* table = find(range.table);
  if (table == nullptr) return unknown_table(range.table);
  return sql_result([&]() -> Result<std::vector<StoredRow>> {
    Statement statement{*database_, table->selection() + " WHERE _part = ? AND _key >= ?" +
                                        (range.to.empty() ? "" : " AND _key < ?3") +
                                        " ORDER BY _key"};
    statement.start(std::int64_t{range.partition}, span_of(range.from));
    if (!range.to.empty()) statement.bind(3, span_of(range.to));
    std::vector<StoredRow> rows;
    std::size_t bytes = 0;
    while (rows.size() < std::min<std::size_t>(range.limit, most_rows_a_message) &&
           bytes < most_bytes_a_message && statement.step()) {
      rows.push_back(table->row_at(statement));
      bytes += encoded_size(rows.back());
    }
    return rows;
  });
}

void RowStore::put(Table& table, const StoredRow& row, const Version& before) {
  if (replacing_) replacing_(table.schema.name, row.at);
  const std::size_t columns = table.schema.columns.size();
  Statement& statement = table.prepared(table.write_row, *database_, [&] {
    std::string sql = "INSERT OR REPLACE INTO " + table.physical + " VALUES (?, ?, ?, ?, ?";
    for (std::size_t i = 0; i < columns; ++i) sql += ", ?";
    return sql + ")";
  });
  const Blob version = encode_version(row.version);
  statement.start(std::int64_t{row.at.partition}, span_of(row.at.key),
                  std::span<const std::byte>{version}, !row.values.has_value(), sum_of(row));
  for (std::size_t i = 0; i < columns; ++i)
    bind_value(statement, static_cast<int>(i) + 6, row.values ? (*row.values)[i] : Value{});
  statement.step();
  RowsDigest& digest = table.digests[row.at.partition];
  if (before != Version{}) exclude(digest, row.at.key, before);
  include(digest, row.at.key, row.version);
}

Result<Done> RowStore::write(std::string_view name, const StoredRow& row) {
  Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  const Result<Version> before = version(name, row.at);
  if (!before) return before.error();
  if (!(*before < row.version)) return Done{};
  return sql_result([&]() -> Result<Done> {
    const bool is_cas = table->schema.kind == TableKind::cas;
    if (is_cas && row.version < highest(*table, row.at, *before)) return Done{};
    put(*table, row, *before);
    return Done{};
  });
}

Version RowStore::highest(Table& table, const RowKey& key, const Version& accepted) {
  Statement& statement = table.prepared(table.read_promise, *database_, [] {
    return "SELECT ballot FROM promises WHERE name = ? AND _key = ?";
  });
  statement.start(table.schema.name, span_of(key.key));
  if (!statement.step()) return accepted;
  const Version promised = decode_version(statement.blob(0));
  statement.reset();
  return std::max(promised, accepted);
}

Result<PrepareRow::Answer> RowStore::promise(std::string_view name, const RowKey& key,
                                             const Version& ballot) {
  Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  Result<StoredRow> accepted = read(name, key);
  if (!accepted) return accepted.error();
  return sql_result([&]() -> Result<PrepareRow::Answer> {
    const Version before = highest(*table, key, accepted->version);
    if (!(before < ballot))
      return PrepareRow::Answer{.promised = false, .highest = before, .accepted = {}};
    Statement& statement = table->prepared(table->write_promise, *database_, [] {
      return "INSERT OR REPLACE INTO promises VALUES (?, ?, ?, ?)";
    });
    const Blob bytes = encode_version(ballot);
    statement.run(table->schema.name, span_of(key.key), std::int64_t{key.partition},
                  std::span<const std::byte>{bytes});
    return PrepareRow::Answer{
        .promised = true, .highest = before, .accepted = std::move(*accepted)};
  });
}

Result<AcceptRow::Answer> RowStore::accept(std::string_view name, const StoredRow& row) {
  Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  const Result<Version> before = version(name, row.at);
  if (!before) return before.error();
  return sql_result([&]() -> Result<AcceptRow::Answer> {
    const Version bound = highest(*table, row.at, *before);
    if (row.version < bound) return AcceptRow::Answer{.accepted = false, .highest = bound};
    if (*before < row.version) put(*table, row, *before);
    Statement& statement = table->prepared(table->drop_promise, *database_, [] {
      return "DELETE FROM promises WHERE name = ? AND _key = ?";
    });
    statement.run(table->schema.name, span_of(row.at.key));
    return AcceptRow::Answer{.accepted = true, .highest = row.version};
  });
}

Result<Done> RowStore::forget(const ForgetErased& erased) {
  Table* table = find(erased.table);
  if (table == nullptr) return unknown_table(erased.table);
  return sql_result([&]() -> Result<Done> {
    Statement& statement = table->prepared(table->drop_row, *database_, [&] {
      return "DELETE FROM " + table->physical +
             " WHERE _part = ? AND _key = ? AND _version = ? AND _dead = 1";
    });
    for (const auto& [key, version] : erased.erased) {
      const Blob bytes = encode_version(version);
      statement.run(std::int64_t{erased.partition}, span_of(key),
                    std::span<const std::byte>{bytes});
      if (sqlite3_changes(database_->handle()) > 0)
        exclude(table->digests[erased.partition], key, version);
    }
    return Done{};
  });
}

RowStore::Batch::Batch(RowStore& store)
    : store_(store),
      transaction_(std::make_unique<Transaction>(*store.database_, Transaction::Kind::write)) {}

// What was counted of a batch that is undone is counted anew.
RowStore::Batch::~Batch() {
  if (transaction_ == nullptr) return;
  transaction_.reset();
  static_cast<void>(store_.recount().has_value());  // what is damaged shows at the next use, too
}

Result<Done> RowStore::Batch::commit() {
  return sql_result([&]() -> Result<Done> {
    transaction_->commit();
    transaction_.reset();
    return Done{};
  });
}

}  // namespace evenkeel

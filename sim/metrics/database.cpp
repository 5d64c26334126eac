#include "sim/metrics/database.h"

#include <sqlite3.h>

#include <cmath>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

constexpr int wait_ms = 30'000;
constexpr int longest_value = 64 << 20;  // bytes; far above anything we write

/// A hot journal left by a kill must be rolled back, so even a reader asks for write access first.
int open_file(const std::string& path, Database::Mode mode, sqlite3** handle) {
  if (mode == Database::Mode::write) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    return sqlite3_open_v2(path.c_str(), handle, flags, nullptr);
  }
  const int code = sqlite3_open_v2(path.c_str(), handle, SQLITE_OPEN_READWRITE, nullptr);
  if (code == SQLITE_OK) return code;
  sqlite3_close(*handle);
  return sqlite3_open_v2(path.c_str(), handle, SQLITE_OPEN_READONLY, nullptr);
}

/// Nothing in a hostile file may act: no triggers, views or functions beyond SQLite's own.
void harden(sqlite3* handle) {
  sqlite3_busy_timeout(handle, wait_ms);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest_value);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const std::string& path, Mode mode) : path_(path) {
  sqlite3* handle = nullptr;
  const int code = open_file(path, mode, &handle);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code);
  harden(handle);
  execute("PRAGMA cell_size_check = ON");
  if (mode == Mode::read) execute("PRAGMA query_only = ON");
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::number(const std::string& sql) const {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Database::fail(int code) const {
  const std::string why = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      throw UserError({.file = path_}, "the result file is damaged: " + why);
    case SQLITE_NOTADB:
      throw UserError({.file = path_}, "this is not a result file: " + why);
    case SQLITE_CANTOPEN:
      throw UserError({.file = path_}, "cannot open the result file: " + why);
    case SQLITE_BUSY:
      throw UserError({.file = path_}, "another process holds the result file: " + why);
    default:
      throw UserError({.file = path_}, "cannot use the result file: " + why);
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement,
                           nullptr));
  statement_.reset(statement);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_.fail(code);
  if (code == SQLITE_DONE) reset();
  return code == SQLITE_ROW;
}

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return is_null(column) ? std::nan("") : sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
  if (!bytes) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string Statement::bytes(int column) const {
  const auto raw = [](auto value) {
    const auto* first = reinterpret_cast<const char*>(&value);
    return std::string(first, sizeof value);
  };
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_INTEGER:
      return raw(integer(column));
    case SQLITE_FLOAT:
      return raw(real(column));
    default:
      return text(column);
  }
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

void Statement::bind(int position, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), position, value));
}

void Statement::bind(int position, double value) {
  check(sqlite3_bind_double(statement_.get(), position, value));
}

void Statement::bind(int position, std::string_view value) {
  const char* bytes = value.empty() ? "" : value.data();  // a null pointer would bind NULL
  check(sqlite3_bind_text(statement_.get(), position, bytes, static_cast<int>(value.size()),
                          SQLITE_TRANSIENT));
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail(code);
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  database_.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace evenkeel

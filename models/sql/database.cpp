#include "models/sql/database.h"

#include <sqlite3.h>

#include <cmath>

#include "models/runtime/check.h"
#include "models/sql/sqlite_setup.h"

namespace evenkeel {
namespace {

constexpr int wait_ms = 30'000;
// A lock for each column of each row costs as much as reading it.
constexpr int used_by_one_thread = SQLITE_OPEN_NOMUTEX;

/// A hot journal left by a kill must be rolled back, so even a reader asks for write access first.
int open_file(const std::string& path, Database::Mode mode, sqlite3** handle) {
  if (mode == Database::Mode::write) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | used_by_one_thread;
    return sqlite3_open_v2(path.c_str(), handle, flags, nullptr);
  }
  const int code =
      sqlite3_open_v2(path.c_str(), handle, SQLITE_OPEN_READWRITE | used_by_one_thread, nullptr);
  if (code == SQLITE_OK) return code;
  sqlite3_close(*handle);
  return sqlite3_open_v2(path.c_str(), handle, SQLITE_OPEN_READONLY | used_by_one_thread, nullptr);
}

class Call {
 public:
  explicit Call(const Database& database) : ground_(database.ground()) {
    if (ground_ != nullptr) ground_->enter();
  }
  ~Call() {
    if (ground_ != nullptr) ground_->leave();
  }
  Call(const Call&) = delete;

 private:
  SqlGround* ground_;
};

SqlError said(sqlite3* handle, int code) {
  return {code, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code)};
}

}  // namespace

Database::Database(const std::string& path, Mode mode) : path_(path) {
  set_up_sqlite();
  const auto opened = [&](int code) {
    if (code == SQLITE_OK) return;
    const SqlError error = said(handle_, code);
    sqlite3_close(handle_);
    throw error;
  };
  const auto run = [&](const char* sql) {
    opened(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
  };
  opened(open_file(path, mode, &handle_));
  sqlite3_busy_timeout(handle_, wait_ms);
  harden_sqlite(handle_);
  run("PRAGMA cell_size_check = ON");
  if (mode == Mode::read) run("PRAGMA query_only = ON");
}

Database::Database(sqlite3* handle, std::string path, std::unique_ptr<SqlGround> ground)
    : path_(std::move(path)), ground_(std::move(ground)), handle_(handle) {}

Database::~Database() {
  if (ground_ != nullptr) ground_->close();
  const int code = sqlite3_close(handle_);
  EVENKEEL_CHECK(code == SQLITE_OK, "a statement outlives its database");
}

void Database::execute(const std::string& sql) {
  const Call call{*this};
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::number(const std::string& sql) const {
  Statement statement(*this, sql, Statement::Use::once);
  return statement.step() ? statement.integer(0) : 0;
}

void Database::fail(int code) const { throw said(handle_, code); }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(const Database& database, std::string_view sql, Use use)
    : database_(database) {
  const Call call{database};
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                           use == Use::kept ? SQLITE_PREPARE_PERSISTENT : 0, &statement, nullptr));
  statement_.reset(statement);
}

bool Statement::step() {
  const Call call{database_};
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const SqlError error = said(database_.handle(), code);
    reset();
    throw error;
  }
  reset();
  return false;
}

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

std::string Statement::name(int column) const {
  const char* name = sqlite3_column_name(statement_.get(), column);
  return name != nullptr ? name : "";
}

int Statement::type(int column) const { return sqlite3_column_type(statement_.get(), column); }

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

std::span<const std::byte> Statement::view(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(size)};
}

Blob Statement::blob(int column) const {
  const std::span<const std::byte> bytes = view(column);
  return {bytes.begin(), bytes.end()};
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

// What the last step() could not do was thrown by it.
void Statement::reset() { sqlite3_reset(statement_.get()); }

void Statement::bind_null(int position) { check(sqlite3_bind_null(statement_.get(), position)); }

void Statement::bind(int position, std::span<const std::byte> value) {
  const void* bytes = value.empty() ? static_cast<const void*>("") : value.data();
  check(sqlite3_bind_blob64(statement_.get(), position, bytes, value.size(), SQLITE_TRANSIENT));
}

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

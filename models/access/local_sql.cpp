#include "models/access/local_sql.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "models/sql/sqlite_setup.h"

namespace evenkeel {
namespace {

constexpr int steps_a_check = 1000;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

// Aggregates live in memory that SQLite zeroes.
struct Moments {
  double count;
  double mean;
  double m2;

  void add(double value) {
    count += 1;
    const double delta = value - mean;
    mean += delta / count;
    m2 += delta * (value - mean);
  }
  void merge(const Moments& other) {
    if (other.count <= 0) return;
    const double all = count + other.count;
    const double delta = other.mean - mean;
    mean += delta * other.count / all;
    m2 += other.m2 + delta * delta * count * other.count / all;
    count = all;
  }
};

Moments* moments_of(sqlite3_context* context, int size) {
  return static_cast<Moments*>(sqlite3_aggregate_context(context, size));
}

void add_value(sqlite3_context* context, int, sqlite3_value** arguments) {
  Moments* moments = moments_of(context, sizeof(Moments));
  if (moments != nullptr && sqlite3_value_type(arguments[0]) != SQLITE_NULL)
    moments->add(sqlite3_value_double(arguments[0]));
}

void add_moments(sqlite3_context* context, int, sqlite3_value** arguments) {
  Moments* moments = moments_of(context, sizeof(Moments));
  if (moments == nullptr) return;
  moments->merge({sqlite3_value_double(arguments[0]), sqlite3_value_double(arguments[1]),
                  sqlite3_value_double(arguments[2])});
}

void give_m2(sqlite3_context* context) {
  const Moments* moments = moments_of(context, 0);
  sqlite3_result_double(context, moments == nullptr ? 0 : moments->m2);
}

void give_variance(sqlite3_context* context) {
  const Moments* moments = moments_of(context, 0);
  if (moments == nullptr || moments->count < 2) return sqlite3_result_null(context);
  sqlite3_result_double(context, moments->m2 / (moments->count - 1));
}

void give_stddev(sqlite3_context* context) {
  const Moments* moments = moments_of(context, 0);
  if (moments == nullptr || moments->count < 2) return sqlite3_result_null(context);
  sqlite3_result_double(context, std::sqrt(moments->m2 / (moments->count - 1)));
}

struct Allowed {
  const std::vector<std::string>& tables;
};

constexpr std::array<std::string_view, 19> functions = {"abs",
                                                        "round",
                                                        "length",
                                                        "lower",
                                                        "upper",
                                                        "coalesce",
                                                        "count",
                                                        "sum",
                                                        "total",
                                                        "avg",
                                                        "min",
                                                        "max",
                                                        "like",
                                                        "variance",
                                                        "stddev",
                                                        "evenkeel_m2",
                                                        "evenkeel_variance",
                                                        "evenkeel_stddev",
                                                        "ifnull"};

int authorize(void* context, int action, const char* first, const char* second, const char*,
              const char*) {
  const Allowed& allowed = *static_cast<const Allowed*>(context);
  const auto is_in = [](const auto& list, const char* name) {
    return name != nullptr && std::ranges::find(list, std::string_view{name}) != list.end();
  };
  if (action == SQLITE_SELECT) return SQLITE_OK;
  if (action == SQLITE_READ) return is_in(allowed.tables, first) ? SQLITE_OK : SQLITE_DENY;
  if (action == SQLITE_FUNCTION) return is_in(functions, second) ? SQLITE_OK : SQLITE_DENY;
  return SQLITE_DENY;
}

struct Budget {
  std::uint64_t left = 0;
};

int spend(void* context) {
  Budget& budget = *static_cast<Budget*>(context);
  if (budget.left < steps_a_check) return 1;
  budget.left -= steps_a_check;
  return 0;
}

// Sets what watches over the connection, and takes it away again.
class Watched {
 public:
  Watched(sqlite3* connection, Allowed& allowed, Budget& budget) : connection_(connection) {
    sqlite3_set_authorizer(connection, authorize, &allowed);
    sqlite3_progress_handler(connection, steps_a_check, spend, &budget);
  }
  ~Watched() {
    sqlite3_set_authorizer(connection_, nullptr, nullptr);
    sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
  }
  Watched(const Watched&) = delete;

 private:
  sqlite3* connection_;
};

Error error_of(sqlite3* connection, int code, const SqlLimits& limits) {
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:
      return {ErrorCode::full, "the query takes more than " + std::to_string(limits.steps) +
                                   " steps on a node; narrow it by WHERE on the key"};
    case SQLITE_AUTH:
      return {ErrorCode::denied, "the query reads what it may not read"};
    case SQLITE_CORRUPT:
    case SQLITE_IOERR:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
      return {ErrorCode::disk, sqlite3_errmsg(connection)};
    case SQLITE_NOMEM:
    case SQLITE_FULL:
      return {ErrorCode::full, sqlite3_errmsg(connection)};
    default:
      return {ErrorCode::invalid, sqlite3_errmsg(connection)};
  }
}

void bind_one(sqlite3_stmt* statement, int position, const Value& value) {
  switch (value.index()) {
    case 0:
      sqlite3_bind_null(statement, position);
      return;
    case 1:
      sqlite3_bind_int64(statement, position, std::get<std::int64_t>(value));
      return;
    case 2:
      sqlite3_bind_double(statement, position, std::get<double>(value));
      return;
    case 3: {
      const std::string& text = std::get<std::string>(value);
      sqlite3_bind_text64(statement, position, text.c_str(), text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8);
      return;
    }
    default: {
      const Blob& blob = std::get<Blob>(value);
      if (blob.empty()) {
        sqlite3_bind_zeroblob(statement, position, 0);
      } else {
        sqlite3_bind_blob64(statement, position, blob.data(), blob.size(), SQLITE_TRANSIENT);
      }
    }
  }
}

Value value_at(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      const int size = sqlite3_column_bytes(statement, column);
      return std::string{text == nullptr ? "" : text, static_cast<std::size_t>(size)};
    }
    default: {
      const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement, column));
      const int size = sqlite3_column_bytes(statement, column);
      return size == 0 ? Blob{} : Blob{bytes, bytes + size};
    }
  }
}

Row row_at(sqlite3_stmt* statement) {
  Row row;
  const int columns = sqlite3_column_count(statement);
  row.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) row.push_back(value_at(statement, i));
  return row;
}

std::unique_ptr<sqlite3, CloseSqlite> in_memory() {
  set_up_sqlite();
  sqlite3* connection = nullptr;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(":memory:", &connection, flags, nullptr);
  std::unique_ptr<sqlite3, CloseSqlite> opened{connection};
  EVENKEEL_CHECK(code == SQLITE_OK, "SQLite opens no database in memory");
  add_sql_functions(connection);
  return opened;
}

void must_run(sqlite3* connection, const std::string& sql) {
  EVENKEEL_CHECK(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
                 "SQLite makes no table in memory");
}

Prepared prepare_insert(sqlite3* connection, const std::string& table, std::size_t columns) {
  std::string sql = "INSERT INTO " + table + " VALUES (";
  for (std::size_t i = 0; i < columns; ++i) sql += i == 0 ? "?" : ", ?";
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(connection, (sql + ")").c_str(), -1, &raw, nullptr);
  Prepared statement{raw};
  EVENKEEL_CHECK(code == SQLITE_OK, "SQLite adds no rows in memory");
  return statement;
}

Result<Done> insert(sqlite3* connection, sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) return error_of(connection, SQLITE_FULL, {});
  sqlite3_reset(statement);
  return Done{};
}

}  // namespace

void add_sql_functions(sqlite3* connection) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  const auto add = [&](const char* name, int arguments, auto* step, auto* give) {
    sqlite3_create_function_v2(connection, name, arguments, flags, nullptr, nullptr, step, give,
                               nullptr);
  };
  add("variance", 1, add_value, give_variance);
  add("stddev", 1, add_value, give_stddev);
  add("evenkeel_m2", 1, add_value, give_m2);
  add("evenkeel_variance", 3, add_moments, give_variance);
  add("evenkeel_stddev", 3, add_moments, give_stddev);
}

Result<SqlRows> run_select(sqlite3* connection, const BoundSql& sql,
                           const std::vector<std::string>& tables, const SqlLimits& limits) {
  Allowed allowed{tables};
  Budget budget{limits.steps};
  const Watched watched{connection, allowed, budget};
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(connection, sql.text.data(), static_cast<int>(sql.text.size()),
                                &raw, nullptr);
  const Prepared statement{raw};
  if (code != SQLITE_OK) return error_of(connection, code, limits);
  for (std::size_t i = 0; i < sql.values.size(); ++i)
    bind_one(raw, static_cast<int>(i) + 1, sql.values[i]);
  SqlRows found;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
    Row row = row_at(raw);
    const std::size_t size = encoded_size(row);
    if (found.rows.size() >= limits.rows || found.bytes + size > limits.bytes) {
      found.cut = true;
      break;
    }
    found.bytes += size;
    found.rows.push_back(std::move(row));
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) return error_of(connection, code, limits);
  found.steps = static_cast<std::uint64_t>(sqlite3_stmt_status(raw, SQLITE_STMTSTATUS_VM_STEP, 0));
  return found;
}

void CloseSqlite::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

PartialRows::PartialRows(std::size_t columns) : columns_(columns), connection_(in_memory()) {
  std::string sql = "CREATE TABLE partial (";
  for (std::size_t i = 0; i < columns; ++i) sql += (i == 0 ? "c" : ", c") + std::to_string(i);
  must_run(connection_.get(), sql + "); BEGIN");
}

Result<Done> PartialRows::add(const std::vector<Row>& rows) {
  const Prepared statement = prepare_insert(connection_.get(), "partial", columns_);
  for (const Row& row : rows) {
    if (row.size() != columns_)
      return Error{ErrorCode::malformed, "a node answered with other columns than asked for"};
    for (std::size_t i = 0; i < row.size(); ++i)
      bind_one(statement.get(), static_cast<int>(i) + 1, row[i]);
    if (const Result<Done> done = insert(connection_.get(), statement.get()); !done) return done;
  }
  return Done{};
}

Result<SqlRows> PartialRows::select(const BoundSql& sql, const SqlLimits& limits) const {
  return run_select(connection_.get(), sql, {"partial"}, limits);
}

RowsCopy::RowsCopy(TableSchema table) : table_(std::move(table)), connection_(in_memory()) {
  std::string sql = "CREATE TABLE " + quoted_sql_name("rows_" + table_.name) +
                    " (_part INTEGER, _key BLOB, _version BLOB, _dead INTEGER";
  for (const Column& column : table_.columns)
    sql += ", " + quoted_sql_name(column.name) + " " + std::string{to_string(column.type)};
  must_run(connection_.get(), sql + ", PRIMARY KEY (_part, _key)) WITHOUT ROWID; BEGIN");
}

Result<Done> RowsCopy::add(const std::vector<StoredRow>& rows) {
  const Prepared statement = prepare_insert(
      connection_.get(), quoted_sql_name("rows_" + table_.name), table_.columns.size() + 4);
  for (const StoredRow& row : rows) {
    if (!row.values) continue;
    sqlite3_bind_int64(statement.get(), 1, row.at.partition);
    bind_one(statement.get(), 2, blob_of(row.at.key));
    bind_one(statement.get(), 3, Blob{});
    sqlite3_bind_int64(statement.get(), 4, 0);
    for (std::size_t i = 0; i < row.values->size(); ++i)
      bind_one(statement.get(), static_cast<int>(i) + 5, (*row.values)[i]);
    if (const Result<Done> done = insert(connection_.get(), statement.get()); !done) return done;
  }
  return Done{};
}

Result<SqlRows> RowsCopy::select(const BoundSql& sql, const std::vector<std::string>& tables,
                                 const SqlLimits& limits) const {
  return run_select(connection_.get(), sql, tables, limits);
}

}  // namespace evenkeel

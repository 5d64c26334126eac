// SQLite behind three owning classes. Whatever SQLite refuses is thrown as an SqlError.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "models/runtime/blob.h"
#include "models/sql/sql_error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace evenkeel {

/// What a connection stands on: outlives it, and is told before each call into SQLite, and after.
class SqlGround {
 public:
  virtual ~SqlGround() = default;
  virtual void enter() = 0;
  virtual void leave() = 0;
  /// Nothing that the connection still does may change a file.
  virtual void close() = 0;
};

/// Outlives its statements and transactions; one thread at a time uses it and them.
class Database {
 public:
  enum class Mode { read, write };

  /// A file of the machine's. `write` creates it if there is none. Waits up to 30 s where another
  /// process writes.
  Database(const std::string& path, Mode mode);
  /// An open connection to `path`; `ground` may be null. Closing it then leaves the files as they
  /// are, as a crash would.
  Database(sqlite3* handle, std::string path, std::unique_ptr<SqlGround> ground);
  Database(Database&& other) = delete;
  ~Database();

  /// Runs statements that give no rows.
  void execute(const std::string& sql);
  /// The single number that a query gives; 0 if it gives none.
  std::int64_t number(const std::string& sql) const;

  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_; }
  SqlGround* ground() const { return ground_.get(); }
  /// Throws what SQLite has to say about its last call.
  [[noreturn]] void fail(int code) const;

 private:
  std::string path_;
  std::unique_ptr<SqlGround> ground_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement. NaN is written as NULL, and NULL read as NaN.
class Statement {
 public:
  enum class Use { once, kept };  // kept: prepared for many runs

  Statement(const Database& database, std::string_view sql, Use use = Use::kept);

  /// Binds all parameters in order and runs it once, for statements that give no rows.
  template <class... Values>
  void run(const Values&... values) {
    start(values...);
    step();
    reset();
  }
  /// Binds all parameters in order; then step() gives the rows.
  template <class... Values>
  void start(const Values&... values) {
    reset();
    int position = 0;
    (bind(++position, values), ...);
  }
  /// True: there is a row to read. After the last row, and after an error, it is reset.
  bool step();
  /// Lets go of the row it stands on. One left standing holds its transaction open.
  void reset();

  int columns() const;
  std::string name(int column) const;
  /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
  int type(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  Blob blob(int column) const;
  /// The same bytes without a copy, until the next step() or reset().
  std::span<const std::byte> view(int column) const;
  bool is_null(int column) const;
  /// The value's own bytes, whatever its type.
  std::string bytes(int column) const;

  /// Positions count from 1. Bytes are copied.
  void bind_null(int position);
  void bind(int position, std::int64_t value);
  void bind(int position, std::uint64_t value) { bind(position, static_cast<std::int64_t>(value)); }
  void bind(int position, std::uint32_t value) { bind(position, std::int64_t{value}); }
  void bind(int position, int value) { bind(position, std::int64_t{value}); }
  void bind(int position, bool value) { bind(position, std::int64_t{value}); }
  void bind(int position, double value);
  void bind(int position, std::string_view value);
  void bind(int position, const std::string& value) { bind(position, std::string_view(value)); }
  void bind(int position, const char* value) { bind(position, std::string_view(value)); }
  void bind(int position, std::span<const std::byte> value);
  void bind(int position, const Blob& value) { bind(position, std::span<const std::byte>(value)); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void check(int code) const;

  const Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// All or nothing: undone unless committed.
class Transaction {
 public:
  enum class Kind { read, write };

  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  /// If it throws, the transaction is undone by the destructor.
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace evenkeel

// SQLite behind two owning classes. Whatever SQLite refuses becomes a UserError that names the
// file: the file came from outside, and may be anything.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace evenkeel {

class Database {
 public:
  enum class Mode { read, write };

  /// `write` creates the file if there is none. Waits up to 30 s where another process writes.
  Database(const std::string& path, Mode mode);

  /// Runs statements that give no rows.
  void execute(const std::string& sql);
  /// The single number that a query gives; 0 if it gives none.
  std::int64_t number(const std::string& sql) const;

  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_.get(); }
  /// Throws what SQLite has to say about its last call.
  [[noreturn]] void fail(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement. NaN is written as NULL, and NULL read as NaN.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  /// Binds all parameters in order and runs it once, for statements that give no rows.
  template <class... Values>
  void run(const Values&... values) {
    start(values...);
    step();
  }
  /// Binds all parameters in order; then step() gives the rows.
  template <class... Values>
  void start(const Values&... values) {
    reset();
    int position = 0;
    (bind(++position, values), ...);
  }
  /// True: there is a row to read.
  bool step();

  int columns() const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;
  /// The value's own bytes, whatever its type.
  std::string bytes(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void reset();
  void bind(int position, std::int64_t value);
  void bind(int position, std::uint64_t value) { bind(position, static_cast<std::int64_t>(value)); }
  void bind(int position, int value) { bind(position, std::int64_t{value}); }
  void bind(int position, bool value) { bind(position, std::int64_t{value}); }
  void bind(int position, double value);
  void bind(int position, std::string_view value);
  void bind(int position, const std::string& value) { bind(position, std::string_view(value)); }
  void bind(int position, const char* value) { bind(position, std::string_view(value)); }
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
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace evenkeel

// SELECTs on one SQLite connection, within limits, and the aggregates that SQLite lacks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/access/sql_writer.h"

struct sqlite3;

namespace evenkeel {

struct CloseSqlite {
  void operator()(sqlite3* connection) const;
};

struct SqlLimits {
  std::uint64_t steps = 100'000'000;  // of SQLite's virtual machine
  std::size_t rows = 1'000'000;
  std::size_t bytes = 64 << 20;  // of the answer, as on the wire
};

struct SqlRows {
  std::vector<Row> rows = {};
  std::size_t bytes = 0;
  std::uint64_t steps = 0;  // that it took
  bool cut = false;         // there are more rows than the limits allow
};

/// variance(x), stddev(x): of a sample, one pass (Welford 1962).
/// evenkeel_m2(x): the sum of squared deviations from the mean.
/// evenkeel_variance(count, mean, m2), evenkeel_stddev(count, mean, m2): of all that the rows
/// summarise (Chan, Golub & LeVeque 1979, equations 2.1).
void add_sql_functions(sqlite3* connection);

/// Reads the tables named, and nothing else. ErrorCode::full: it took too many steps;
/// ErrorCode::denied: another table; ErrorCode::disk: the file is damaged; ErrorCode::invalid:
/// whatever SQLite says, such as an overflow. Whatever authorizer or progress handler the
/// connection had is gone.
Result<SqlRows> run_select(sqlite3* connection, const BoundSql& sql,
                           const std::vector<std::string>& tables, const SqlLimits& limits);

/// A database in memory with one table, `partial`, of columns c0, c1, ...
class PartialRows {
 public:
  explicit PartialRows(std::size_t columns);

  /// ErrorCode::malformed if a row has another number of values.
  Result<Done> add(const std::vector<Row>& rows);
  Result<SqlRows> select(const BoundSql& sql, const SqlLimits& limits) const;

 private:
  std::size_t columns_;
  std::unique_ptr<sqlite3, CloseSqlite> connection_;
};

/// A table's rows as a replica keeps them, in memory.
class RowsCopy {
 public:
  explicit RowsCopy(TableSchema table);

  Result<Done> add(const std::vector<StoredRow>& rows);
  Result<SqlRows> select(const BoundSql& sql, const std::vector<std::string>& tables,
                         const SqlLimits& limits) const;

 private:
  TableSchema table_;
  std::unique_ptr<sqlite3, CloseSqlite> connection_;
};

}  // namespace evenkeel

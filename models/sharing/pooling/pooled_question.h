// A question about a pool: what SQL asks of all its tables together, what each owner asks of its
// own for it, the numbers that go into the computation, and the answer that comes of what it tells.
//
//   SELECT zone, count(*), avg(watts) FROM pool WHERE zone IN (1, 2) AND at > 17 GROUP BY zone
//
// Aggregates: count, sum, avg. Which groups there are must follow from the question, not from the
// rows: each column of GROUP BY is compared with constants in WHERE, by = or IN.
#pragma once

#include <span>
#include <vector>

#include "models/access/access.h"
#include "models/sharing/pooling/pooled_shape.h"

namespace evenkeel {

class PooledQuestion {
 public:
  /// `table`: the columns that the pool's tables have. ErrorCode::invalid, "line:column: ...";
  /// ErrorCode::denied: the pool does not tell such things, and what it tells.
  static Result<PooledQuestion> read(const Pool& pool, TableSchema table, const std::string& sql,
                                     std::vector<Value> parameters);

  /// Ascending, each once: columns and aggregates that are named.
  std::vector<std::string> columns() const;
  std::vector<std::string> aggregates() const;
  /// What is entered of an owner's rows: three numbers for each group and aggregated column.
  std::size_t numbers() const { return shape_.numbers(); }
  /// Of differential privacy, that an answer costs each owner: groups have no row in common.
  double epsilon() const { return epsilon_ * static_cast<double>(shape_.subjects.size()); }

  /// What an owner asks of its own table, of rows for which the filter holds, too.
  std::string own_sql(const std::string& table, const std::string& row_filter) const;
  /// The numbers that it enters, from the answer. ErrorCode::full: more rows than the pool takes.
  Result<std::vector<double>> numbers_of(const std::vector<Row>& answer) const {
    return shape_.entered(answer, pool_->most_rows);
  }
  /// The answer, from the two numbers told of each group and aggregated column.
  /// ErrorCode::denied: every group is too small.
  Result<QueryResult> answer(std::span<const double> told, const SqlLimits& limits) const;

 private:
  PooledQuestion(QueryPlan plan, const Pool& pool) : plan_(std::move(plan)), pool_(&pool) {}
  Result<Done> read_subjects();
  Result<Done> read_groups();

  QueryPlan plan_;
  const Pool* pool_;
  double epsilon_ = 0;
  PooledShape shape_;
};

}  // namespace evenkeel

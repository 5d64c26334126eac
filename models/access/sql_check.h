// Whether a query fits the tables it names: columns, types, aggregates. What comes out has every
// name resolved, so that nothing later can fail for want of one.
#pragma once

#include <functional>
#include <span>

#include "models/access/query.h"

namespace evenkeel {

/// A query with `*` and aliases replaced by what they stand for; every item has the name of its
/// column in the answer as alias.
struct CheckedQuery {
  Query query = {};
  std::vector<TableSchema> tables = {};  // as query.from
  std::vector<Value> parameters = {};
  std::vector<Expression> aggregates = {};  // calls, each once
  bool aggregated = false;                  // GROUP BY, or aggregates: rows become groups
  std::optional<std::uint64_t> limit = {};
  std::uint64_t offset = 0;
};

/// Tables by name; null if there is none.
using FindTable = std::function<const TableSchema*(std::string_view)>;

/// Functions: abs(x), round(x [, digits]), length(text or blob), lower(text), upper(text),
/// coalesce(x, y, ...); aggregates: count(*), count(x), sum(x), avg(x), min(x), max(x), variance(x)
/// and stddev(x) (of a sample: divided by n - 1; null below two values).
///
/// ErrorCode::invalid: "line:column: ...", with the nearest name for a misspelt one;
/// ErrorCode::not_found: an unknown table. `all` are the names of all tables, for suggestions.
Result<CheckedQuery> check_query(Query query, const FindTable& find, std::vector<std::string> all,
                                 std::vector<Value> parameters);
/// A condition on one table's columns.
Result<Expression> check_condition(Expression condition, const TableSchema& table);

/// A value that does not depend on a row: a literal, a parameter, or one of these negated.
std::optional<Value> constant(const Expression& expression, std::span<const Value> parameters);
/// The parts that AND puts together.
std::vector<const Expression*> conjuncts(const std::optional<Expression>& condition);
/// Calls `visit` with every part of the expression, the whole first, until it says false for one,
/// whose parts are then left out.
void visit_parts(const Expression& expression, const std::function<bool(const Expression&)>& visit);

}  // namespace evenkeel

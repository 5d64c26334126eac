// A small SQL, read by recursive descent. What is accepted means in SQLite what it means here.
//
//   [EXPLAIN] SELECT item [AS name], ... FROM table [AS name] [JOIN table [AS name] ON a = b AND
//   ...] [WHERE condition] [GROUP BY expression, ...] [HAVING condition] [ORDER BY expression [ASC
//   | DESC], ...] [LIMIT number [OFFSET number]]
//
// Expressions, from loose to tight: OR; AND; NOT; = == <> != IS [NOT] NULL, [NOT] IN (...),
// [NOT] BETWEEN .. AND .., [NOT] LIKE; < <= > >=; + -; * / %; ||; -x +x. Functions: sql_check.h.
// `?` is a parameter.
#pragma once

#include <string_view>

#include "models/access/query.h"

namespace evenkeel {

/// Expressions are nested at most so deep, and a query has at most so many parts.
inline constexpr std::size_t deepest_sql = 50;
inline constexpr std::size_t most_sql_parts = 800;
inline constexpr std::uint32_t most_sql_parameters = 200;

/// ErrorCode::invalid: "line:column: what is wrong, and what would be right".
Result<Query> parse_sql(std::string_view text);
/// A condition alone: for filters that a grant adds.
Result<Expression> parse_condition(std::string_view text);

}  // namespace evenkeel

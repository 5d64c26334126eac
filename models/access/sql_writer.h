// Queries as text again: as a user would write them, and as SQLite is given them. What SQLite is
// given holds quoted names, operators and functions of our own lists, and numbered parameters: no
// value ever becomes SQL.
#pragma once

#include <functional>
#include <string>

#include "models/access/query.h"

namespace evenkeel {

/// As a user would write it; read again it is the same expression.
std::string sql_text(const Expression& expression);
std::string sql_text(const Query& query);
std::string sql_text(const Value& value);

/// SQL for SQLite, and the values of its parameters ?1, ?2, ...
struct BoundSql {
  std::string text = {};
  std::vector<Value> values = {};

  /// Adds a parameter with this value.
  void bind(Value value) {
    values.push_back(std::move(value));
    text += "?" + std::to_string(values.size());
  }
};

/// Writes a checked expression. `replace` may write something else for a part of it and say true.
struct BoundWriter {
  BoundSql& sql;
  const std::vector<Value>& parameters;
  std::function<bool(const Expression&)> replace = {};
  /// Of a column, in the tables' order.
  std::function<std::string(const Expression&)> column = {};

  void write(const Expression& expression);
};

/// "name", so that SQLite takes it for a name.
std::string quoted_sql_name(std::string_view name);

/// Whether two checked expressions are the same.
bool same_expression(const Expression& a, const Expression& b);

}  // namespace evenkeel

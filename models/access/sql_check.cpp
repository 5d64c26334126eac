#include "models/access/sql_check.h"

#include <algorithm>
#include <limits>

#include "models/access/sql_functions.h"
#include "models/access/sql_lexer.h"
#include "models/access/sql_refusal.h"
#include "models/access/sql_types.h"
#include "models/access/sql_writer.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t most_parts_checked = 5000;  // aliases may multiply them

class Checker {
 public:
  explicit Checker(CheckedQuery& checked) : checked_(checked), query_(checked.query) {}

  void run() {
    expand_stars();
    for (SelectItem& item : query_.items) resolve(item.what, Names::columns);
    for (SelectItem& item : query_.items) check_types(item.what, checked_);
    check_aliases();
    if (query_.on) check_on();
    if (query_.where) {
      resolve(*query_.where, Names::columns_then_aliases);
      refuse_aggregates(*query_.where, "WHERE", "; use HAVING");
      check_types(*query_.where, checked_);
    }
    for (Expression& group : query_.group_by) {
      by_position(group, "GROUP BY");
      resolve(group, Names::columns_then_aliases);
      refuse_aggregates(group, "GROUP BY", "");
      check_types(group, checked_);
    }
    if (query_.having) {
      resolve(*query_.having, Names::columns_then_aliases);
      check_types(*query_.having, checked_);
    }
    for (OrderItem& order : query_.order_by) {
      by_position(order.by, "ORDER BY");
      resolve(order.by, Names::aliases_then_columns);
      check_types(order.by, checked_);
    }
    check_groups();
    checked_.limit = row_count(query_.limit, "LIMIT");
    checked_.offset = row_count(query_.offset, "OFFSET").value_or(0);
    for (SelectItem& item : query_.items)
      if (item.alias.empty())
        item.alias = item.what.kind == Kind::column ? item.what.name : sql_text(item.what);
  }

  void check_filter(Expression& filter) {
    resolve(filter, Names::columns);
    refuse_aggregates(filter, "a filter", "");
    check_types(filter, checked_);
  }

 private:
  enum class Names { columns, columns_then_aliases, aliases_then_columns };

  std::uint32_t table_named(const Expression& column) const {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < query_.from.size(); ++i) {
      if (same_name(query_.from[i].alias, column.qualifier)) return i;
      names.push_back(query_.from[i].alias);
    }
    refuse(column,
           "no table '" + column.qualifier + "' in FROM" + sql_suggestion(column.qualifier, names));
  }

  void expand_stars() {
    std::vector<SelectItem> items;
    for (SelectItem& item : query_.items) {
      if (item.what.kind != Kind::star) {
        items.push_back(std::move(item));
        continue;
      }
      const bool one = !item.what.qualifier.empty();
      const std::uint32_t only = one ? table_named(item.what) : 0;
      for (std::uint32_t t = 0; t < query_.from.size(); ++t)
        for (const Column& column : checked_.tables[t].columns) {
          if (one && t != only) continue;
          SelectItem& added = items.emplace_back();
          added.what.kind = Kind::column;
          added.what.at = item.what.at;
          added.what.qualifier = query_.from[t].alias;
          added.what.name = column.name;
        }
    }
    query_.items = std::move(items);
    if (query_.items.size() > 1000) refuse(query_.items[0].what, "more than 1000 columns");
  }

  // Aliases that stand for different things cannot be told apart where they are used.
  void check_aliases() const {
    for (const SelectItem& item : query_.items)
      for (const SelectItem& other : query_.items)
        if (!item.alias.empty() && &item != &other && same_name(item.alias, other.alias))
          refuse(other.what, "two columns of the answer are called '" + item.alias +
                                 "'; give one another name");
  }

  bool resolve_column(Expression& column) const {
    std::optional<Expression> found;
    for (std::uint32_t t = 0; t < query_.from.size(); ++t) {
      if (!column.qualifier.empty() && table_named(column) != t) continue;
      const std::vector<Column>& columns = checked_.tables[t].columns;
      for (std::uint32_t c = 0; c < columns.size(); ++c) {
        if (!same_name(columns[c].name, column.name)) continue;
        if (found)
          refuse(column, "'" + column.name + "' is in both tables; write " +
                             query_.from[found->table].alias + "." + column.name + " or " +
                             query_.from[t].alias + "." + column.name);
        found = column;
        found->name = columns[c].name;
        found->table = t;
        found->number = c;
      }
    }
    if (found) column = std::move(*found);
    return found.has_value();
  }

  bool resolve_alias(Expression& name) {
    if (!name.qualifier.empty()) return false;
    for (const SelectItem& item : query_.items) {
      if (item.alias.empty() || !same_name(item.alias, name.name)) continue;
      name = item.what;
      visit_parts(name, [this](const Expression& part) {
        count(part);
        return true;
      });
      return true;
    }
    return false;
  }

  void count(const Expression& part) {
    if (++parts_ > most_parts_checked) refuse(part, "the query is too large");
  }

  void resolve(Expression& whole, Names names) {
    count(whole);
    if (whole.kind == Kind::star) refuse(whole, "'*' stands only in the list after SELECT");
    if (whole.kind == Kind::column) {
      if (names == Names::aliases_then_columns && resolve_alias(whole)) return;
      if (resolve_column(whole)) return;
      if (names == Names::columns_then_aliases && resolve_alias(whole)) return;
      refuse_column(whole, names != Names::columns);
    }
    if (whole.kind == Kind::call) check_call(whole);
    if (whole.kind == Kind::parameter && whole.number >= checked_.parameters.size())
      refuse(whole, "parameter " + std::to_string(whole.number + 1) + " was not given a value");
    // Within a larger expression a column of that name comes first, as in SQLite.
    const Names inside = names == Names::columns ? names : Names::columns_then_aliases;
    for (Expression& argument : whole.arguments) resolve(argument, inside);
  }

  [[noreturn]] void refuse_column(const Expression& column, bool with_aliases) const {
    std::vector<std::string> names;
    std::string where;
    for (std::uint32_t t = 0; t < query_.from.size(); ++t) {
      if (!column.qualifier.empty() && table_named(column) != t) continue;
      where += (where.empty() ? "'" : " and '") + query_.from[t].name + "'";
      for (const Column& its : checked_.tables[t].columns) names.push_back(its.name);
    }
    if (with_aliases)
      for (const SelectItem& item : query_.items)
        if (!item.alias.empty()) names.push_back(item.alias);
    refuse(column,
           "no column '" + column.name + "' in " + where + sql_suggestion(column.name, names));
  }

  // ORDER BY 2: the second column of the answer.
  void by_position(Expression& whole, const std::string& clause) {
    if (whole.kind != Kind::literal) return;
    const auto* position = std::get_if<std::int64_t>(&whole.value);
    if (position == nullptr || *position < 1 ||
        static_cast<std::size_t>(*position) > query_.items.size())
      refuse(whole, clause + " takes expressions, or positions from 1 to " +
                        std::to_string(query_.items.size()));
    whole = query_.items[static_cast<std::size_t>(*position) - 1].what;
  }

  void check_on() {
    resolve(*query_.on, Names::columns);
    for (const Expression* part : conjuncts(query_.on)) {
      const bool fits = part->kind == Kind::binary && part->operation == SqlOperator::equal &&
                        part->arguments[0].kind == Kind::column &&
                        part->arguments[1].kind == Kind::column &&
                        part->arguments[0].table != part->arguments[1].table;
      if (!fits)
        refuse(*part,
               "ON takes equalities between a column of each table, put together by AND; "
               "the rest belongs into WHERE");
    }
    check_types(*query_.on, checked_);
  }

  void collect_aggregates(const Expression& whole) {
    visit_parts(whole, [this](const Expression& part) {
      if (!is_aggregate(part)) return true;
      const bool known = std::ranges::any_of(checked_.aggregates, [&](const Expression& other) {
        return same_expression(part, other);
      });
      if (!known) checked_.aggregates.push_back(part);
      return false;
    });
  }

  void refuse_ungrouped(const Expression& whole) const {
    visit_parts(whole, [this](const Expression& part) {
      if (is_aggregate(part)) return false;
      for (const Expression& group : query_.group_by)
        if (same_expression(part, group)) return false;
      if (part.kind == Kind::column)
        refuse(part, "'" + part.name + "' has many values in a group: put it into GROUP BY, or " +
                         "into an aggregate such as max(" + part.name + ")");
      return true;
    });
  }

  void check_groups() {
    for (const SelectItem& item : query_.items) collect_aggregates(item.what);
    if (query_.having) collect_aggregates(*query_.having);
    for (const OrderItem& order : query_.order_by) collect_aggregates(order.by);
    checked_.aggregated = !query_.group_by.empty() || !checked_.aggregates.empty();
    if (!checked_.aggregated) {
      if (query_.having) refuse(*query_.having, "HAVING needs GROUP BY or an aggregate; use WHERE");
      return;
    }
    for (const SelectItem& item : query_.items) refuse_ungrouped(item.what);
    if (query_.having) refuse_ungrouped(*query_.having);
    for (const OrderItem& order : query_.order_by) refuse_ungrouped(order.by);
  }

  std::optional<std::uint64_t> row_count(const std::optional<Expression>& number,
                                         const std::string& clause) const {
    if (!number) return std::nullopt;
    if (number->kind == Kind::parameter && number->number >= checked_.parameters.size())
      refuse(*number, "parameter " + std::to_string(number->number + 1) + " was not given a value");
    const std::optional<Value> value = constant(*number, checked_.parameters);
    const auto* rows = value ? std::get_if<std::int64_t>(&*value) : nullptr;
    if (rows == nullptr || *rows < 0) refuse(*number, clause + " takes a number of rows, from 0");
    return static_cast<std::uint64_t>(*rows);
  }

  CheckedQuery& checked_;
  Query& query_;
  std::size_t parts_ = 0;
};

}  // namespace

Result<CheckedQuery> check_query(Query query, const FindTable& find, std::vector<std::string> all,
                                 std::vector<Value> parameters) {
  CheckedQuery checked{.query = std::move(query), .parameters = std::move(parameters)};
  if (checked.parameters.size() > checked.query.parameters)
    return sql_error({}, std::to_string(checked.parameters.size()) + " values were given for " +
                             std::to_string(checked.query.parameters) + " parameters");
  for (const FromTable& from : checked.query.from) {
    const TableSchema* table = find(from.name);
    if (table == nullptr) {
      Error error =
          sql_error(from.at, "no table '" + from.name + "'" + sql_suggestion(from.name, all));
      error.code = ErrorCode::not_found;
      return error;
    }
    checked.tables.push_back(*table);
  }
  if (checked.query.from.size() == 2 &&
      same_name(checked.query.from[0].alias, checked.query.from[1].alias))
    return sql_error(checked.query.from[1].at, "two tables are called '" +
                                                   checked.query.from[1].alias +
                                                   "'; give one another name with AS");
  try {
    Checker{checked}.run();
  } catch (const SqlRefusal& refused) {
    return refused.error;
  }
  return checked;
}

Result<Expression> check_condition(Expression condition, const TableSchema& table) {
  CheckedQuery checked{.tables = {table}};
  checked.query.from.push_back({.name = table.name, .alias = table.name});
  try {
    Checker{checked}.check_filter(condition);
  } catch (const SqlRefusal& refused) {
    return refused.error;
  }
  return condition;
}

std::optional<Value> constant(const Expression& expression, std::span<const Value> parameters) {
  if (expression.kind == Kind::literal) return expression.value;
  if (expression.kind == Kind::parameter)
    return expression.number < parameters.size() ? std::optional{parameters[expression.number]}
                                                 : std::nullopt;
  if (expression.kind != Kind::unary || expression.operation != SqlOperator::negate)
    return std::nullopt;
  std::optional<Value> inside = constant(expression.arguments[0], parameters);
  if (!inside) return std::nullopt;
  if (const auto* real = std::get_if<double>(&*inside)) return Value{-*real};
  if (const auto* integer = std::get_if<std::int64_t>(&*inside))
    if (*integer != std::numeric_limits<std::int64_t>::min()) return Value{-*integer};
  return std::nullopt;
}

std::vector<const Expression*> conjuncts(const std::optional<Expression>& condition) {
  std::vector<const Expression*> parts;
  std::vector<const Expression*> open;
  if (condition) open.push_back(&*condition);
  while (!open.empty()) {
    const Expression* part = open.back();
    open.pop_back();
    if (part->kind == Kind::binary && part->operation == SqlOperator::logical_and) {
      open.push_back(&part->arguments[1]);
      open.push_back(&part->arguments[0]);
    } else {
      parts.push_back(part);
    }
  }
  return parts;
}

void visit_parts(const Expression& expression,
                 const std::function<bool(const Expression&)>& visit) {
  if (!visit(expression)) return;
  for (const Expression& argument : expression.arguments) visit_parts(argument, visit);
}

}  // namespace evenkeel

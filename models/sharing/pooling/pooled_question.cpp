#include "models/sharing/pooling/pooled_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/access/sql_lexer.h"
#include "models/access/sql_parser.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

Error denied(std::string why) { return {ErrorCode::denied, std::move(why)}; }

// Columns by their names alone, values in the place of parameters: for another table.
void make_portable(Expression& whole, std::span<const Value> parameters) {
  whole.qualifier.clear();
  if (whole.kind == Kind::parameter) {
    whole.value = parameters[whole.number];
    whole.kind = Kind::literal;
  }
  for (Expression& argument : whole.arguments) make_portable(argument, parameters);
}

// The constants that WHERE compares the column with; none: it does not.
std::vector<Value> constants_of(const Expression& column, const CheckedQuery& checked) {
  for (const Expression* part : conjuncts(checked.query.where)) {
    const bool is_list = part->kind == Kind::in_list && !part->negated;
    const bool is_equality = part->kind == Kind::binary && part->operation == SqlOperator::equal;
    if ((!is_list && !is_equality) || !same_expression(part->arguments[0], column)) continue;
    std::vector<Value> values;
    for (std::size_t i = 1; i < part->arguments.size(); ++i) {
      const std::optional<Value> value = constant(part->arguments[i], checked.parameters);
      if (!value) return {};
      const bool is_known =
          std::ranges::any_of(values, [&](const Value& one) { return same_value(one, *value); });
      if (!is_known) values.push_back(*value);
    }
    return values;
  }
  return {};
}

}  // namespace

Result<PooledQuestion> PooledQuestion::read(const Pool& pool, TableSchema table,
                                            const std::string& sql, std::vector<Value> parameters) {
  Result<Query> parsed = parse_sql(sql);
  if (!parsed) return parsed.error();
  if (parsed->explain)
    return Error{ErrorCode::invalid,
                 "a question about a pool is not explained: each owner asks "
                 "its own table, and what they find is added up in secret"};
  if (parsed->from.size() != 1) return denied("pooled only: a pool is not joined with other rows");
  table.name = pool.name;
  const FindTable find = [&](std::string_view name) -> const TableSchema* {
    return name == table.name ? &table : nullptr;
  };
  Result<CheckedQuery> checked =
      check_query(std::move(*parsed), find, {pool.name}, std::move(parameters));
  if (!checked) return checked.error();
  PooledQuestion question{QueryPlan{std::move(*checked)}, pool};
  if (const Result<Done> read = question.read_subjects(); !read) return read.error();
  if (const Result<Done> read = question.read_groups(); !read) return read.error();
  question.epsilon_ = pool.epsilon;
  if (question.shape_.numbers() > most_pooled_numbers)
    return denied(
        fmt::format("too many groups: {} groups of {} aggregated columns; ask for fewer "
                    "at a time",
                    question.shape_.groups.size(), question.shape_.subjects.size()));
  return question;
}

Result<Done> PooledQuestion::read_subjects() {
  const CheckedQuery& checked = plan_.checked();
  if (checked.aggregates.empty())
    return denied("aggregates only: of a pool no rows are told; ask for count, sum or avg");
  for (const Expression& aggregate : checked.aggregates) {
    const bool counts = aggregate.name == "count";
    if (!counts && aggregate.name != "sum" && aggregate.name != "avg")
      return denied("aggregate not granted: a pool tells count, sum and avg, not " +
                    aggregate.name);
    PooledShape::Subject subject;
    if (!aggregate.arguments.empty()) {
      const Expression& column = aggregate.arguments[0];
      if (column.kind != Kind::column)
        return denied("aggregates only: a pool tells aggregates of plain columns");
      subject.column = column;
      subject.column->qualifier.clear();
      if (const PoolColumn* range = pool_->column(column.name)) subject.range = *range;
      if (!subject.range && !counts)
        return denied("column not granted: the pool '" + pool_->name + "' says no range of '" +
                      column.name + "', so that its values cannot be added up");
    }
    if (shape_.subject_of(aggregate) == shape_.subjects.size())
      shape_.subjects.push_back(std::move(subject));
  }
  return Done{};
}

Result<Done> PooledQuestion::read_groups() {
  const CheckedQuery& checked = plan_.checked();
  shape_.groups = {PooledShape::Group{}};
  for (const Expression& column : checked.query.group_by) {
    const std::vector<Value> values =
        column.kind == Kind::column ? constants_of(column, checked) : std::vector<Value>{};
    if (values.empty())
      return sql_error(column.at,
                       "which groups a pool has must not follow from its rows: compare each "
                       "column of GROUP BY with constants, as WHERE zone IN (1, 2)");
    std::vector<PooledShape::Group> finer;
    for (const PooledShape::Group& group : shape_.groups)
      for (const Value& value : values) {
        if (finer.size() > most_pooled_numbers) break;
        finer.push_back(group);
        finer.back().push_back(value);
      }
    shape_.groups = std::move(finer);
  }
  return Done{};
}

std::vector<std::string> PooledQuestion::columns() const {
  std::vector<std::string> names;
  const Query& query = plan_.checked().query;
  const auto look = [&](const Expression& whole) {
    visit_parts(whole, [&](const Expression& part) {
      if (part.kind == Kind::column) names.push_back(part.name);
      return true;
    });
  };
  for (const SelectItem& item : query.items) look(item.what);
  for (const Expression& group : query.group_by) look(group);
  for (const OrderItem& order : query.order_by) look(order.by);
  if (query.where) look(*query.where);
  if (query.having) look(*query.having);
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::vector<std::string> PooledQuestion::aggregates() const {
  std::vector<std::string> names;
  for (const Expression& aggregate : plan_.checked().aggregates) names.push_back(aggregate.name);
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::string PooledQuestion::own_sql(const std::string& table, const std::string& row_filter) const {
  const CheckedQuery& checked = plan_.checked();
  std::string items;
  std::string groups;
  for (Expression group : checked.query.group_by) {
    group.qualifier.clear();
    groups += (groups.empty() ? "" : ", ") + sql_text(group);
  }
  items = groups;
  for (const std::string& item : shape_.items()) items += (items.empty() ? "" : ", ") + item;
  std::string where;
  if (checked.query.where) {
    Expression condition = *checked.query.where;
    make_portable(condition, checked.parameters);
    where = "(" + sql_text(condition) + ")";
  }
  if (!row_filter.empty()) where += (where.empty() ? "(" : " AND (") + row_filter + ")";
  std::string sql = "SELECT " + items + " FROM " + table;
  if (!where.empty()) sql += " WHERE " + where;
  if (!groups.empty()) sql += " GROUP BY " + groups;
  return sql;
}

Result<QueryResult> PooledQuestion::answer(std::span<const double> told,
                                           const SqlLimits& limits) const {
  const std::size_t width = 2 * shape_.subjects.size();
  if (told.size() != width * shape_.groups.size())
    return Error{ErrorCode::malformed, "an answer of another shape"};
  const bool hides_some = pool_->min_group > 1 || pool_->min_owners > 1;
  QueryResult result{.columns = plan_.columns()};
  std::vector<Row> rows;
  for (std::size_t g = 0; g < shape_.groups.size(); ++g) {
    const std::span<const double> its = told.subspan(g * width, width);
    bool is_told = true;
    for (std::size_t s = 0; s < shape_.subjects.size(); ++s)
      is_told = is_told && (!hides_some || its[2 * s] != 0);
    if (is_told) rows.push_back(shape_.told_row(g, plan_.checked().aggregates, its));
  }
  result.cost.hides_small_groups = rows.size() < shape_.groups.size();
  if (rows.empty())
    return denied(
        fmt::format("group too small: the pool '{}' tells of groups of {} rows or more, "
                    "of {} owners or more; ask about more rows at a time, or group them "
                    "less",
                    pool_->name, pool_->min_group, pool_->min_owners));
  PartialRows partial{plan_.fragment_columns(Stage::whole)};
  if (const Result<Done> added = partial.add(rows); !added) return added.error();
  Result<SqlRows> selected = partial.select(plan_.final_sql(), limits);
  if (!selected) return selected.error();
  result.rows = std::move(selected->rows);
  result.plan = "aggregated by each owner, added up in secret";
  return result;
}

}  // namespace evenkeel

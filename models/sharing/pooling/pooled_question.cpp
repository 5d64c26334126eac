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

bool same_value(const Value& a, const Value& b) {
  const auto as_real = [](const Value& value) -> std::optional<double> {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return std::nullopt;
  };
  if (a == b) return true;
  const std::optional<double> left = as_real(a);
  return left && left == as_real(b);
}

double number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value);
  return real == nullptr ? 0 : *real;
}

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
  if (question.numbers() > most_pooled_numbers)
    return denied(
        fmt::format("too many groups: {} groups of {} aggregated columns; ask for fewer "
                    "at a time",
                    question.groups_.size(), question.subjects_.size()));
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
    Subject subject;
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
    if (subject_of(aggregate) == subjects_.size()) subjects_.push_back(std::move(subject));
  }
  return Done{};
}

Result<Done> PooledQuestion::read_groups() {
  const CheckedQuery& checked = plan_.checked();
  groups_ = {Group{}};
  for (const Expression& column : checked.query.group_by) {
    const std::vector<Value> values =
        column.kind == Kind::column ? constants_of(column, checked) : std::vector<Value>{};
    if (values.empty())
      return sql_error(column.at,
                       "which groups a pool has must not follow from its rows: compare each "
                       "column of GROUP BY with constants, as WHERE zone IN (1, 2)");
    std::vector<Group> finer;
    for (const Group& group : groups_)
      for (const Value& value : values) {
        if (finer.size() > most_pooled_numbers) break;
        finer.push_back(group);
        finer.back().push_back(value);
      }
    groups_ = std::move(finer);
  }
  return Done{};
}

std::size_t PooledQuestion::subject_of(const Expression& aggregate) const {
  const auto is_its = [&](const Subject& subject) {
    if (aggregate.arguments.empty() || !subject.column)
      return aggregate.arguments.empty() && !subject.column;
    return same_expression(*subject.column, aggregate.arguments[0]);
  };
  return static_cast<std::size_t>(std::ranges::find_if(subjects_, is_its) - subjects_.begin());
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

// A value in range counts as 1, another as 0, none not at all.
std::string PooledQuestion::own_sql(const std::string& table, const std::string& row_filter) const {
  const CheckedQuery& checked = plan_.checked();
  std::string items;
  std::string groups;
  for (Expression group : checked.query.group_by) {
    group.qualifier.clear();
    groups += (groups.empty() ? "" : ", ") + sql_text(group);
  }
  items = groups;
  const auto add = [&](const std::string& item) { items += (items.empty() ? "" : ", ") + item; };
  for (const Subject& subject : subjects_) {
    const std::string column = subject.column ? sql_text(*subject.column) : "*";
    if (!subject.range) {
      add("count(" + column + ")");
      continue;
    }
    const std::string lowest = "(" + sql_text(Value{subject.range->lowest}) + ")";
    const std::string highest = "(" + sql_text(Value{subject.range->highest}) + ")";
    const std::string is_in = "(" + column + " BETWEEN " + lowest + " AND " + highest + ")";
    add("sum" + is_in);
    add("sum((" + column + " - " + lowest + ") * " + is_in + ")");
  }
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

std::optional<std::size_t> PooledQuestion::group_of(std::span<const Value> values) const {
  const auto found = std::ranges::find_if(groups_, [&](const Group& group) {
    return std::ranges::equal(group, values.first(group.size()), same_value);
  });
  if (found == groups_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - groups_.begin());
}

Result<std::vector<double>> PooledQuestion::numbers_of(const std::vector<Row>& answer) const {
  std::vector<double> numbers(this->numbers(), 0);
  const std::size_t keys = plan_.checked().query.group_by.size();
  std::size_t width = keys;
  for (const Subject& subject : subjects_) width += subject.range ? 2 : 1;
  for (const Row& row : answer) {
    if (row.size() != width) return Error{ErrorCode::malformed, "an answer of another shape"};
    const std::optional<std::size_t> group = group_of(row);
    if (!group) continue;
    std::size_t at = keys;
    for (std::size_t s = 0; s < subjects_.size(); ++s) {
      double* const its = &numbers[3 * (*group * subjects_.size() + s)];
      const double rows = number_of(row[at++]);
      if (rows > static_cast<double>(pool_->most_rows))
        return Error{ErrorCode::full, fmt::format("{} rows in a group, and the pool takes {} of an "
                                                  "owner; ask about fewer rows",
                                                  rows, pool_->most_rows)};
      its[0] = rows > 0 ? 1 : 0;
      its[1] = rows;
      if (!subjects_[s].range) continue;
      const double width_of_range = subjects_[s].range->highest - subjects_[s].range->lowest;
      its[2] = std::clamp(number_of(row[at++]) / width_of_range, 0.0, rows);
    }
  }
  return numbers;
}

// What a node of a plain query would answer for this group.
Row PooledQuestion::partial_row(std::size_t group, std::span<const double> told) const {
  Row row = groups_[group];
  for (const Expression& aggregate : plan_.checked().aggregates) {
    const std::size_t subject = subject_of(aggregate);
    const double rows = told[2 * subject];
    const std::optional<PoolColumn>& range = subjects_[subject].range;
    const double sum =
        range ? range->lowest * rows + (range->highest - range->lowest) * told[2 * subject + 1] : 0;
    if (aggregate.name != "count") row.emplace_back(sum);
    // Of an average both are merged.
    if (aggregate.name != "sum") row.emplace_back(std::int64_t{std::llround(rows)});
  }
  return row;
}

Result<QueryResult> PooledQuestion::answer(std::span<const double> told,
                                           const SqlLimits& limits) const {
  const std::size_t width = 2 * subjects_.size();
  if (told.size() != width * groups_.size())
    return Error{ErrorCode::malformed, "an answer of another shape"};
  const bool hides_some = pool_->min_group > 1 || pool_->min_owners > 1;
  QueryResult result{.columns = plan_.columns()};
  std::vector<Row> rows;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::span<const double> its = told.subspan(g * width, width);
    bool is_told = true;
    for (std::size_t s = 0; s < subjects_.size(); ++s)
      is_told = is_told && (!hides_some || its[2 * s] != 0);
    if (is_told) rows.push_back(partial_row(g, its));
  }
  result.cost.hides_small_groups = rows.size() < groups_.size();
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

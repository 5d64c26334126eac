#include "models/access/plan.h"

#include <algorithm>
#include <cmath>

#include "models/access/sql_parser.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t most_places = 256;    // that equalities may name, before all are asked
constexpr std::uint64_t most_first = 1000;  // LIMITs above are not worth sorting for on the nodes

// As the column stores it; nothing if it is equal to no value there.
std::optional<Value> as_stored(const Value& value, ColumnType type) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (value.index() == 0) return std::nullopt;
  const auto* real = std::get_if<double>(&value);
  if (real == nullptr) return value;
  if (std::isnan(*real)) return std::nullopt;
  if (type != ColumnType::integer) return value;
  if (std::abs(*real) > exact || std::trunc(*real) != *real) return std::nullopt;
  return Value{static_cast<std::int64_t>(*real)};
}

// The values that a condition leaves a column, if it is an equality with constants, or a list.
std::optional<std::vector<Value>> values_left(const Expression& condition, std::uint32_t table,
                                              std::uint32_t column, ColumnType type,
                                              std::span<const Value> parameters) {
  std::vector<Value> values;
  const auto take = [&](const Expression& expression) {
    const std::optional<Value> value = constant(expression, parameters);
    if (!value) return false;
    if (const std::optional<Value> stored = as_stored(*value, type)) values.push_back(*stored);
    return true;
  };
  if (condition.kind == Kind::binary && condition.operation == SqlOperator::equal) {
    const Expression& left = condition.arguments[0];
    const Expression& right = condition.arguments[1];
    if (left.is_column(table, column) && take(right)) return values;
    if (right.is_column(table, column) && take(left)) return values;
    return std::nullopt;
  }
  if (condition.kind != Kind::in_list || condition.negated ||
      !condition.arguments[0].is_column(table, column))
    return std::nullopt;
  for (std::size_t i = 1; i < condition.arguments.size(); ++i)
    if (!take(condition.arguments[i])) return std::nullopt;
  return values;
}

Error denied(const std::string& what) { return {ErrorCode::denied, what}; }

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all.empty() ? "none" : all;
}

}  // namespace

QueryPlan::QueryPlan(CheckedQuery checked) : checked_(std::move(checked)) {
  for (std::uint32_t t = 0; t < checked_.tables.size(); ++t) place(t);
  if (checked_.tables.size() < 2) return;
  join_ = is_placed_alike() ? Join::together : Join::broadcast;
  if (join_ == Join::together) {
    std::vector<Partition> both;
    std::ranges::set_intersection(partitions_[0], partitions_[1], std::back_inserter(both));
    partitions_ = {both, both};
  }
}

void QueryPlan::place(std::uint32_t table) {
  const TableSchema& schema = checked_.tables[table];
  std::vector<std::vector<Value>> left;  // by key column, as long as there are equalities
  for (std::uint32_t c = 0; c < schema.key_columns; ++c) {
    std::optional<std::vector<Value>> best;
    for (const Expression* condition : conjuncts(checked_.query.where)) {
      auto values = values_left(*condition, table, c, schema.columns[c].type, checked_.parameters);
      if (values && (!best || values->size() < best->size())) best = std::move(values);
    }
    if (!best) break;
    left.push_back(std::move(*best));
  }
  for (std::size_t p = schema.region; p < partitions; p += schema.regions)
    partitions_[table].push_back(static_cast<Partition>(p));
  Row prefix;
  for (const std::vector<Value>& values : left) {
    if (values.size() != 1) break;
    prefix.push_back(values.front());
  }
  if (!prefix.empty()) prefixes_[table] = encode_key(schema, prefix);
  if (left.size() < schema.placed_by) return;
  std::vector<Row> places = {{}};
  for (std::uint32_t c = 0; c < schema.placed_by; ++c) {
    if (places.size() * left[c].size() > most_places) return;
    std::vector<Row> longer;
    for (const Row& place : places)
      for (const Value& value : left[c]) {
        longer.push_back(place);
        longer.back().push_back(value);
      }
    places = std::move(longer);
  }
  std::vector<Partition>& its = partitions_[table];
  its.clear();
  for (const Row& place : places) its.push_back(partition_of(schema, place));
  std::ranges::sort(its);
  its.erase(std::unique(its.begin(), its.end()), its.end());
}

// Partitions follow from the table's name and the values, so only rows of one table, joined with
// itself on what it is placed by, are together.
bool QueryPlan::is_placed_alike() const {
  const TableSchema& first = checked_.tables[0];
  const TableSchema& second = checked_.tables[1];
  if (first != second) return false;
  for (std::uint32_t c = 0; c < first.placed_by; ++c) {
    const bool joined_by =
        std::ranges::any_of(conjuncts(checked_.query.on), [&](const Expression* equality) {
          return equality->arguments[0].number == c && equality->arguments[1].number == c;
        });
    if (!joined_by) return false;
  }
  return true;
}

std::vector<std::string> QueryPlan::columns() const {
  std::vector<std::string> names;
  for (const SelectItem& item : checked_.query.items) names.push_back(item.alias);
  return names;
}

std::string QueryPlan::in_words() const {
  std::string words = aggregated() ? "aggregated at the rows" : "filtered at the rows";
  if (join_ == Join::together) words += ", joined where both are";
  if (join_ == Join::broadcast) words += ", joined by sending the smaller side";
  return words;
}

bool QueryPlan::has(Stage stage) const {
  if (join_ == Join::broadcast) return stage != Stage::whole;
  return stage == Stage::whole;
}

Result<Done> QueryPlan::restrict(std::uint32_t table, const Restriction& rule) {
  const TableSchema& schema = checked_.tables[table];
  const std::string of_table = " of '" + schema.name + "'";
  if (rule.columns) {
    for (const std::uint32_t column : columns_needed(table))
      if (std::ranges::find(*rule.columns, schema.columns[column].name) == rule.columns->end())
        return denied("column not granted: '" + schema.columns[column].name + "'" + of_table +
                      " is not in the grant, which allows " + joined(*rule.columns));
  }
  if (!rule.row_filter.empty()) {
    Result<Expression> parsed = parse_condition(rule.row_filter);
    if (!parsed) return parsed.error();
    Result<Expression> filter = check_condition(std::move(*parsed), schema);
    if (!filter) return filter.error();
    filters_[table].push_back(std::move(*filter));
  }
  for (const Expression& aggregate : checked_.aggregates)
    if (rule.functions &&
        std::ranges::find(*rule.functions, aggregate.name) == rule.functions->end())
      return denied("aggregate not granted: " + aggregate.name +
                    " is not in the grant, which allows " + joined(*rule.functions));
  if (!rule.aggregate_only && rule.min_group <= 1) return Done{};
  if (!checked_.aggregated || checked_.aggregates.empty())
    return denied("aggregates only: only aggregates" + of_table + " may be asked for, as avg(x)");
  if (checked_.tables.size() > 1)
    return denied("aggregates only: the rows" + of_table + " may not be joined with others");
  for (const Expression& aggregate : checked_.aggregates)
    if (!aggregate.arguments.empty() && aggregate.arguments[0].kind != Kind::column)
      return denied("aggregates only: only aggregates of plain columns" + of_table +
                    " may be asked for");
  min_group_ = std::max(min_group_, rule.min_group);
  if (rule.subject.empty()) return Done{};
  const auto subject = std::ranges::find(schema.columns, rule.subject, &Column::name);
  if (subject == schema.columns.end())
    return denied("the grant counts groups by '" + rule.subject + "', which '" + schema.name +
                  "' does not have");
  subjects_.push_back(static_cast<std::uint32_t>(subject - schema.columns.begin()));
  return Done{};
}

// A group is whole on one node if its rows agree in what they are placed by.
bool QueryPlan::groups_are_local() const {
  if (join_ == Join::broadcast) return false;
  for (std::uint32_t c = 0; c < checked_.tables[0].placed_by; ++c)
    if (std::ranges::none_of(checked_.query.group_by,
                             [&](const Expression& group) { return group.is_column(0, c); }))
      return false;
  return true;
}

// Whether only the first rows in the order are wanted, of each node.
bool QueryPlan::takes_first(Stage stage) const {
  if (stage == Stage::side_0 || stage == Stage::side_1 || !checked_.limit) return false;
  if (*checked_.limit > most_first || checked_.offset > most_first) return false;
  if (checked_.aggregated) return stage == Stage::whole && groups_are_local();
  return !checked_.query.order_by.empty();
}

bool QueryPlan::is_paged(Stage stage) const {
  if (stage == Stage::side_0 || stage == Stage::side_1) return true;
  return stage == Stage::whole && join_ == Join::none && !checked_.aggregated &&
         !takes_first(stage);
}

std::optional<std::uint64_t> QueryPlan::enough_rows(Stage stage) const {
  const bool any = stage == Stage::whole && !checked_.aggregated &&
                   checked_.query.order_by.empty() && checked_.limit;
  if (!any || *checked_.limit > (1u << 30) || checked_.offset > (1u << 30)) return std::nullopt;
  return *checked_.limit + checked_.offset;
}

}  // namespace evenkeel

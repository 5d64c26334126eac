#include "models/access/plan.h"

#include <algorithm>
#include <cmath>

#include "models/access/sql_parser.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t most_places = 256;    // that equalities may name, before all are asked
constexpr std::uint64_t most_first = 1000;  // LIMITs above are not worth sorting for on the nodes

std::string partial_name(std::size_t i) { return "c" + std::to_string(i); }

// How many columns an aggregate's partial result has.
std::size_t partial_columns(const Expression& aggregate) {
  if (aggregate.name == "avg") return 2;
  return aggregate.name == "variance" || aggregate.name == "stddev" ? 3 : 1;
}

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

void write_values(BoundSql& sql, std::span<const Row> rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sql.text += r == 0 ? "(" : ", (";
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      if (c > 0) sql.text += ", ";
      sql.bind(rows[r][c]);
    }
    sql.text += ")";
  }
}

Error denied(const std::string& what) { return {ErrorCode::denied, what}; }

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
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
  partitions_[table].resize(partitions);
  for (std::size_t i = 0; i < partitions; ++i) partitions_[table][i] = static_cast<Partition>(i);
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
  if (!rule.columns.empty()) {
    for (const std::uint32_t column : columns_needed(table))
      if (std::ranges::find(rule.columns, schema.columns[column].name) == rule.columns.end())
        return denied("column '" + schema.columns[column].name + "'" + of_table +
                      " is not in the grant, which allows " + joined(rule.columns));
  }
  if (!rule.row_filter.empty()) {
    Result<Expression> parsed = parse_condition(rule.row_filter);
    if (!parsed) return parsed.error();
    Result<Expression> filter = check_condition(std::move(*parsed), schema);
    if (!filter) return filter.error();
    filters_[table].push_back(std::move(*filter));
  }
  for (const Expression& aggregate : checked_.aggregates)
    if (!rule.functions.empty() &&
        std::ranges::find(rule.functions, aggregate.name) == rule.functions.end())
      return denied(aggregate.name + " is not in the grant, which allows " +
                    joined(rule.functions));
  if (!rule.aggregate_only && rule.min_group <= 1) return Done{};
  if (!checked_.aggregated || checked_.aggregates.empty())
    return denied("only aggregates" + of_table + " may be asked for, such as avg(x)");
  if (checked_.tables.size() > 1)
    return denied("the rows" + of_table + " may not be joined with others");
  for (const Expression& aggregate : checked_.aggregates)
    if (!aggregate.arguments.empty() && aggregate.arguments[0].kind != Kind::column)
      return denied("only aggregates of plain columns" + of_table + " may be asked for");
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

std::vector<std::uint32_t> QueryPlan::columns_needed(std::uint32_t table) const {
  std::vector<std::uint32_t> needed;
  const auto look = [&](const Expression& whole) {
    visit_parts(whole, [&](const Expression& part) {
      if (part.kind == Kind::column && part.table == table) needed.push_back(part.number);
      return true;
    });
  };
  const Query& query = checked_.query;
  for (const SelectItem& item : query.items) look(item.what);
  for (const auto* one : {&query.on, &query.where, &query.having})
    if (*one) look(**one);
  for (const Expression& group : query.group_by) look(group);
  for (const OrderItem& order : query.order_by) look(order.by);
  std::ranges::sort(needed);
  needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  return needed;
}

std::size_t QueryPlan::fragment_columns(Stage stage) const {
  if (stage == Stage::side_0 || stage == Stage::side_1)
    return columns_needed(table_of(stage)).size();
  if (!checked_.aggregated) return checked_.query.items.size() + checked_.query.order_by.size();
  std::size_t columns = checked_.query.group_by.size();
  for (const Expression& aggregate : checked_.aggregates) columns += partial_columns(aggregate);
  return columns;
}

std::vector<std::string> QueryPlan::fragment_tables(Stage stage) const {
  if (stage != Stage::whole)
    return {"rows_" + checked_.tables[table_of(stage)].name, "side", "t0", "t1"};
  std::vector<std::string> names;
  for (const TableSchema& table : checked_.tables) names.push_back("rows_" + table.name);
  return names;
}

BoundSql QueryPlan::fragment(Stage stage, const Slice& slice) const {
  BoundSql sql;
  const bool given = stage == Stage::join_0 || stage == Stage::join_1;
  const std::uint32_t side = side_of(stage);
  const std::vector<std::uint32_t> side_columns = columns_needed(side);
  BoundWriter writer{.sql = sql, .parameters = checked_.parameters};
  writer.column = [&](const Expression& column) {
    const std::string table = "t" + std::to_string(column.table) + ".";
    if (!given || column.table != side) return table + quoted_sql_name(column.name);
    const auto place = std::ranges::find(side_columns, column.number) - side_columns.begin();
    return table + "s" + std::to_string(place);
  };
  if (given) {
    sql.text = "WITH side(";
    for (std::size_t i = 0; i < side_columns.size(); ++i)
      sql.text += (i == 0 ? "s" : ", s") + std::to_string(i);
    sql.text += ") AS (VALUES ";
    write_values(sql, slice.side);
    sql.text += ") ";
  }
  write_outputs(writer, stage);
  write_from(sql, stage);
  write_where(writer, stage, slice);
  write_groups(writer, stage);
  write_order(writer, stage, slice);
  return sql;
}

void QueryPlan::write_outputs(BoundWriter& writer, Stage stage) const {
  BoundSql& sql = writer.sql;
  bool first = true;
  const auto next = [&] { sql.text += std::exchange(first, false) ? "SELECT " : ", "; };
  const std::uint32_t table = table_of(stage);
  const std::string name = "t" + std::to_string(table) + ".";
  if (stage == Stage::side_0 || stage == Stage::side_1) {
    for (const std::uint32_t column : columns_needed(table)) {
      next();
      sql.text += name + quoted_sql_name(checked_.tables[table].columns[column].name);
    }
  } else if (checked_.aggregated) {
    for (const Expression& group : checked_.query.group_by) {
      next();
      writer.write(group);
    }
    if (!checked_.aggregates.empty()) next();
    write_partials(writer);
  } else {
    for (const SelectItem& item : checked_.query.items) {
      next();
      writer.write(item.what);
    }
    for (const OrderItem& order : checked_.query.order_by) {
      next();
      writer.write(order.by);
    }
  }
  if (is_paged(stage)) sql.text += ", " + name + "_key";
}

void QueryPlan::write_partials(BoundWriter& writer) const {
  bool first = true;
  for (const Expression& aggregate : checked_.aggregates) {
    const auto call = [&](std::string_view name) {
      writer.sql.text += std::exchange(first, false) ? "" : ", ";
      writer.sql.text += std::string{name} + "(";
      if (aggregate.arguments.empty()) {
        writer.sql.text += "*";
      } else {
        writer.write(aggregate.arguments[0]);
      }
      writer.sql.text += ")";
    };
    if (aggregate.name == "avg") {
      call("total");
      call("count");
    } else if (partial_columns(aggregate) == 3) {
      call("count");
      call("avg");
      call("evenkeel_m2");
    } else {
      call(aggregate.name);
    }
  }
}

void QueryPlan::write_from(BoundSql& sql, Stage stage) const {
  const auto physical = [&](std::uint32_t table) {
    return quoted_sql_name("rows_" + checked_.tables[table].name) + " AS t" + std::to_string(table);
  };
  sql.text += " FROM ";
  if (stage == Stage::whole) {
    sql.text += physical(0);
    if (join_ == Join::together) sql.text += " JOIN " + physical(1);
    return;
  }
  sql.text += physical(table_of(stage));
  if (stage == Stage::join_0) sql.text += " JOIN side AS t1";
  if (stage == Stage::join_1) sql.text += " JOIN side AS t0";
}

void QueryPlan::write_rows_of(BoundWriter& writer, std::uint32_t table, const Slice& slice) const {
  BoundSql& sql = writer.sql;
  const std::string name = "t" + std::to_string(table) + ".";
  sql.text += name + "_dead = 0 AND " + name + "_part IN (";
  for (std::size_t i = 0; i < slice.partitions.size(); ++i) {
    if (i > 0) sql.text += ", ";
    sql.text += std::to_string(slice.partitions[i]);
  }
  sql.text += ")";
  if (const std::optional<Key>& prefix = prefixes_[table]) {
    sql.text += " AND " + name + "_key >= ";
    sql.bind(blob_of(*prefix));
    sql.text += " AND " + name + "_key < ";
    sql.bind(blob_of(*prefix + '\xff'));
  }
  if (slice.after) {
    sql.text += " AND " + name + "_key > ";
    sql.bind(blob_of(*slice.after));
  }
  for (const Expression& filter : filters_[table]) {
    // Filters name their table as the first, since they were checked alone.
    BoundWriter alone{.sql = sql, .parameters = {}};
    alone.column = [&](const Expression& column) { return name + quoted_sql_name(column.name); };
    sql.text += " AND ";
    alone.write(filter);
  }
}

void QueryPlan::write_where(BoundWriter& writer, Stage stage, const Slice& slice) const {
  writer.sql.text += " WHERE ";
  const std::uint32_t table = table_of(stage);
  write_rows_of(writer, table, slice);
  const bool side = stage == Stage::side_0 || stage == Stage::side_1;
  if (stage == Stage::whole && join_ == Join::together) {
    writer.sql.text += " AND t1._part = t0._part AND ";
    write_rows_of(writer, 1, slice);
  }
  if (checked_.query.on && !side) {
    writer.sql.text += " AND ";
    writer.write(*checked_.query.on);
  }
  for (const Expression* condition : conjuncts(checked_.query.where)) {
    bool others = false;
    visit_parts(*condition, [&](const Expression& part) {
      others = others || (part.kind == Kind::column && part.table != table);
      return true;
    });
    if (side && others) continue;
    writer.sql.text += " AND ";
    writer.write(*condition);
  }
}

void QueryPlan::write_groups(BoundWriter& writer, Stage stage) const {
  if (!checked_.aggregated || stage == Stage::side_0 || stage == Stage::side_1) return;
  BoundSql& sql = writer.sql;
  const auto& groups = checked_.query.group_by;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    sql.text += i == 0 ? " GROUP BY " : ", ";
    // A constant would be taken for a column's position; so would a group by its place be.
    sql.text += std::to_string(i + 1);
  }
  bool first = true;
  const auto next = [&] { sql.text += std::exchange(first, false) ? " HAVING " : " AND "; };
  if (checked_.query.having && stage == Stage::whole && groups_are_local()) {
    next();
    writer.write(*checked_.query.having);
  }
  if (!hides_small_groups()) return;
  const auto at_least = [&](const std::string& counted) {
    next();
    sql.text += "count(" + counted + ") >= ";
    sql.bind(std::int64_t{min_group_});
  };
  at_least("*");
  for (const Expression& aggregate : checked_.aggregates)
    if (!aggregate.arguments.empty())
      at_least("t0." + quoted_sql_name(aggregate.arguments[0].name));
  for (const std::uint32_t subject : subjects_)
    at_least("DISTINCT t0." + quoted_sql_name(checked_.tables[0].columns[subject].name));
}

void QueryPlan::write_order(BoundWriter& writer, Stage stage, const Slice& slice) const {
  BoundSql& sql = writer.sql;
  if (takes_first(stage)) {
    sql.text += " ORDER BY ";
    for (const OrderItem& order : checked_.query.order_by) {
      writer.write(order.by);
      sql.text += order.descending ? " DESC, " : ", ";
    }
    // Equal rows are told apart as at the end, so that the same ones are the first.
    const std::size_t ties =
        checked_.aggregated ? checked_.query.group_by.size() : checked_.query.items.size();
    for (std::size_t i = 0; i < ties; ++i) sql.text += (i == 0 ? "" : ", ") + std::to_string(i + 1);
    sql.text += " LIMIT ";
    sql.bind(static_cast<std::int64_t>(*checked_.limit + checked_.offset));
    return;
  }
  if (is_paged(stage)) sql.text += " ORDER BY t" + std::to_string(table_of(stage)) + "._key";
  if (slice.most_rows) {
    sql.text += " LIMIT ";
    sql.bind(static_cast<std::int64_t>(*slice.most_rows));
  }
}

// Aggregates of partial results, and groups by the names of their columns.
void QueryPlan::write_merged(BoundSql& sql, const Expression& expression) const {
  BoundWriter writer{.sql = sql, .parameters = checked_.parameters};
  writer.replace = [&](const Expression& part) {
    for (std::size_t i = 0; i < checked_.query.group_by.size(); ++i)
      if (same_expression(part, checked_.query.group_by[i])) {
        sql.text += partial_name(i);
        return true;
      }
    std::size_t column = checked_.query.group_by.size();
    for (const Expression& aggregate : checked_.aggregates) {
      if (!same_expression(part, aggregate)) {
        column += partial_columns(aggregate);
        continue;
      }
      const std::string first = partial_name(column);
      if (part.name == "count") {
        sql.text += "coalesce(sum(" + first + "), 0)";
      } else if (part.name == "avg") {
        sql.text += "(sum(" + first + ") / sum(" + partial_name(column + 1) + "))";
      } else if (partial_columns(aggregate) == 3) {
        sql.text += "evenkeel_" + part.name + "(" + first + ", " + partial_name(column + 1) + ", " +
                    partial_name(column + 2) + ")";
      } else {
        sql.text += part.name + "(" + first + ")";
      }
      return true;
    }
    return false;
  };
  writer.write(expression);
}

BoundSql QueryPlan::final_sql() const {
  BoundSql sql{.text = "SELECT "};
  const Query& query = checked_.query;
  const bool merges = checked_.aggregated;
  for (std::size_t i = 0; i < query.items.size(); ++i) {
    if (i > 0) sql.text += ", ";
    if (merges) {
      write_merged(sql, query.items[i].what);
    } else {
      sql.text += partial_name(i);
    }
  }
  sql.text += " FROM partial";
  for (std::size_t i = 0; merges && i < query.group_by.size(); ++i)
    sql.text += (i == 0 ? " GROUP BY " : ", ") + partial_name(i);
  if (merges && query.having) {
    sql.text += " HAVING ";
    write_merged(sql, *query.having);
  }
  std::vector<std::string> ties;
  for (std::size_t i = 0; i < (merges ? query.group_by.size() : query.items.size()); ++i)
    ties.push_back(partial_name(i));
  bool first = true;
  const auto next = [&] { sql.text += std::exchange(first, false) ? " ORDER BY " : ", "; };
  for (std::size_t i = 0; i < query.order_by.size(); ++i) {
    next();
    if (merges) {
      write_merged(sql, query.order_by[i].by);
    } else {
      sql.text += partial_name(query.items.size() + i);
    }
    if (query.order_by[i].descending) sql.text += " DESC";
  }
  for (const std::string& tie : ties) {
    next();
    sql.text += tie;
  }
  if (checked_.limit) {
    sql.text += " LIMIT ";
    sql.bind(static_cast<std::int64_t>(*checked_.limit));
    sql.text += " OFFSET ";
    sql.bind(static_cast<std::int64_t>(checked_.offset));
  }
  return sql;
}

}  // namespace evenkeel

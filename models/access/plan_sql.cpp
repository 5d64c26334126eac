// The SQL of a plan: what each node runs on its rows, and what merges their answers.
#include <algorithm>

#include "models/access/plan.h"
#include "models/access/sql_parser.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

std::string partial_name(std::size_t i) { return "c" + std::to_string(i); }

// How many columns an aggregate's partial result has.
std::size_t partial_columns(const Expression& aggregate) {
  if (aggregate.name == "avg") return 2;
  return aggregate.name == "variance" || aggregate.name == "stddev" ? 3 : 1;
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

}  // namespace

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

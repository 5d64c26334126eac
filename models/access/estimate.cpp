#include "models/access/estimate.h"

#include <algorithm>
#include <cmath>

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

constexpr double of_equality = 0.1;
constexpr double of_comparison = 1.0 / 3;
constexpr double of_between = 0.25;
constexpr double value_bytes = 9;
constexpr double text_bytes = 16;
constexpr double groups_a_column = 30;

double share(const Expression& condition) {
  double its = 1;
  switch (condition.kind) {
    case Kind::binary:
      if (condition.operation == SqlOperator::logical_and) {
        its = share(condition.arguments[0]) * share(condition.arguments[1]);
      } else if (condition.operation == SqlOperator::logical_or) {
        const double a = share(condition.arguments[0]);
        const double b = share(condition.arguments[1]);
        its = a + b - a * b;
      } else if (condition.operation == SqlOperator::equal) {
        its = of_equality;
      } else if (condition.operation == SqlOperator::not_equal) {
        its = 1 - of_equality;
      } else {
        its = of_comparison;
      }
      break;
    case Kind::unary:
      return condition.operation == SqlOperator::logical_not ? 1 - share(condition.arguments[0])
                                                             : 1;
    case Kind::in_list:
      its = std::min(0.5, of_equality * static_cast<double>(condition.arguments.size() - 1));
      break;
    case Kind::between:
    case Kind::like:
      its = of_between;
      break;
    case Kind::is_null:
      its = of_equality;
      break;
    default:
      break;
  }
  return condition.negated ? 1 - its : its;
}

}  // namespace

double selectivity(const CheckedQuery& query, std::uint32_t table) {
  double left = 1;
  for (const Expression* condition : conjuncts(query.query.where)) {
    bool others = false;
    visit_parts(*condition, [&](const Expression& part) {
      others = others || (part.kind == Kind::column && part.table != table);
      return true;
    });
    if (!others) left *= share(*condition);
  }
  return left;
}

std::uint64_t row_bytes(const TableSchema& table) {
  double bytes = 4;
  for (const Column& column : table.columns)
    bytes += column.type == ColumnType::text || column.type == ColumnType::blob
                 ? value_bytes + text_bytes
                 : value_bytes;
  return static_cast<std::uint64_t>(bytes);
}

std::uint64_t estimated_bytes(const QueryPlan& plan, Stage stage, double rows,
                              std::size_t answers) {
  const CheckedQuery& checked = plan.checked();
  const std::uint32_t table = QueryPlan::table_of(stage);
  const double width = 4 + value_bytes * static_cast<double>(plan.fragment_columns(stage));
  double told = rows * selectivity(checked, table);
  const bool side = stage == Stage::side_0 || stage == Stage::side_1;
  if (plan.aggregated() && !side) {
    const double groups =
        std::pow(groups_a_column, static_cast<double>(checked.query.group_by.size()));
    told = std::min(told, groups * static_cast<double>(answers));
    if (checked.query.group_by.empty()) told = static_cast<double>(answers);
  } else if (checked.limit && !side) {
    told = std::min(
        told, static_cast<double>(*checked.limit + checked.offset) * static_cast<double>(answers));
  }
  return static_cast<std::uint64_t>(told * width);
}

}  // namespace evenkeel

// What a query says: the tree that the parser makes of SQL text, with the place of each part.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/storage/table.h"

namespace evenkeel {

/// From 1, as editors count.
struct SqlPosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

enum class SqlOperator : std::uint8_t {
  logical_or,
  logical_and,
  logical_not,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  concatenate,
  negate
};

struct Expression {
  enum class Kind : std::uint8_t {
    literal,    // value
    parameter,  // number: which, from 0
    column,     // qualifier.name; after checking: table, number
    star,       // all columns of all tables, or of `qualifier`; gone after checking
    unary,      // operation, 1 argument
    binary,     // operation, 2 arguments
    is_null,    // 1 argument
    in_list,    // the first argument in the others
    between,    // the first argument between the other two
    like,       // the first argument like the second
    call        // name(arguments); count(*) has none
  };

  Kind kind = Kind::literal;
  SqlOperator operation = SqlOperator::add;
  bool negated = false;  // IS NOT NULL, NOT IN, NOT BETWEEN, NOT LIKE
  std::uint32_t table = 0;
  std::uint32_t number = 0;
  SqlPosition at = {};
  Value value = {};
  std::string qualifier = {};
  std::string name = {};
  std::vector<Expression> arguments = {};

  bool is_column(std::uint32_t of_table, std::uint32_t column) const {
    return kind == Kind::column && table == of_table && number == column;
  }
};

struct SelectItem {
  Expression what = {};
  std::string alias = {};  // after checking: the name of the column in the answer
};

struct FromTable {
  std::string name = {};
  std::string alias = {};  // its name if none was given
  SqlPosition at = {};
};

struct OrderItem {
  Expression by = {};
  bool descending = false;
};

/// SELECT items FROM one table or a join of two WHERE .. GROUP BY .. HAVING .. ORDER BY .. LIMIT ..
struct Query {
  bool explain = false;
  std::vector<SelectItem> items = {};
  std::vector<FromTable> from = {};
  std::optional<Expression> on = {};  // with two tables
  std::optional<Expression> where = {};
  std::vector<Expression> group_by = {};
  std::optional<Expression> having = {};
  std::vector<OrderItem> order_by = {};
  std::optional<Expression> limit = {};
  std::optional<Expression> offset = {};
  std::uint32_t parameters = 0;
};

}  // namespace evenkeel

#include "models/access/sql_types.h"

#include <array>

#include "models/access/sql_functions.h"
#include "models/access/sql_refusal.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

enum class SqlClass : std::uint8_t { any, number, text, blob };
constexpr std::array<std::string_view, 4> class_names = {"any value", "number", "text", "blob"};

SqlClass class_of(ColumnType type) {
  if (type == ColumnType::text) return SqlClass::text;
  return type == ColumnType::blob ? SqlClass::blob : SqlClass::number;
}

SqlClass class_of(const Value& value) {
  constexpr std::array<SqlClass, 5> classes = {SqlClass::any, SqlClass::number, SqlClass::number,
                                               SqlClass::text, SqlClass::blob};
  return classes[value.index()];
}

class TypeChecker {
 public:
  explicit TypeChecker(const CheckedQuery& checked) : checked_(checked) {}

  SqlClass class_of_whole(const Expression& whole) const {
    switch (whole.kind) {
      case Kind::literal:
        return class_of(whole.value);
      case Kind::parameter:
        return class_of(checked_.parameters[whole.number]);
      case Kind::column:
        return class_of(checked_.tables[whole.table].columns[whole.number].type);
      case Kind::call:
        return class_of_call(whole);
      case Kind::unary:
      case Kind::binary:
        return class_of_operation(whole);
      case Kind::is_null:
        class_of_whole(whole.arguments[0]);
        return SqlClass::number;
      case Kind::like:
        for (const Expression& argument : whole.arguments) want(argument, SqlClass::text, "LIKE");
        return SqlClass::number;
      default: {
        SqlClass all = SqlClass::any;
        for (const Expression& argument : whole.arguments)
          all = same_class(argument, all, class_of_whole(argument));
        return SqlClass::number;
      }
    }
  }

 private:
  static SqlClass same_class(const Expression& whole, SqlClass a, SqlClass b) {
    if (a == SqlClass::any) return b;
    if (b != SqlClass::any && a != b)
      refuse(whole, "a " + std::string{class_names[static_cast<std::size_t>(a)]} + " and a " +
                        std::string{class_names[static_cast<std::size_t>(b)]} +
                        " cannot be compared or mixed");
    return a;
  }

  void want(const Expression& whole, SqlClass wanted, const std::string& what) const {
    const SqlClass its = class_of_whole(whole);
    if (its == SqlClass::any || its == wanted) return;
    refuse(whole, what + " takes a " + std::string{class_names[static_cast<std::size_t>(wanted)]} +
                      ", not a " + std::string{class_names[static_cast<std::size_t>(its)]});
  }

  SqlClass class_of_operation(const Expression& whole) const {
    switch (whole.operation) {
      case SqlOperator::equal:
      case SqlOperator::not_equal:
      case SqlOperator::less:
      case SqlOperator::less_equal:
      case SqlOperator::greater:
      case SqlOperator::greater_equal:
        same_class(whole, class_of_whole(whole.arguments[0]), class_of_whole(whole.arguments[1]));
        return SqlClass::number;
      case SqlOperator::concatenate:
        for (const Expression& argument : whole.arguments) want(argument, SqlClass::text, "||");
        return SqlClass::text;
      case SqlOperator::logical_or:
      case SqlOperator::logical_and:
      case SqlOperator::logical_not:
        for (const Expression& argument : whole.arguments)
          want(argument, SqlClass::number, "a condition");
        return SqlClass::number;
      default:
        for (const Expression& argument : whole.arguments)
          want(argument, SqlClass::number, "arithmetic");
        return SqlClass::number;
    }
  }

  SqlClass class_of_call(const Expression& call) const {
    if (is_aggregate(call))
      for (const Expression& argument : call.arguments)
        refuse_aggregates(argument, "another aggregate", "");
    if (call.name == "length") {
      const SqlClass its = class_of_whole(call.arguments[0]);
      if (its == SqlClass::number) refuse(call, "length takes a text or a blob, not a number");
      return SqlClass::number;
    }
    if (call.name == "lower" || call.name == "upper") {
      want(call.arguments[0], SqlClass::text, call.name);
      return SqlClass::text;
    }
    if (call.name == "coalesce") {
      SqlClass all = SqlClass::any;
      for (const Expression& argument : call.arguments)
        all = same_class(argument, all, class_of_whole(argument));
      return all;
    }
    if (call.name == "min" || call.name == "max") return class_of_whole(call.arguments[0]);
    if (call.name == "count") {
      for (const Expression& argument : call.arguments) class_of_whole(argument);
      return SqlClass::number;
    }
    for (const Expression& argument : call.arguments) want(argument, SqlClass::number, call.name);
    return SqlClass::number;
  }

  const CheckedQuery& checked_;
};

}  // namespace

void check_types(const Expression& whole, const CheckedQuery& checked) {
  TypeChecker{checked}.class_of_whole(whole);
}

}  // namespace evenkeel

#include "models/access/sql_functions.h"

#include <algorithm>
#include <array>

#include "models/access/sql_check.h"
#include "models/access/sql_refusal.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

struct Function {
  std::string_view name;
  std::size_t least;
  std::size_t most;
  bool aggregate;
};
constexpr std::array<Function, 13> functions = {{{"abs", 1, 1, false},
                                                 {"round", 1, 2, false},
                                                 {"length", 1, 1, false},
                                                 {"lower", 1, 1, false},
                                                 {"upper", 1, 1, false},
                                                 {"coalesce", 2, 50, false},
                                                 {"count", 0, 1, true},
                                                 {"sum", 1, 1, true},
                                                 {"avg", 1, 1, true},
                                                 {"min", 1, 1, true},
                                                 {"max", 1, 1, true},
                                                 {"variance", 1, 1, true},
                                                 {"stddev", 1, 1, true}}};

const Function* find_function(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &Function::name);
  return found == functions.end() ? nullptr : &*found;
}

}  // namespace

bool is_aggregate(const Expression& expression) {
  if (expression.kind != Kind::call) return false;
  const Function* function = find_function(expression.name);
  return function != nullptr && function->aggregate;
}

void check_call(const Expression& call) {
  const Function* function = find_function(call.name);
  if (function == nullptr) {
    std::vector<std::string> names;
    for (const Function& known : functions) names.emplace_back(known.name);
    refuse(call, "no function '" + call.name + "'" + sql_suggestion(call.name, names));
  }
  const std::size_t given = call.arguments.size();
  if (given >= function->least && given <= function->most) return;
  std::string takes = std::to_string(function->least);
  if (function->most != function->least) takes += " to " + std::to_string(function->most);
  refuse(call, call.name + " takes " + takes + (takes == "1" ? " argument" : " arguments") +
                   ", not " + std::to_string(given));
}

void refuse_aggregates(const Expression& whole, const std::string& where,
                       const std::string& instead) {
  visit_parts(whole, [&](const Expression& part) {
    if (is_aggregate(part))
      refuse(part, "the aggregate " + part.name + " cannot stand in " + where + instead);
    return true;
  });
}

}  // namespace evenkeel

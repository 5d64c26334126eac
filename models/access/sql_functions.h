// The functions of our SQL. What they refuse is an SqlRefusal.
#pragma once

#include <string>

#include "models/access/query.h"

namespace evenkeel {

bool is_aggregate(const Expression& expression);
/// There is such a function, and it takes so many arguments.
void check_call(const Expression& call);
/// `instead`: what the user would do, as "; use HAVING".
void refuse_aggregates(const Expression& whole, const std::string& where,
                       const std::string& instead);

}  // namespace evenkeel

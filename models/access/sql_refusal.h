// How the checks of a query end at the first mistake, with its place.
#pragma once

#include <string>

#include "models/access/query.h"
#include "models/access/sql_lexer.h"

namespace evenkeel {

/// Thrown within a check, and caught by whoever began it.
struct SqlRefusal {
  Error error;
};

[[noreturn]] inline void refuse(const Expression& where, const std::string& what) {
  throw SqlRefusal{sql_error(where.at, what)};
}

}  // namespace evenkeel

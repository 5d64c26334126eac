// Whether the parts of an expression fit together: numbers, texts and blobs do not mix.
#pragma once

#include "models/access/sql_check.h"

namespace evenkeel {

/// Of an expression whose names are resolved; an SqlRefusal where it does not fit.
void check_types(const Expression& whole, const CheckedQuery& checked);

}  // namespace evenkeel

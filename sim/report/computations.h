// What a report says of multi-party computations.
#pragma once

#include <iosfwd>

#include "sim/report/variants.h"

namespace evenkeel::report {

/// What the run says of its protocol; null where it has none.
const MpcResult* promises_of(const Variant& variant);
/// Computations were held, or tried.
bool holds_any(const Variant& variant);

/// Tables of what they cost and of what their protocols promise; nothing if no variant has any.
void write_computations(std::ostream& out, const Study& study);

}  // namespace evenkeel::report

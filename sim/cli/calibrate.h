// `evenkeel mpc --calibrate`: what primitives take here, beside what is built in.
#pragma once

#include <string>

namespace evenkeel {

/// Prints a table; what was measured is kept in the file `out`, if it is named. UserError if it
/// cannot be written.
int calibrate(const std::string& out);

}  // namespace evenkeel

// How an owner enters what it says it has.
#pragma once

#include <cstdint>

namespace evenkeel {

/// Who is honest finds out for itself if its numbers do not fit; who lies, in an experiment, enters
/// them all the same, as a program would that somebody has changed.
enum class Claim : std::uint8_t { honest, lying };

}  // namespace evenkeel

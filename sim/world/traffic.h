// What of the traffic is counted apart.
#pragma once

#include "models/runtime/payload.h"

namespace evenkeel {

/// Messages of multi-party computations, and invitations to them.
constexpr bool is_of_mpc(Port port) { return port == Port::mpc || port == Port::councils; }

}  // namespace evenkeel

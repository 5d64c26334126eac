// Products of several secrets, by a tree of multiplications.
#pragma once

#include "models/mpc/protocol.h"

namespace evenkeel {

/// Of each run of `length` factors: ceil(log2 length) multiplications one after another.
Task<Secrets> products(Protocol& protocol, const Secrets& factors, std::size_t length);

}  // namespace evenkeel

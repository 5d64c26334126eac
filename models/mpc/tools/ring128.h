// The integers modulo 2^128, of two words each, the low one first: Z_2^64 with 64 bits more for
// what authenticates (Cramer, Damgard, Escudero, Scholl and Xing, "SPDZ2k", CRYPTO 2018).
#pragma once

#include "models/mpc/domain.h"

namespace evenkeel {

/// Values are encoded with their sign, and decoded from the low word.
const Domain& ring128();

}  // namespace evenkeel

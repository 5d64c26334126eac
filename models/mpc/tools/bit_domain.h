// GF(2), 64 elements a word: addition is exclusive or, multiplication is and. For bit planes, which
// have no sign: `encode` takes the words as they are.
#pragma once

#include "models/mpc/domain.h"

namespace evenkeel {

const Domain& bit_domain();

}  // namespace evenkeel

// Gamma variates, for the distribution of that name and for sums of exponentials.
#pragma once

#include "models/runtime/random.h"

namespace evenkeel {

/// Gamma with the given shape (above 0) and scale 1: mean and variance are the shape.
double standard_gamma(double shape, Random& random);

}  // namespace evenkeel

// Integrals of powers of x that stay exact where the power comes close to -1: with d near 0,
// (r^d - 1) / d is growth(d log r) log r.
#pragma once

#include <cmath>

#include "models/runtime/portable_math.h"

namespace evenkeel {

/// (e^x - 1) / x; 1 at 0. A relative error of at most 1e-12.
inline double growth(double x) {
  if (std::abs(x) > 1e-3) return (portable::exp(x) - 1) / x;
  return 1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5)));
}

/// log(1 + x) / x for x >= -1; 1 at 0. A relative error of at most 1e-12.
inline double log_growth(double x) {
  if (std::abs(x) > 1e-3) return portable::log(1 + x) / x;
  return 1 - x * (1.0 / 2 - x * (1.0 / 3 - x * (1.0 / 4 - x / 5)));
}

}  // namespace evenkeel

// The measures of a calibration, by kind.
#pragma once

#include "sim/mpc/calibration.h"

namespace evenkeel {

std::vector<Measure> arithmetic_measures();
std::vector<Measure> cryptography_measures();
std::vector<Measure> transfer_measures();

}  // namespace evenkeel

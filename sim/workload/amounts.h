// What the settings of distributions have in common: the size of an amount.
#pragma once

namespace evenkeel {

/// The largest amount (of op, bytes or seconds) that a setting or a file may state: squares and
/// sums of it stay finite.
inline constexpr double max_amount = 1e24;
inline constexpr double least_amount = 1e-24;

}  // namespace evenkeel

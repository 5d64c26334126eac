// Time as every module sees it: whole nanoseconds since the run began, virtual or real.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

namespace evenkeel {

/// A span of time. Whole nanoseconds, so that equal instants are equal on every machine.
using Duration = std::chrono::nanoseconds;
/// An instant: the time since the run began.
using Time = Duration;

inline constexpr Time never = Time::max();

/// Rounds to the nearest nanosecond. Saturates at `never`; a NaN gives zero.
inline Duration seconds(double value) {
  constexpr double limit = 9.2e9;
  if (!(value < limit)) return std::isnan(value) ? Duration::zero() : never;
  if (value < -limit) return -never;
  return Duration{std::llround(value * 1e9)};
}

constexpr double to_seconds(Duration value) { return static_cast<double>(value.count()) * 1e-9; }

}  // namespace evenkeel

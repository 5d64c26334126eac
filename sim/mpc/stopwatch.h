// How long something short takes on a machine that others use, too.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

namespace evenkeel {

/// What the compiler must believe somebody reads.
template <class T>
void use_result(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

/// Nanoseconds of one of the `count` that a call of `body` does: the least of several stretches of
/// at least 2 ms, since others only add to it.
template <class Body>
double least_ns(std::size_t count, Body&& body) {
  using Clock = std::chrono::steady_clock;
  constexpr int stretches = 15;
  constexpr std::chrono::milliseconds shortest{2};
  body();  // caches are warm, memory is there
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < stretches; ++i) {
    const Clock::time_point start = Clock::now();
    std::size_t calls = 0;
    std::chrono::nanoseconds took{};
    do {
      body();
      ++calls;
      took = Clock::now() - start;
    } while (took < shortest);
    least = std::min(least, static_cast<double>(took.count()) / static_cast<double>(calls * count));
  }
  return least;
}

}  // namespace evenkeel

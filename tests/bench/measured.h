// What a piece of work costs, measured in a child process: SimGrid allows one engine a process, and
// a child's memory is its own.
#pragma once

#include <cstdint>
#include <functional>

namespace evenkeel::bench {

struct Measured {
  std::uint64_t requests = 0;
  double cpu_s = 0;  // of the process and its children: unlike wall time, little moved by others
  double wall_s = 0;
  std::uint64_t peak_bytes = 0;  // resident

  double requests_per_cpu_s() const { return static_cast<double>(requests) / cpu_s; }
};

/// Runs the work, which returns how many requests it did, in a child. Throws std::runtime_error if
/// the child fails.
Measured in_a_child(const std::function<std::uint64_t()>& work);

}  // namespace evenkeel::bench

// What preprocessing by transfers costs, where all that compute send the same.
#pragma once

#include <cstdint>

namespace evenkeel {

struct TransferCost {
  std::uint64_t to_each = 0;  // bytes by each to each other
  std::uint64_t opened = 0;   // bytes of each, to be opened in whichever way
  std::uint32_t rounds = 0;   // without those of openings,
  std::uint32_t openings = 0;
  double work_ns = 0;  // of each

  TransferCost& operator+=(const TransferCost& other) {
    to_each += other.to_each;
    opened += other.opened;
    rounds += other.rounds;
    openings += other.openings;
    work_ns += other.work_ns;
    return *this;
  }
};

}  // namespace evenkeel

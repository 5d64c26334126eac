// A device, or a whole population, that goes through states, stays in each for an exponential time
// and asks as a Poisson process at the state's rate: a Markov-modulated Poisson process.
// Fischer & Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance
// Evaluation 18, 1993.
#pragma once

#include <cstdint>
#include <vector>

#include "models/runtime/random.h"
#include "sim/workload/superposed.h"

namespace evenkeel {

/// States that follow each other in a cycle, or each by any other at random. In both cases a state
/// has a share of the time in proportion to its mean sojourn.
struct Chain {
  std::vector<double> levels = {};      // of the rate, by state
  std::vector<double> sojourns_s = {};  // means, by state
  bool cycle = true;

  /// The long-run mean of the level.
  double mean_level() const;
  /// Changes of state per second.
  double changes_per_s() const;
  /// A state, as found at a random time.
  std::uint32_t stationary(Random& random) const;
  std::uint32_t next(std::uint32_t state, Random& random) const;
};

/// All devices are in the same state: they are bursty together.
std::unique_ptr<Modulation> common_chain(const Chain& chain, std::uint64_t seed);

}  // namespace evenkeel

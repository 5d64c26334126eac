// What functions of the owners' sums of powers share: which values a sum goes over.
#pragma once

#include "models/mpc/function.h"

namespace evenkeel {

/// Sums over the owners, place by place, or over all places as well; each owner adds up its own
/// in the clear and in whole numbers, so that a sum is exact.
struct MomentSettings {
  bool pooled = false;

  void describe(Fields& fields) {
    fields.boolean("pooled", pooled,
                   {"one answer for all values together, rather than one for each place"});
  }

  std::size_t groups(const Problem& problem) const { return pooled ? 1 : problem.size; }
  std::uint64_t values_in_group(const Problem& problem) const {
    return std::uint64_t{problem.owners} * (pooled ? problem.size : 1);
  }
  /// That a sum needs beyond those of a value; separately for owners and places, since what one
  /// owner enters must have room without the others'.
  int sum_bits(const Problem& problem) const {
    return bits_of(problem.owners) + (pooled ? bits_of(problem.size) : 0);
  }
  /// For each group its values in the clear.
  std::vector<std::vector<double>> grouped(const std::vector<std::vector<double>>& all,
                                           const Problem& problem) const {
    std::vector<std::vector<double>> values(groups(problem));
    for (const std::vector<double>& own : all)
      for (std::size_t i = 0; i < own.size(); ++i) values[pooled ? 0 : i].push_back(own[i]);
    return values;
  }
};

}  // namespace evenkeel

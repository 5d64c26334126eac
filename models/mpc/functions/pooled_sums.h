// Sums over the rows of many owners, told only where enough rows of enough owners are behind them:
// what a question about a data pool is computed with (models/sharing/pooling).
//
// An owner enters three numbers a group: whether it has rows in it (1 or 0), how many, and the sum
// of their values, each in [0, 1]. Two are told: the rows and the sum over all owners, or zeros.
// That zeros are told is all that anybody learns of a group that is too small.
//
// With epsilon all owners together add discrete Laplace noise (noise.h), half of epsilon for the
// rows and half for the sum: a row more or less changes each by 1 at most, so that a group is
// epsilon-differentially private as to any one row. Groups are then compared by their noisy rows;
// how many owners have rows is compared exactly, which noise does not hide.
#pragma once

#include "models/mpc/function.h"

namespace evenkeel {

struct PooledSumsSettings {
  std::int64_t min_group = 10;  // rows; up to 1 none is hidden
  std::int64_t min_owners = 2;  // who have some of them; up to 1: any
  double epsilon = 0;           // of a group; 0: no noise
  void describe(Fields& fields);

  bool hides_some() const { return min_group > 1 || min_owners > 1; }
};

std::shared_ptr<const Function> pooled_sums(const PooledSumsSettings& settings);

}  // namespace evenkeel

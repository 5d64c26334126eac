// What actions ask of multi-party computation.
#pragma once

#include <string>

#include "models/runtime/result.h"
#include "models/runtime/task.h"

namespace evenkeel {

class SecretComputations {
 public:
  virtual ~SecretComputations() = default;
  /// Holds the computation of that name, of those in ActionSetting::computations.
  virtual Task<Result<Done>> compute(std::string name) = 0;
  /// Has two nodes find what they have in common, of those in ActionSetting::intersections.
  virtual Task<Result<Done>> intersect(std::string name) = 0;
  /// Reads a row, drawn by `key`, of one of ActionSetting::retrievals.
  virtual Task<Result<Done>> retrieve(std::string name, std::uint64_t key) = 0;
};

}  // namespace evenkeel

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
};

}  // namespace evenkeel

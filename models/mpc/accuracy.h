// Whether an answer is as near to plain arithmetic as its function promises.
#pragma once

#include <cmath>
#include <vector>

namespace evenkeel {

/// `error_bound` is the function's (function.h); what doubles themselves round comes on top.
inline bool is_within_bound(const std::vector<double>& answer, const std::vector<double>& right,
                            double error_bound) {
  if (answer.size() != right.size()) return false;
  for (std::size_t i = 0; i < right.size(); ++i)
    if (!(std::abs(answer[i] - right[i]) <= error_bound * (1 + 1e-9) + 1e-9 * std::abs(right[i])))
      return false;
  return true;
}

}  // namespace evenkeel

#include "models/mpc/functions/linear_system.h"

#include <cmath>
#include <limits>

namespace evenkeel {

std::vector<double> solved(const Symmetric& a, std::span<const double> b) {
  const std::size_t n = a.size();
  Symmetric lower(n);  // L of A = L L'; at(j, i) with j <= i is L_ij
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = a.at(i, j);
      for (std::size_t k = 0; k < j; ++k) rest -= lower.at(i, k) * lower.at(j, k);
      if (i == j && !(rest > 0))
        return std::vector<double>(n, std::numeric_limits<double>::quiet_NaN());
      lower.at(i, j) = i == j ? std::sqrt(rest) : rest / lower.at(j, j);
    }
  std::vector<double> x(b.begin(), b.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= lower.at(i, k) * x[k];
    x[i] /= lower.at(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= lower.at(k, i) * x[k];
    x[i] /= lower.at(i, i);
  }
  return x;
}

}  // namespace evenkeel

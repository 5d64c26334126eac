#include "models/processing/exact_sum.h"

#include <cmath>
#include <utility>

namespace evenkeel {

void ExactSum::add(double x) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < partials_.size(); ++i) {
    double y = partials_[i];
    if (std::abs(x) < std::abs(y)) std::swap(x, y);
    const double high = x + y;
    const double low = y - (high - x);
    if (low != 0) partials_[kept++] = low;
    x = high;
  }
  partials_.resize(kept);
  if (x != 0) partials_.push_back(x);
}

void ExactSum::merge(const ExactSum& other) {
  const std::vector<double> theirs = other.partials_;
  for (const double partial : theirs) add(partial);
}

double ExactSum::value() const {
  std::size_t left = partials_.size();
  if (left == 0) return 0;
  double high = partials_[--left];
  double low = 0;
  while (left > 0) {
    const double x = high;
    const double y = partials_[--left];
    high = x + y;
    low = y - (high - x);
    if (low != 0) break;
  }
  // Exactly half way between two doubles, but for what follows: that decides.
  if (left > 0 && low != 0 && (low < 0) == (partials_[left - 1] < 0)) {
    const double twice = low * 2;
    const double other = high + twice;
    if (other - high == twice) high = other;
  }
  return high;
}

std::vector<double> ExactSum::terms() const {
  std::vector<double> terms;
  ExactSum rest = *this;
  for (double term = rest.value(); term != 0; term = rest.value()) {
    terms.push_back(term);
    rest.add(-term);
  }
  return terms;
}

bool ExactSum::set_terms(const std::vector<double>& terms) {
  constexpr std::size_t most = 64;  // 2,100 bits hold any sum of doubles
  if (terms.size() > most) return false;
  ExactSum sum;
  for (const double term : terms) {
    if (!(std::abs(term) < 1e300)) return false;
    sum.add(term);
  }
  if (sum.terms() != terms) return false;
  *this = std::move(sum);
  return true;
}

}  // namespace evenkeel

// Small symmetric systems of equations, solved in the clear.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace evenkeel {

/// A symmetric matrix of which only the upper triangle is kept, row by row.
class Symmetric {
 public:
  explicit Symmetric(std::size_t size) : size_(size), upper_(size * (size + 1) / 2, 0) {}

  std::size_t size() const { return size_; }
  double& at(std::size_t i, std::size_t j) { return upper_[place(i, j)]; }
  double at(std::size_t i, std::size_t j) const { return upper_[place(i, j)]; }
  static std::size_t entries(std::size_t size) { return size * (size + 1) / 2; }

 private:
  std::size_t place(std::size_t i, std::size_t j) const {
    if (i > j) std::swap(i, j);
    return i * size_ - i * (i + 1) / 2 + j;
  }

  std::size_t size_;
  std::vector<double> upper_;
};

/// x of A x = b by Cholesky's decomposition; not numbers unless A is positive definite.
std::vector<double> solved(const Symmetric& a, std::span<const double> b);

}  // namespace evenkeel

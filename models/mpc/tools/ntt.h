// Polynomials over a field with roots of unity, from coefficients to values at the roots and back
// (the number-theoretic transform), and at one further point.
#pragma once

#include <bit>
#include <span>
#include <utility>
#include <vector>

#include "models/mpc/words.h"
#include "models/runtime/check.h"

namespace evenkeel {

/// Of a field: wiped when they are given up.
template <class F>
using Elements = std::vector<F, WipingAllocator<F>>;

/// For polynomials of degree below n, a power of two.
template <class F>
class Ntt {
 public:
  explicit Ntt(std::size_t n) : roots_(n), shift_(1) {
    EVENKEEL_CHECK(std::has_single_bit(n), "not a power of two");
    const int bits = std::countr_zero(n);
    const F root = F::root_of_order(bits);
    roots_[0] = F{1};
    for (std::size_t i = 1; i < n; ++i) roots_[i] = roots_[i - 1] * root;
    shift_ = F::root_of_order(bits + 1);
    inverse_of_n_ = F{n}.inverse();
  }

  std::size_t size() const { return roots_.size(); }
  /// The i-th power of the root of order n, at which i-th values are.
  F root(std::size_t i) const { return roots_[i]; }

  /// From coefficients to values.
  void values(std::span<F> of) const {
    const std::size_t n = size();
    reverse_bits(of);
    for (std::size_t half = 1; half < n; half *= 2) {
      const std::size_t stride = n / (2 * half);
      for (std::size_t start = 0; start < n; start += 2 * half)
        for (std::size_t i = start, r = 0; i < start + half; ++i, r += stride) {
          const F odd = of[i + half] * roots_[r];
          of[i + half] = of[i] - odd;
          of[i] += odd;
        }
    }
  }
  void coefficients(std::span<F> of) const { scaled_coefficients(of, inverse_of_n_, F{1}); }
  /// From values at the roots of order n to those halfway between them: at s, s w, s w^2, ...,
  /// where s is the root of order 2n.
  void values_between(std::span<F> of) const {
    scaled_coefficients(of, inverse_of_n_, shift_);
    values(of);
  }

  /// By which to multiply n values, and add up, for the value at `point`.
  Elements<F> weights_at(F point) const {
    // L_i(t) = w^i / n * prod_{j != i} (t - w^j)
    const std::size_t n = size();
    Elements<F> weights(n);
    F before = inverse_of_n_;
    for (std::size_t i = 0; i < n; ++i) {
      weights[i] = before * roots_[i];
      before *= point - roots_[i];
    }
    F after{1};
    for (std::size_t i = n; i-- > 0;) {
      weights[i] *= after;
      after *= point - roots_[i];
    }
    return weights;
  }

 private:
  // Coefficient i is multiplied by factor * step^i too.
  void scaled_coefficients(std::span<F> of, F factor, F step) const {
    values(of);
    for (std::size_t i = 1; 2 * i < size(); ++i) std::swap(of[i], of[size() - i]);
    for (std::size_t i = 0; i < size(); ++i, factor *= step) of[i] *= factor;
  }
  static void reverse_bits(std::span<F> of) {
    for (std::size_t i = 1, j = 0; i < of.size(); ++i) {
      std::size_t bit = of.size() / 2;
      for (; (j & bit) != 0; bit /= 2) j ^= bit;
      j ^= bit;
      if (i < j) std::swap(of[i], of[j]);
    }
  }

  Elements<F> roots_;
  F shift_;
  F inverse_of_n_;
};

}  // namespace evenkeel

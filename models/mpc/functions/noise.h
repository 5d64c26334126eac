// Noise of whole numbers that many owners add up: each adds a share, and the sum makes the answer
// differentially private, although nobody knows it.
//
// Discrete Laplace with scale t, P(z) ~ exp(-|z|/t): the sum over n owners of differences of two
// Polya variables, which are negative binomial with 1/n instead of a whole number of successes
// (Goryczka & Xiong, "A comprehensive comparison of multiparty secure additions with differential
// privacy", IEEE TDSC 14(5), 2017; for the geometric mechanism, Ghosh, Roughgarden & Sundararajan,
// "Universally utility-maximizing privacy mechanisms", STOC 2009). Of L1 sensitivity D it gives
// epsilon = D/t.
//
// Discrete Gaussian, P(z) ~ exp(-z^2 / (2 s^2)) (Canonne, Kamath & Steinke, "The discrete Gaussian
// for differential privacy", NeurIPS 2020). Each owner adds one with variance s^2/n: the sum is all
// but such a one with s^2, closer than 10 n exp(-pi^2 s^2 / n) (Kairouz, Liu
// & Steinke, "The distributed discrete Gaussian mechanism for federated learning with secure
// aggregation", ICML 2021). Of L2 sensitivity D it gives concentrated privacy of D^2 / (2 s^2).
//
// An owner that colludes or drops out takes its share away: of h honest owners among n, the noise
// left has h/n of the variance. Uniform numbers have 53 bits here, so that chances are right to
// 2^-53 or so.
#pragma once

#include "models/mpc/function.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

struct Noise {
  enum class Kind { laplace, gaussian };
  Kind kind = Kind::laplace;
  double scale = 1;  // t, or s: of the sum of all shares

  /// One of `owners` shares; never larger than most(), so that sums do not overflow.
  std::int64_t share(Prg& prg, std::uint32_t owners) const;
  /// What the sum exceeds with a chance of 2^-40 at most.
  std::uint64_t tail() const;
  /// What a share exceeds with a chance of 2^-80 or so; it is cut off there.
  std::uint64_t most() const { return 2 * tail(); }
};

}  // namespace evenkeel

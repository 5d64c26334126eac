#include "models/mpc/functions/noise.h"

#include <algorithm>
#include <cmath>

#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

// In (0, 1].
double uniform(Prg& prg) { return static_cast<double>((prg.word() >> 11) + 1) * 0x1.0p-53; }

// Of mean up to some tens (Knuth's product of uniforms).
std::int64_t poisson(Prg& prg, double mean) {
  const double limit = portable::exp(-mean);
  std::int64_t count = 0;
  for (double product = uniform(prg); product > limit; product *= uniform(prg)) ++count;
  return count;
}

// P(k) ~ p^k / k for k >= 1 (Kemp, "Efficient generation of logarithmically distributed
// pseudo-random variables", Applied Statistics 30, 1981, algorithm LS).
double logarithmic(Prg& prg, double log_of_rest) {
  const double q = 1 - portable::exp(log_of_rest * uniform(prg));
  if (!(q > 0)) return 1;
  return 1 + std::floor(portable::log(uniform(prg)) / portable::log(q));
}

// Negative binomial with 1/owners successes: a Poisson number of logarithmic ones.
double polya(Prg& prg, double scale, std::uint32_t owners) {
  const double log_of_rest = portable::log(1 - portable::exp(-1 / scale));
  double sum = 0;
  for (std::int64_t i = poisson(prg, -log_of_rest / owners); i > 0; --i)
    sum += logarithmic(prg, log_of_rest);
  return sum;
}

double geometric(Prg& prg, double scale) {
  return std::floor(-scale * portable::log(uniform(prg)));
}

// From discrete Laplace by rejection (Canonne et al. 2020, algorithm 3).
double discrete_gaussian(Prg& prg, double sigma) {
  const double scale = std::floor(sigma) + 1;
  for (;;) {
    const double above = geometric(prg, scale);
    const double z = above - geometric(prg, scale);
    const double beside = std::abs(z) - sigma * sigma / scale;
    if (uniform(prg) <= portable::exp(-beside * beside / (2 * sigma * sigma))) return z;
  }
}

}  // namespace

std::int64_t Noise::share(Prg& prg, std::uint32_t owners) const {
  double drawn = 0;
  if (kind == Kind::laplace) {
    drawn = polya(prg, scale, owners);
    drawn -= polya(prg, scale, owners);
  } else {
    drawn = discrete_gaussian(prg, scale / std::sqrt(static_cast<double>(owners)));
  }
  const auto limit = static_cast<double>(most());
  return static_cast<std::int64_t>(std::clamp(drawn, -limit, limit));
}

// Laplace: P(|z| >= m) = 2 exp(-m/t) / (1 + exp(-1/t)) <= 2 exp(-m/t). Gaussian: 2 exp(-m^2/2s^2),
// for the discrete one is sub-Gaussian with the same parameter (Canonne et al. 2020).
std::uint64_t Noise::tail() const {
  const double nats = 41 * 0.6931471805599453;
  const double tail = kind == Kind::laplace ? scale * nats : scale * std::sqrt(2 * nats);
  return static_cast<std::uint64_t>(std::ceil(tail)) + 1;
}

}  // namespace evenkeel

// Random numbers that are the same on every machine: xoshiro256++ streams, and distributions that
// use no library whose last bit may differ (portable_math.h).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace evenkeel {

/// One stream of random numbers (Blackman & Vigna, "Scrambled linear pseudorandom number
/// generators", 2021: xoshiro256++, period 2^256 - 1). A UniformRandomBitGenerator.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit Random(std::uint64_t seed);

  /// The stream for one purpose of one run: streams with other names or indices are independent,
  /// so that two policies compared under one seed see the same arrivals.
  static Random stream(std::uint64_t run_seed, std::string_view purpose, std::uint64_t index = 0);

  static constexpr std::uint64_t min() { return 0; }
  static constexpr std::uint64_t max() { return std::numeric_limits<std::uint64_t>::max(); }

  std::uint64_t operator()() {
    const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
  /// Uniform in {0, ..., n-1}, without bias (Lemire 2019). n must be above 0.
  std::uint64_t below(std::uint64_t n);
  /// True with probability p.
  bool chance(double p) { return uniform() < p; }
  /// Exponential with mean 1.
  double exponential();
  /// Normal with mean 0 and variance 1 (Marsaglia's polar method).
  double normal();
  /// Laplace with mean 0 and the given scale: variance 2 scale^2.
  double laplace(double scale);

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
  }

  std::array<std::uint64_t, 4> state_;
};

/// A well-mixed 64-bit hash of a number (the finaliser of splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return x;
}

}  // namespace evenkeel

#include "models/runtime/random.h"

#include <cmath>

#include "models/runtime/portable_math.h"

namespace evenkeel {

Random::Random(std::uint64_t seed) {
  // splitmix64, as the authors of xoshiro advise.
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15ULL;
    word = mix(seed);
  }
}

Random Random::stream(std::uint64_t run_seed, std::string_view purpose, std::uint64_t index) {
  std::uint64_t hash = mix(run_seed + 0x9e3779b97f4a7c15ULL);
  for (const char letter : purpose)
    hash = mix(hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  return Random{mix(hash ^ mix(index + 0x632be59bd9b4e019ULL))};
}

std::uint64_t Random::below(std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>((*this)()) * n;
  if (static_cast<std::uint64_t>(product) < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (static_cast<std::uint64_t>(product) < threshold)
      product = static_cast<Wide>((*this)()) * n;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Random::exponential() { return -portable::log(1.0 - uniform()); }

double Random::normal() {
  while (true) {
    const double x = 2.0 * uniform() - 1.0;
    const double y = 2.0 * uniform() - 1.0;
    const double s = x * x + y * y;
    if (s < 1.0 && s > 0.0) return x * std::sqrt(-2.0 * portable::log(s) / s);
  }
}

double Random::laplace(double scale) {
  const double magnitude = scale * exponential();
  return chance(0.5) ? magnitude : -magnitude;
}

}  // namespace evenkeel

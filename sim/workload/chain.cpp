#include "sim/workload/chain.h"

#include <algorithm>
#include <numeric>

namespace evenkeel {
namespace {

class CommonChain final : public Modulation {
 public:
  CommonChain(const Chain& chain, std::uint64_t seed)
      : chain_(chain), random_(Random::stream(seed, "common chain")) {
    enter(chain_.stationary(random_), 0);
  }

  Piece piece(double at_s) override {
    const double longest = *std::ranges::max_element(chain_.sojourns_s);
    // After so many sojourns (nobody asked in between) the past is forgotten, to e^-1000.
    if (at_s - until_s_ > 1000 * longest) enter(chain_.stationary(random_), at_s);
    while (until_s_ <= at_s) enter(chain_.next(state_, random_), until_s_);
    return {chain_.levels[state_], until_s_};
  }

 private:
  void enter(std::uint32_t state, double at_s) {
    state_ = state;
    until_s_ = at_s + chain_.sojourns_s[state] * random_.exponential();
  }

  Chain chain_;
  Random random_;
  std::uint32_t state_ = 0;
  double until_s_ = 0;
};

}  // namespace

double Chain::mean_level() const {
  const double total = std::accumulate(sojourns_s.begin(), sojourns_s.end(), 0.0);
  return std::inner_product(levels.begin(), levels.end(), sojourns_s.begin(), 0.0) / total;
}

double Chain::changes_per_s() const {
  const double total = std::accumulate(sojourns_s.begin(), sojourns_s.end(), 0.0);
  return static_cast<double>(sojourns_s.size()) / total;
}

std::uint32_t Chain::stationary(Random& random) const {
  double u = random.uniform() * std::accumulate(sojourns_s.begin(), sojourns_s.end(), 0.0);
  std::uint32_t state = 0;
  while (state + 1 < sojourns_s.size() && u >= sojourns_s[state]) u -= sojourns_s[state++];
  return state;
}

std::uint32_t Chain::next(std::uint32_t state, Random& random) const {
  const auto count = static_cast<std::uint32_t>(levels.size());
  const std::uint64_t step = cycle || count == 1 ? 1 : 1 + random.below(count - 1);
  return static_cast<std::uint32_t>((state + step) % count);
}

std::unique_ptr<Modulation> common_chain(const Chain& chain, std::uint64_t seed) {
  return std::make_unique<CommonChain>(chain, seed);
}

}  // namespace evenkeel

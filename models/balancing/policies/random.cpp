// Random: any server, with equal chances or in proportion to capacity. Keeps no state and sends no
// message; each of n servers under Poisson arrivals is an M/G/1 queue of its own. The floor that
// every other policy has to beat.
#include <algorithm>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class RandomServer final : public Policy {
 public:
  struct Settings {
    bool weighted = false;

    void describe(Fields& fields) {
      fields.boolean("weighted", weighted,
                     {"choose in proportion to capacity (cores x speed), not evenly"});
    }
  };

  RandomServer(const Settings& settings, const PolicyContext& context) : random_(context.random) {
    if (!settings.weighted) return;
    double sum = 0;
    for (const Candidate& candidate : context.candidates) {
      sum += std::max(candidate.weight, 0.0);
      weight_up_to_.push_back(sum);
    }
    if (!(sum > 0)) weight_up_to_.clear();
  }

  ServerIndex pick(const Job&, const View& view) override {
    if (weight_up_to_.empty()) return any_of(view.eligible, random_);
    // A draw among all, repeated while it hits an ejected server, is a draw among the eligible.
    for (int attempt = 0; attempt < 16; ++attempt) {
      const ServerIndex server = weighted_draw();
      if (view.is_eligible(server)) return server;
    }
    return weighted_draw_among(view.eligible);
  }

 private:
  ServerIndex weighted_draw() {
    const double point = random_.uniform() * weight_up_to_.back();
    const auto place = std::ranges::upper_bound(weight_up_to_, point);
    const auto index = static_cast<std::size_t>(place - weight_up_to_.begin());
    return static_cast<ServerIndex>(std::min(index, weight_up_to_.size() - 1));
  }

  /// Takes time in proportion to the servers; for when most of the weight is ejected.
  ServerIndex weighted_draw_among(std::span<const ServerIndex> servers) {
    double total = 0;
    for (const ServerIndex server : servers) total += weight(server);
    if (!(total > 0)) return any_of(servers, random_);
    double point = random_.uniform() * total;
    for (const ServerIndex server : servers) {
      point -= weight(server);
      if (point < 0) return server;
    }
    return servers.back();
  }

  double weight(ServerIndex server) const {
    return weight_up_to_[server] - (server == 0 ? 0.0 : weight_up_to_[server - 1]);
  }

  std::vector<double> weight_up_to_;  // sums of the weights 0 .. i; empty: evenly
  Random& random_;
};

const Registered entry{policies(), policy_entry<RandomServer>("random", "takes any server")};

}  // namespace
}  // namespace evenkeel

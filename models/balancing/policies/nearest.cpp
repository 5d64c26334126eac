// Nearest: the server with the shortest round trip, whatever its load; equally near ones at random.
// No state, no message. What most edges do today: each site a queue of its own, which collapses
// when the load is uneven over the sites (Ali-Eldin et al., "The hidden cost of the edge", SC
// 2021).
#include <algorithm>
#include <numeric>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class Nearest final : public Policy {
 public:
  using Settings = NoSettings;

  Nearest(const Settings&, const PolicyContext& context)
      : round_trips_(context.round_trips), order_(round_trips_.size()), random_(context.random) {
    std::iota(order_.begin(), order_.end(), 0U);
    std::ranges::stable_sort(order_, {}, [&](ServerIndex i) { return round_trip(i); });
    while (nearest_ < order_.size() && round_trip(order_[nearest_]) == round_trip(order_[0]))
      ++nearest_;
  }

  ServerIndex pick(const Job&, const View& view) override {
    if (view.eligible.size() == order_.size())
      return any_of(std::span{order_}.first(nearest_), random_);
    return nearest_eligible(view);
  }

 private:
  Duration round_trip(ServerIndex server) const { return round_trips_[server]; }

  ServerIndex nearest_eligible(const View& view) {
    std::optional<ServerIndex> found;
    std::uint64_t ties = 0;
    for (const ServerIndex server : order_) {
      if (found && round_trip(server) > round_trip(*found)) break;
      if (view.is_eligible(server) && random_.below(++ties) == 0) found = server;
    }
    return found.value_or(view.eligible.front());
  }

  std::span<const Duration> round_trips_;
  std::vector<ServerIndex> order_;  // by round trip
  std::size_t nearest_ = 0;         // so many at its head are equally near
  Random& random_;
};

const Registered entry{policies(),
                       policy_entry<Nearest>("nearest", "takes the server that is nearest")};

}  // namespace
}  // namespace evenkeel

// Round robin: one server after the other. Keeps a place in the list and sends no message; under
// Poisson arrivals from one balancer each of n servers is an E_n/M/1 queue. Starts at a random
// place, so that many balancers do not go round in step.
#include <algorithm>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class RoundRobin final : public Policy {
 public:
  using Settings = NoSettings;

  RoundRobin(const Settings&, const PolicyContext& context)
      : next_(static_cast<ServerIndex>(context.random.below(context.candidates.size()))) {}

  ServerIndex pick(const Job&, const View& view) override {
    const auto after = std::ranges::lower_bound(view.eligible, next_);
    const ServerIndex server = after != view.eligible.end() ? *after : view.eligible.front();
    next_ = server + 1;
    return server;
  }

 private:
  ServerIndex next_;
};

const Registered entry{policies(),
                       policy_entry<RoundRobin>("round_robin", "takes one server after the other")};

}  // namespace
}  // namespace evenkeel

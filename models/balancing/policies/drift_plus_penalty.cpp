// Drift plus penalty (Lyapunov optimisation): at each request choose what minimises
// V x price + queue joined. Neely, "Stochastic network optimization", 2010; Mao et al.,
// arXiv 1702.00892. The cloud has a price for each request and a queue that never grows, home has a
// queue and no price: offload iff Q >= V p, a threshold K = ceil(V p), hence M/M/1/K exactly.
// The cost comes within O(1/V) of the least possible, the queue grows as O(V). Asks home only.
#include "models/balancing/policies/places.h"

namespace evenkeel {
namespace {

class DriftPlusPenalty final : public Policy {
 public:
  struct Settings {
    double v = 4;
    double price = 1;

    void describe(Fields& fields) {
      fields.number("v", v, Unit::none,
                    {"how much a unit of price weighs against a request in the queue", 0, 1e9});
      fields.number("price", price, Unit::none, {"of one request sent to the cloud", 0, 1e9});
    }
  };

  DriftPlusPenalty(const Settings& settings, const PolicyContext& context)
      : penalty_(settings.v * settings.price), places_(context), random_(context.random) {}

  void consider(const Job&, const View& view, std::vector<ServerIndex>& wanted) override {
    for (const ServerIndex server : places_.home)
      if (view.is_eligible(server)) wanted.push_back(server);
  }

  ServerIndex pick(const Job&, const View& view) override {
    const auto home = least_eligible(places_.home, view, random_,
                                     [&](ServerIndex server) { return view.load(server); });
    if (home && view.load(*home) < penalty_) return *home;
    const auto cloud = least_eligible(places_.cloud, view, random_, [&](ServerIndex server) {
      return static_cast<double>(view.in_flight[server]);
    });
    if (cloud) return *cloud;
    return home ? *home : any_of(view.eligible, random_);
  }

 private:
  double penalty_;
  Places places_;
  Random& random_;
};

const Registered entry{
    policies(),
    policy_entry<DriftPlusPenalty>(
        "drift_plus_penalty", "offloads to the cloud when the queue at home outweighs its price")};

}  // namespace
}  // namespace evenkeel

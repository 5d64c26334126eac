// Cloud only: every request goes to the central data centre: one big queue, far away. The baseline
// that an edge must beat, and beats less often than one thinks (edge inversion: Ali-Eldin et al.,
// "The hidden cost of the edge", SC 2021). No message. Without an eligible server in the cloud,
// requests go to any.
#include "models/balancing/policies/places.h"

namespace evenkeel {
namespace {

class CloudOnly final : public Policy {
 public:
  enum class Among { least_loaded, nearest, random };

  struct Settings {
    Among among = Among::least_loaded;

    void describe(Fields& fields) {
      static constexpr std::string_view ways[] = {"least_loaded", "nearest", "random"};
      option(fields, "among", among, ways,
             {"which of several servers in the cloud: the one with the fewest own requests in "
              "flight per capacity, the nearest, or any"});
    }
  };

  CloudOnly(const Settings& settings, const PolicyContext& context)
      : settings_(settings),
        candidates_(context.candidates),
        round_trips_(context.round_trips),
        cloud_(Places{context}.cloud),
        random_(context.random) {}

  ServerIndex pick(const Job&, const View& view) override {
    const auto best = least_eligible(cloud_, view, random_,
                                     [&](ServerIndex server) { return cost(server, view); });
    return best ? *best : any_of(view.eligible, random_);
  }

 private:
  double cost(ServerIndex server, const View& view) const {
    if (settings_.among == Among::nearest) return to_seconds(round_trips_[server]);
    if (settings_.among == Among::random) return 0;
    const double weight = candidates_[server].weight;
    return view.in_flight[server] / (weight > 0 ? weight : 1.0);
  }

  Settings settings_;
  std::span<const Candidate> candidates_;
  std::span<const Duration> round_trips_;
  std::vector<ServerIndex> cloud_;
  Random& random_;
};

const Registered entry{policies(),
                       policy_entry<CloudOnly>("cloud_only", "sends everything to the cloud")};

}  // namespace
}  // namespace evenkeel

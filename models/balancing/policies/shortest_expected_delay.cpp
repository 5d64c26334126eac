// Shortest expected delay (SED): the server where the request would be done first if all requests
// were of mean size: (q + 1) / mu for one core; with c cores it waits only for q + 1 - c others.
// The answer to unequal hardware, where the shortest queue may be the slow one's. Costs a question
// to every server wherever loads must be asked for.
#include <algorithm>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class ShortestExpectedDelay final : public Policy {
 public:
  struct Settings {
    Duration service{};

    void describe(Fields& fields) {
      fields.duration("service", service,
                      {"mean computing time of a request on a core of mean speed; if given, the "
                       "round trip to the server counts too",
                       0});
    }
  };

  ShortestExpectedDelay(const Settings& settings, const PolicyContext& context)
      : random_(context.random) {
    double mean_speed = 0;
    for (const Candidate& candidate : context.candidates) mean_speed += candidate.speed;
    mean_speed /= static_cast<double>(context.candidates.size());
    const double service = to_seconds(settings.service);
    for (ServerIndex i = 0; i < context.candidates.size(); ++i) {
      const Candidate& candidate = context.candidates[i];
      servers_.push_back({static_cast<double>(std::max(candidate.cores, 1U)),
                          mean_speed / std::max(candidate.speed, 1e-9 * mean_speed),
                          service > 0 ? to_seconds(context.round_trips[i]) / service : 0.0});
    }
  }

  void consider(const Job&, const View& view, std::vector<ServerIndex>& wanted) override {
    wanted.insert(wanted.end(), view.eligible.begin(), view.eligible.end());
  }

  ServerIndex pick(const Job&, const View& view) override {
    return least_considered(view, random_, [&](ServerIndex i) {
      const Server& server = servers_[i];
      const double ahead = std::max(0.0, view.load(i) + 1 - server.cores) / server.cores;
      return server.travel + (1 + ahead) * server.service;
    });
  }

 private:
  /// Times are in mean services on a core of mean speed.
  struct Server {
    double cores;
    double service;
    double travel;
  };

  std::vector<Server> servers_;
  Random& random_;
};

const Registered entry{
    policies(), policy_entry<ShortestExpectedDelay>("shortest_expected_delay",
                                                    "takes the server that would be done first")};

}  // namespace
}  // namespace evenkeel

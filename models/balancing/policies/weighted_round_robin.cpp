// Smooth weighted round robin, as in NGINX (ngx_http_upstream_round_robin.c): turns in proportion
// to capacity, spread out and never in bursts: weights 5, 1, 1 give aabacaa. Each pick adds every
// server's weight to its credit and charges the total to the richest, of equals to the first: time
// in proportion to the servers, no message.
#include <algorithm>
#include <cmath>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class WeightedRoundRobin final : public Policy {
 public:
  struct Settings {
    std::int64_t max_fails = 1;

    void describe(Fields& fields) {
      fields.integer("max_fails", max_fails,
                     {"a server loses its weight after so many failures in a row, and regains it "
                      "by and by with each pick; 0: failures do not count",
                      0, 1000});
    }
  };

  WeightedRoundRobin(const Settings& settings, const PolicyContext& context)
      : settings_(settings), servers_(context.candidates.size()) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const double weight = std::clamp(context.candidates[i].weight, 1.0 / unit, 1e6);
      servers_[i].weight = servers_[i].effective = std::llround(weight * unit);
    }
  }

  ServerIndex pick(const Job&, const View& view) override {
    std::int64_t total = 0;
    ServerIndex best = view.eligible.front();
    for (const ServerIndex i : view.eligible) {
      Server& server = servers_[i];
      server.credit += server.effective;
      total += server.effective;
      server.effective = std::min(server.weight, server.effective + unit);
      if (server.credit > servers_[best].credit) best = i;
    }
    servers_[best].credit -= total;
    return best;
  }

  void finished(ServerIndex server, const Outcome& outcome, Time) override {
    if (outcome.ok || settings_.max_fails == 0) return;
    Server& failed = servers_[server];
    failed.effective =
        std::max<std::int64_t>(0, failed.effective - failed.weight / settings_.max_fails);
  }

 private:
  /// Weights are whole multiples of 1/unit, so that credits stay exact however long a run is.
  static constexpr std::int64_t unit = 1 << 20;

  struct Server {
    std::int64_t weight = 0;
    std::int64_t effective = 0;  // the weight, less what failures took
    std::int64_t credit = 0;
  };

  Settings settings_;
  std::vector<Server> servers_;
};

const Registered entry{
    policies(), policy_entry<WeightedRoundRobin>(
                    "weighted_round_robin", "takes turns in proportion to capacity, smoothly")};

}  // namespace
}  // namespace evenkeel

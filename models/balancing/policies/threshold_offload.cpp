// Threshold offloading: serve at home while fewer than `threshold` requests are there, else send to
// the cloud (exactly M/M/1/K), or to the least loaded of some random peers if it has strictly less:
// LL(F,T) of Beraldi & Alnuweiri, "Exploiting power-of-choices for load balancing in fog
// computing", 2019. Peers are asked only when home is believed to be full: far fewer questions than
// the power of two choices asks.
#include "models/balancing/policies/places.h"

namespace evenkeel {
namespace {

class ThresholdOffload final : public Policy {
 public:
  enum class To { cloud, peers };

  struct Settings {
    std::int64_t threshold = 4;
    To to = To::cloud;
    std::int64_t peers = 1;

    void describe(Fields& fields) {
      static constexpr std::string_view targets[] = {"cloud", "peers"};
      fields.integer(
          "threshold", threshold,
          {"requests queued or in service at home from which on it counts as full", 0, 1'000'000});
      option(fields, "to", to, targets, {"where a request goes when home is full"});
      fields.integer("peers", peers, {"random peers asked when home is full", 1, 1000});
    }
  };

  ThresholdOffload(const Settings& settings, const PolicyContext& context)
      : settings_(settings), places_(context), random_(context.random) {}

  void consider(const Job&, const View& view, std::vector<ServerIndex>& wanted) override {
    for (const ServerIndex server : places_.home)
      if (view.is_eligible(server)) wanted.push_back(server);
    const bool home_seems_full = !wanted.empty() && full(best_at_home(view), view);
    if (settings_.to == To::peers && (wanted.empty() || home_seems_full)) add_peers(view, wanted);
  }

  ServerIndex pick(const Job&, const View& view) override {
    const std::optional<ServerIndex> home = best_at_home(view);
    if (home && !full(home, view)) return *home;
    const std::optional<ServerIndex> away = best_away(view);
    if (home && away && settings_.to == To::peers && !(view.load(*away) < view.load(*home)))
      return *home;
    if (away) return *away;
    return home ? *home : any_of(view.eligible, random_);
  }

 private:
  std::optional<ServerIndex> best_at_home(const View& view) {
    return least_eligible(places_.home, view, random_,
                          [&](ServerIndex server) { return view.load(server); });
  }

  bool full(std::optional<ServerIndex> server, const View& view) const {
    return server && view.load(*server) >= static_cast<double>(settings_.threshold);
  }

  std::optional<ServerIndex> best_away(const View& view) {
    if (settings_.to == To::cloud)
      return least_eligible(places_.cloud, view, random_, [&](ServerIndex server) {
        return static_cast<double>(view.in_flight[server]);
      });
    asked_.clear();
    std::ranges::set_difference(sorted(view.considered), places_.home, std::back_inserter(asked_));
    // Home may have filled up since its load was asked for: then beliefs must do.
    if (asked_.empty()) add_peers(view, asked_);
    return least_eligible(asked_, view, random_,
                          [&](ServerIndex server) { return view.load(server); });
  }

  std::span<const ServerIndex> sorted(std::span<const ServerIndex> servers) {
    sorted_.assign(servers.begin(), servers.end());
    std::ranges::sort(sorted_);
    return sorted_;
  }

  /// Adds some random eligible peers: a few draws at first, since ejected ones are rare.
  void add_peers(const View& view, std::vector<ServerIndex>& wanted) {
    const auto count = static_cast<std::size_t>(settings_.peers);
    drawn_.clear();
    sample_distinct(places_.peers, count, random_, drawn_);
    const auto is_ejected = [&](ServerIndex server) { return !view.is_eligible(server); };
    if (std::erase_if(drawn_, is_ejected) > 0) {
      sorted_.clear();
      std::ranges::set_intersection(places_.peers, view.eligible, std::back_inserter(sorted_));
      drawn_.clear();
      sample_distinct(sorted_, count, random_, drawn_);
    }
    wanted.insert(wanted.end(), drawn_.begin(), drawn_.end());
  }

  Settings settings_;
  Places places_;
  Random& random_;
  std::vector<ServerIndex> asked_, sorted_, drawn_;  // kept for their memory only
};

const Registered entry{policies(), policy_entry<ThresholdOffload>(
                                       "threshold_offload",
                                       "serves at home, and sends away what exceeds a threshold")};

}  // namespace
}  // namespace evenkeel

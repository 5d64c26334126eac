// Locality aware: requests stay in their zone as far as its servers suffice, and spill over beyond
// that, as in Envoy: by capacity (zone-aware routing: from the known demand of each zone), by load
// (from loads asked for once a period) or by health (priorities: as far as servers of the zone are
// ejected, to other edges, then to the cloud). Only `load` costs messages, and only it notices that
// a zone is hot for a while.
#include "models/balancing/policies/locality_aware.h"

#include <algorithm>
#include <numeric>

#include "models/balancing/policy.h"
#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

class LocalityAware final : public Policy {
 public:
  enum class Spill { capacity, load, health };
  enum class Within { least_loaded, random };

  struct Settings {
    Spill spill = Spill::capacity;
    Within within = Within::least_loaded;
    std::int64_t min_servers = 6;
    bool weighted = false;
    LoadAwareTerms load = {};
    Duration period = seconds(1);
    Duration smoothing = seconds(5);

    void describe(Fields& fields) {
      static constexpr std::string_view spills[] = {"capacity", "load", "health"};
      static constexpr std::string_view ways[] = {"least_loaded", "random"};
      option(fields, "spill", spill, spills,
             {"what decides how many requests leave the zone: its share of the servers against its "
              "share of the requests, how busy its servers are, or how many of them are ejected"});
      option(fields, "within", within, ways,
             {"which server of a zone: the one with the fewest own requests in flight per "
              "capacity, or any"});
      fields.integer("min_servers", min_servers,
                     {"with fewer servers in all, zones do not matter; not used with spill: health",
                      1, 1'000'000});
      fields.boolean("weighted", weighted, {"count capacity (cores x speed), not servers"});
      fields.number("headroom", load.headroom, Unit::none,
                    {"a zone keeps its requests while its utilisation exceeds that of the others "
                     "by no more than this; used with spill: load",
                     0, 1});
      fields.number("remote_share", load.remote_share, Unit::none,
                    {"of the requests that would stay, so many leave all the same; used with "
                     "spill: load",
                     0, 1});
      fields.duration("period", period,
                      {"how often loads are looked at; used with spill: load", 1e-6});
      fields.duration("smoothing", smoothing,
                      {"time constant of a zone's utilisation; used with spill: load", 1e-6});
    }
  };

  LocalityAware(const Settings& settings, const PolicyContext& context)
      : settings_(settings), candidates_(context.candidates), random_(context.random) {
    find_zones(context);
    utilisation_.assign(zones_.size(), 0);
    const double passed = to_seconds(settings.period) / to_seconds(settings.smoothing);
    newest_weight_ = 1 - portable::exp(-passed);
  }

  void consider(const Job&, const View& view, std::vector<ServerIndex>& wanted) override {
    if (settings_.spill == Spill::load && view.now >= next_look_)
      wanted.insert(wanted.end(), view.eligible.begin(), view.eligible.end());
  }

  ServerIndex pick(const Job&, const View& view) override {
    const bool look =
        settings_.spill == Spill::load && view.now >= next_look_ && !view.considered.empty();
    if (look) look_at_loads(view);
    if (look || eligible_changed(view)) split(view);
    if (!zones_matter_) return pick_among(view.eligible, view);
    const double point = random_.uniform() * share_up_to_.back();
    const auto place = std::ranges::upper_bound(share_up_to_, point) - share_up_to_.begin();
    const std::size_t zone = std::min(static_cast<std::size_t>(place), zones_.size() - 1);
    return pick_among(zones_[zone].servers, view);
  }

 private:
  struct Zone {
    std::uint32_t number;
    double demand;
    std::vector<ServerIndex> servers;
  };

  /// With spill: health these take the place of the zones' numbers.
  static constexpr std::uint32_t home = 0, elsewhere = 1, cloud = 2;

  void find_zones(const PolicyContext& context) {
    const bool levels = settings_.spill == Spill::health;
    const auto number_of = [&](const Candidate& candidate) {
      if (!levels) return candidate.zone;
      return candidate.zone == context.zone ? home : candidate.cloud ? cloud : elsewhere;
    };
    std::vector<std::uint32_t> numbers{levels ? home : context.zone};
    for (const Candidate& candidate : candidates_) numbers.push_back(number_of(candidate));
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const std::uint32_t number : numbers) {
      const bool known = number < context.zone_demand.size();
      zones_.push_back({number, known ? context.zone_demand[number] : 0.0, {}});
    }
    for (ServerIndex i = 0; i < candidates_.size(); ++i) {
      zone_of_.push_back(index_of(number_of(candidates_[i])));
      zones_[zone_of_.back()].servers.push_back(i);
    }
    local_ = index_of(levels ? home : context.zone);
  }

  std::size_t index_of(std::uint32_t number) const {
    const auto place = std::ranges::lower_bound(zones_, number, {}, &Zone::number);
    return static_cast<std::size_t>(place - zones_.begin());
  }

  double size(ServerIndex server) const {
    return settings_.weighted ? std::max(candidates_[server].weight, 0.0) : 1.0;
  }

  bool eligible_changed(const View& view) const {
    const std::size_t all = candidates_.size();
    if (eligible_.size() == all && view.eligible.size() == all) return false;
    return !std::ranges::equal(view.eligible, eligible_);
  }

  /// How busy each zone is, smoothed over time.
  void look_at_loads(const View& view) {
    std::vector<double> busy(zones_.size(), 0.0);
    std::vector<double> total(zones_.size(), 0.0);
    for (const ServerIndex server : view.eligible) {
      const double cores = std::max(candidates_[server].cores, 1U);
      busy[zone_of_[server]] += size(server) * std::clamp(view.load(server) / cores, 0.0, 1.0);
      total[zone_of_[server]] += size(server);
    }
    const double newest = next_look_ == Time::zero() ? 1.0 : newest_weight_;
    for (std::size_t zone = 0; zone < zones_.size(); ++zone)
      if (total[zone] > 0)
        utilisation_[zone] += newest * (busy[zone] / total[zone] - utilisation_[zone]);
    next_look_ = view.now + settings_.period;
  }

  void split(const View& view) {
    eligible_.assign(view.eligible.begin(), view.eligible.end());
    const std::vector<double> capacity = by_zone(eligible_);
    const auto inhabited = std::ranges::count_if(capacity, [](double c) { return c > 0; });
    const bool enough = settings_.spill == Spill::health ||
                        eligible_.size() >= static_cast<std::size_t>(settings_.min_servers);
    zones_matter_ = inhabited > 1 && enough;
    if (!zones_matter_) return;
    const std::vector<double> shares = shares_for(capacity);
    share_up_to_.resize(shares.size());
    std::inclusive_scan(shares.begin(), shares.end(), share_up_to_.begin());
  }

  std::vector<double> by_zone(std::span<const ServerIndex> servers) const {
    std::vector<double> sizes(zones_.size(), 0.0);
    for (const ServerIndex server : servers) sizes[zone_of_[server]] += size(server);
    return sizes;
  }

  std::vector<double> shares_for(std::vector<double> capacity) const {
    if (settings_.spill == Spill::health) {
      std::vector<ServerIndex> all(candidates_.size());
      std::iota(all.begin(), all.end(), 0U);
      return priority_split(capacity, by_zone(all));
    }
    normalise(capacity);
    if (settings_.spill == Spill::load)
      return load_aware_split(local_, capacity, utilisation_, settings_.load);
    std::vector<double> demand;
    for (const Zone& zone : zones_) demand.push_back(zone.demand);
    return zone_aware_split(local_, demand, capacity);
  }

  ServerIndex pick_among(std::span<const ServerIndex> servers, const View& view) {
    const auto picked = least_eligible(servers, view, random_, [&](ServerIndex server) {
      if (settings_.within == Within::random) return 0.0;
      const double weight = candidates_[server].weight;
      return view.in_flight[server] / (weight > 0 ? weight : 1.0);
    });
    return picked ? *picked : any_of(view.eligible, random_);
  }

  Settings settings_;
  std::span<const Candidate> candidates_;
  std::vector<Zone> zones_;           // by number
  std::vector<std::size_t> zone_of_;  // by server, an index into zones_
  std::size_t local_ = 0;             // likewise
  std::vector<double> utilisation_;   // by zone
  double newest_weight_ = 1;
  Time next_look_{};
  std::vector<ServerIndex> eligible_;  // for which the shares below hold
  bool zones_matter_ = false;
  std::vector<double> share_up_to_;  // sums of the zones' shares, 0 .. i
  Random& random_;
};

const Registered entry{policies(),
                       policy_entry<LocalityAware>("locality_aware",
                                                   "stays in the zone as far as its servers "
                                                   "suffice, then spills over")};

}  // namespace
}  // namespace evenkeel

// Prequal: probes random servers in the background, keeps the newest answers in a small pool, takes
// the quickest of its servers that are not hot; if all are, the one with the fewest requests.
// Wydrowski et al., NSDI 2024. `probes` questions and answers a request, none while it waits. With
// few servers (n <= m) the paper's reuse limit has no value: an answer serves `max_reuse` times, or
// until a newer one of its server replaces it, or its age ends it.
#include "models/balancing/policies/prequal.h"

#include <algorithm>
#include <cmath>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

/// The recent RIFs that probes reported, in order of size, for their quantile.
class RecentRif {
 public:
  void add(double rif) {
    if (in_order_.size() == capacity) {
      in_order_.erase(std::ranges::lower_bound(in_order_, by_age_[oldest_]));
      by_age_[oldest_] = rif;
      oldest_ = (oldest_ + 1) % capacity;
    } else {
      by_age_.push_back(rif);
    }
    in_order_.insert(std::ranges::upper_bound(in_order_, rif), rif);
  }

  /// The least value that a share q of all do not exceed; there must be one. At q = 1 none is hot.
  double quantile(double q) const {
    if (q >= 1) return std::numeric_limits<double>::infinity();
    const double rank = std::ceil(q * static_cast<double>(in_order_.size()));
    return in_order_[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  }

 private:
  static constexpr std::size_t capacity = 128;
  std::vector<double> by_age_;  // a ring
  std::size_t oldest_ = 0;
  std::vector<double> in_order_;
};

class Prequal final : public Policy {
 public:
  struct Settings {
    std::int64_t pool = 16;
    double probes = 3;
    double removals = 1;
    double rif_quantile = 0.84;
    Duration max_age = seconds(1);
    double delta = 1;
    std::int64_t max_reuse = 16;

    void describe(Fields& fields) {
      fields.integer("pool", pool, {"answers to probes kept at most", 2, 1000});
      fields.number("probes", probes, Unit::none,
                    {"servers probed for each request, on average", 0, 100});
      fields.number("removals", removals, Unit::none,
                    {"answers dropped from the pool for each request, on average: the oldest and "
                     "the worst by turns",
                     0, 100});
      fields.number("rif_quantile", rif_quantile, Unit::none,
                    {"a server is hot if its requests in flight exceed this quantile of recent "
                     "answers; 0: only requests in flight count, 1: only latency",
                     0, 1});
      fields.duration("max_age", max_age, {"an older answer is not used", 1e-6});
      fields.number("delta", delta, Unit::none,
                    {"surplus of the reuse limit (1 + delta) / net probes gained", 0, 100});
      fields.integer(
          "max_reuse", max_reuse,
          {"an answer is used at most so often, whatever the reuse limit says", 1, 1'000'000});
    }
  };

  Prequal(const Settings& settings, const PolicyContext& context)
      : settings_(settings), random_(context.random) {
    const double limit = reuse_limit({.pool = static_cast<double>(settings.pool),
                                      .servers = static_cast<double>(context.candidates.size()),
                                      .probes = settings.probes,
                                      .removals = settings.removals,
                                      .delta = settings.delta});
    reuse_ = std::min(limit, static_cast<double>(settings.max_reuse));
    pool_.reserve(static_cast<std::size_t>(settings.pool));
  }

  ServerIndex pick(const Job&, const View& view) override {
    std::erase_if(pool_,
                  [&](const Answer& answer) { return view.now - answer.at > settings_.max_age; });
    const std::size_t best = best_answer(view);
    if (best == none) return any_of(view.eligible, random_);
    const ServerIndex server = pool_[best].server;
    use(best);
    for (std::int64_t left = rounded(settings_.removals); left > 0; --left) remove_one();
    return server;
  }

  void probe(const View& view, std::vector<ServerIndex>& wanted) override {
    sample_distinct(view.eligible, static_cast<std::size_t>(rounded(settings_.probes)), random_,
                    wanted);
  }

  void probed(ServerIndex server, const Report& report, Time now) override {
    recent_.add(report.load);
    const auto known = std::ranges::find(pool_, server, &Answer::server);
    if (known != pool_.end()) {
      pool_.erase(known);
    } else if (pool_.size() == static_cast<std::size_t>(settings_.pool)) {
      pool_.erase(pool_.begin());
    }
    pool_.push_back({server, report.load, report.latency, now, rounded(reuse_)});
  }

 private:
  struct Answer {
    ServerIndex server;
    double rif;  // as reported, and one more for each use since
    Duration latency;
    Time at;
    std::int64_t uses_left;
  };

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  bool better(const Answer& a, const Answer& b, double hot_above) const {
    const bool a_hot = a.rif > hot_above;
    const bool b_hot = b.rif > hot_above;
    if (a_hot != b_hot) return b_hot;
    return a_hot ? a.rif < b.rif : a.latency < b.latency;
  }

  /// The place in the pool of the best answer, equal ones at random; `none` if the pool holds fewer
  /// than two eligible servers.
  std::size_t best_answer(const View& view) {
    if (pool_.size() < 2) return none;
    const double hot_above = recent_.quantile(settings_.rif_quantile);
    std::size_t best = none;
    std::size_t usable = 0;
    std::uint64_t ties = 0;
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      if (!view.is_eligible(pool_[i].server)) continue;
      ++usable;
      if (best == none || better(pool_[i], pool_[best], hot_above)) {
        best = i;
        ties = 1;
      } else if (!better(pool_[best], pool_[i], hot_above) && random_.below(++ties) == 0) {
        best = i;
      }
    }
    return usable < 2 ? none : best;
  }

  void use(std::size_t place) {
    Answer& answer = pool_[place];
    answer.rif += 1;
    if (--answer.uses_left <= 0) pool_.erase(pool_.begin() + static_cast<std::ptrdiff_t>(place));
  }

  /// Leaves two: with fewer the policy would choose blindly.
  void remove_one() {
    if (pool_.size() <= 2) return;
    remove_worst_ = !remove_worst_;
    if (!remove_worst_) {
      pool_.erase(pool_.begin());
      return;
    }
    const double hot_above = recent_.quantile(settings_.rif_quantile);
    pool_.erase(std::ranges::max_element(
        pool_, [&](const Answer& a, const Answer& b) { return better(a, b, hot_above); }));
  }

  /// A whole number next to x whose mean is x.
  std::int64_t rounded(double x) {
    const double whole = std::floor(x);
    const bool up = x > whole && random_.chance(x - whole);
    return static_cast<std::int64_t>(whole) + (up ? 1 : 0);
  }

  Settings settings_;
  double reuse_ = 1;
  std::vector<Answer> pool_;  // oldest first, one a server at most
  RecentRif recent_;
  bool remove_worst_ = true;
  Random& random_;
};

const Registered entry{
    policies(), policy_entry<Prequal>(
                    "prequal", "takes the quickest server not hot of a pool of background probes")};

}  // namespace
}  // namespace evenkeel

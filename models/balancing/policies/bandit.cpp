// Bandits: servers are arms, latency is their cost. epsilon_greedy takes any server now and then,
// else the least mean; ucb1 the least mean - scale L sqrt(2 ln t / n_i), L the mean over all (Auer
// et al. 2002); old answers leave a window or fade (Garivier & Moulines, ALT 2011). Costs no
// message. Answers come late and the chosen arm gets worse, so that a pure bandit herds: the
// estimate is multiplied by the own requests in flight plus one unless told otherwise.
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/balancing/policy.h"
#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

/// What was seen of each arm: how many answers, and their latencies in seconds.
class Arms {
 public:
  enum class Memory { all, window, discount };

  struct Terms {
    Memory memory = Memory::window;
    std::int64_t window = 1000;
    double discount = 0.99;
  };

  Arms(const Terms& terms, std::size_t arms) : terms_(terms), arms_(arms) {}

  void add(ServerIndex arm, Duration latency) {
    if (terms_.memory == Memory::window) {
      remember(arm, latency);
    } else {
      change(arm, weight_, latency);
      if (terms_.memory == Memory::discount) fade();
    }
  }

  /// Answers counted of the arm; with a discount, the faded ones in part.
  double count(ServerIndex arm) const { return settled(arms_[arm].count / weight_); }
  double total() const { return settled(all_.count / weight_); }
  double mean(ServerIndex arm) const { return arms_[arm].latency_s / arms_[arm].count; }
  double mean() const { return total() > 0 ? all_.latency_s / all_.count : 0.0; }

 private:
  struct Seen {
    double count = 0;
    double latency_s = 0;
  };
  struct Answer {
    ServerIndex arm;
    Duration latency;
  };

  static double settled(double count) { return count < 1e-3 ? 0.0 : count; }

  void change(ServerIndex arm, double by, Duration latency) {
    for (Seen* seen : {&arms_[arm], &all_}) {
      seen->count += by;
      seen->latency_s += by * to_seconds(latency);
    }
  }

  void remember(ServerIndex arm, Duration latency) {
    if (window_.size() < static_cast<std::size_t>(terms_.window)) {
      window_.push_back({arm, latency});
    } else {
      Answer& oldest = window_[oldest_];
      change(oldest.arm, -1, oldest.latency);
      if (arms_[oldest.arm].count == 0) arms_[oldest.arm] = {};  // leaves no rounding error
      oldest = {arm, latency};
      oldest_ = (oldest_ + 1) % window_.size();
    }
    change(arm, 1, latency);
  }

  /// All that was seen fades: rather, what is yet to come weighs more.
  void fade() {
    weight_ /= terms_.discount;
    if (weight_ < 1e100) return;
    for (Seen& seen : arms_) seen = {seen.count / weight_, seen.latency_s / weight_};
    all_ = {all_.count / weight_, all_.latency_s / weight_};
    weight_ = 1;
  }

  Terms terms_;
  std::vector<Seen> arms_;
  Seen all_;
  double weight_ = 1;           // of the next answer
  std::vector<Answer> window_;  // a ring
  std::size_t oldest_ = 0;
};

class Bandit final : public Policy {
 public:
  enum class Rule { epsilon_greedy, ucb1 };

  struct Settings {
    Rule rule = Rule::epsilon_greedy;
    double epsilon = 0.1;
    double scale = 1;
    Arms::Terms arms = {};
    bool in_flight = true;
    Duration failure_latency = seconds(5);

    void describe(Fields& fields) {
      static constexpr std::string_view rules[] = {"epsilon_greedy", "ucb1"};
      static constexpr std::string_view memories[] = {"all", "window", "discount"};
      option(fields, "rule", rule, rules, {"how it explores"});
      fields.number("epsilon", epsilon, Unit::none,
                    {"share of requests sent to any server; used with epsilon_greedy", 0, 1});
      fields.number("scale", scale, Unit::none, {"taste for exploring; used with ucb1", 0, 1000});
      option(fields, "memory", arms.memory, memories,
             {"which answers count: all, the last ones, or all with less and less weight"});
      fields.integer("window", arms.window,
                     {"how many of the last answers; used with memory: window", 1, 1'000'000});
      fields.number("discount", arms.discount, Unit::none,
                    {"factor by which an answer fades at each newer one; used with memory: "
                     "discount",
                     0.5, 1});
      fields.boolean("in_flight", in_flight,
                     {"multiply the estimate by the own requests in flight, plus one"});
      fields.duration("failure_latency", failure_latency,
                      {"a failure counts as an answer that took at least so long", 0});
    }
  };

  Bandit(const Settings& settings, const PolicyContext& context)
      : settings_(settings),
        arms_(settings.arms, context.candidates.size()),
        random_(context.random) {}

  ServerIndex pick(const Job&, const View& view) override {
    if (settings_.rule == Rule::epsilon_greedy && random_.chance(settings_.epsilon))
      return any_of(view.eligible, random_);
    const double average = arms_.mean();
    const double seen = std::max(arms_.total(), 1.0);
    const double reach = settings_.rule == Rule::ucb1
                             ? settings_.scale * average * std::sqrt(2 * portable::log(seen))
                             : 0.0;
    return least(view.eligible, random_, [&](ServerIndex server) {
      return cost(server, view.in_flight[server], average, reach);
    });
  }

  void finished(ServerIndex server, const Outcome& outcome, Time) override {
    arms_.add(server,
              outcome.ok ? outcome.latency : std::max(outcome.latency, settings_.failure_latency));
  }

 private:
  /// An arm of which nothing is known is tried first, but not by many requests at once.
  double cost(ServerIndex server, std::uint32_t in_flight, double average, double reach) const {
    const double n = arms_.count(server);
    if (n == 0 && in_flight == 0) return -std::numeric_limits<double>::infinity();
    const double estimate = n == 0 ? average : arms_.mean(server) - reach / std::sqrt(n);
    if (!settings_.in_flight) return estimate;
    return std::max(estimate, 0.0) * (in_flight + 1.0);
  }

  Settings settings_;
  Arms arms_;
  Random& random_;
};

const Registered entry{policies(),
                       policy_entry<Bandit>("bandit",
                                            "learns which server answers soonest, and goes on "
                                            "trying others")};

}  // namespace
}  // namespace evenkeel

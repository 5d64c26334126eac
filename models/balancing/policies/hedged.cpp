// Hedged requests: places by another policy, and sends a second copy elsewhere if no answer came
// within a delay, fixed or a high quantile of recent latencies. Dean & Barroso, "The tail at
// scale", CACM 56(2), 2013: after the 95th percentile, copies add about 5 % of load. A budget
// bounds them, so that an overload is not fed with copies (as the throttle of gRPC's A6 does).
#include <algorithm>

#include "models/balancing/policies/wrapper.h"

namespace evenkeel {
namespace {

/// A quantile of the most recent latencies, brought up to date now and then.
class RecentLatency {
 public:
  explicit RecentLatency(double quantile) : quantile_(quantile) {}

  void add(Duration latency) {
    if (recent_.size() < window) {
      recent_.push_back(latency);
    } else {
      recent_[oldest_] = latency;
      oldest_ = (oldest_ + 1) % window;
    }
    if (++since_update_ > recent_.size() / 20) update();
  }

  std::size_t size() const { return recent_.size(); }
  Duration value() const { return value_; }

 private:
  static constexpr std::size_t window = 1000;

  void update() {
    since_update_ = 0;
    sorting_ = recent_;
    const auto last = static_cast<double>(sorting_.size() - 1);
    const auto place = sorting_.begin() + static_cast<std::ptrdiff_t>(quantile_ * last);
    std::nth_element(sorting_.begin(), place, sorting_.end());
    value_ = *place;
  }

  double quantile_;
  std::vector<Duration> recent_;  // a ring
  std::size_t oldest_ = 0;
  std::size_t since_update_ = 0;
  std::vector<Duration> sorting_;
  Duration value_{};
};

class Hedged final : public Wrapper {
 public:
  enum class After { quantile, delay };

  struct Settings {
    Wrapped policy = {"power_of_d"};
    After after = After::quantile;
    double quantile = 0.95;
    std::int64_t min_samples = 100;
    Duration delay = seconds(0.01);
    std::int64_t max_copies = 2;
    double budget = 0.1;

    void describe(Fields& fields) {
      static constexpr std::string_view ways[] = {"quantile", "delay"};
      policy.describe(fields, "policy", {"the policy that places each copy"});
      option(fields, "after", after, ways,
             {"what a copy waits for: a quantile of recent latencies, or a fixed delay"});
      fields.number("quantile", quantile, Unit::none,
                    {"of the last 1000 latencies; used with after: quantile", 0, 1});
      fields.integer(
          "min_samples", min_samples,
          {"no copies before so many latencies are known; used with after: quantile", 1, 1000});
      fields.duration("delay", delay,
                      {"how long a copy waits, 0: both go at once; used with after: delay", 0});
      fields.integer("max_copies", max_copies, {"copies in all, the first included", 2, 5});
      fields.number("budget", budget, Unit::none,
                    {"further copies, as a share of all requests, at most", 0, 4});
    }
  };

  Hedged(const Settings& settings, const PolicyContext& context)
      : Wrapper(settings.policy, context), settings_(settings), recent_(settings.quantile) {}

  void sent(ServerIndex server, Time now) override {
    ++copies_sent_;
    Wrapper::sent(server, now);
  }

  void finished(ServerIndex server, const Outcome& outcome, Time now) override {
    if (outcome.ok) recent_.add(outcome.latency);
    Wrapper::finished(server, outcome, now);
  }

  std::optional<Hedge> hedge(const Job&, const View&) override {
    ++requests_;
    const double further = static_cast<double>(copies_sent_) - static_cast<double>(requests_);
    constexpr double at_first = 1;  // so that the first request may be hedged
    if (further >= settings_.budget * static_cast<double>(requests_) + at_first)
      return std::nullopt;
    if (settings_.after == After::delay) return plan(settings_.delay);
    if (recent_.size() < static_cast<std::size_t>(settings_.min_samples)) return std::nullopt;
    return plan(recent_.value());
  }

 private:
  Hedge plan(Duration delay) const {
    return {delay, static_cast<std::uint32_t>(settings_.max_copies)};
  }

  Settings settings_;
  RecentLatency recent_;
  std::uint64_t requests_ = 0;
  std::uint64_t copies_sent_ = 0;  // the first of each request included
};

const Registered entry{policies(),
                       policy_entry<Hedged>("hedged",
                                            "places by another policy, and sends a second copy if "
                                            "the answer is late")};

}  // namespace
}  // namespace evenkeel

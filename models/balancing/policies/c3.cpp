// C3: scores each server by its recent response and service times and by a cube of its estimated
// queue, takes the best, and keeps below the rate that each server is seen to serve: if all are at
// their limit the request waits at the balancer. Suresh et al., "C3: cutting tail latency in cloud
// data stores via adaptive replica selection", NSDI 2015; constants of the authors' simulator.
// Costs nothing but a report in each reply. The cube keeps clients from all rushing to one server.
#include "models/balancing/policies/c3.h"

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class C3 final : public Policy {
 public:
  struct Settings {
    double alpha = 0.9;
    std::int64_t exponent = 3;
    bool rate_control = true;
    C3RateTerms rate = {};

    void describe(Fields& fields) {
      fields.number("alpha", alpha, Unit::none,
                    {"weight of the newest answer in the means kept of a server", 0.001, 1});
      fields.integer("exponent", exponent,
                     {"power of the estimated queue in a server's score", 1, 10});
      fields.boolean("rate_control", rate_control,
                     {"limit the rate to each server, and hold requests when all are at theirs"});
      fields.duration("interval", rate.interval, {"time over which rates are counted", 1e-6, 3600});
      fields.number("initial_rate", rate.initial, Unit::none,
                    {"requests an interval to each server, at first", 0.01, 1e6});
      fields.number("burst", rate.burst, Unit::none,
                    {"requests that may be sent at once after a pause", 1, 1e6});
      fields.number("beta", rate.beta, Unit::none,
                    {"factor of the rate when answers come slower than requests go", 0.001, 1});
      fields.number("gamma", rate.gamma, Unit::none,
                    {"steepness of the cubic growth of the rate, per cubic millisecond", 1e-12, 1});
      fields.number("max_step", rate.max_step, Unit::none,
                    {"largest growth of the rate at one answer", 0, 1e6});
    }
  };

  C3(const Settings& settings, const PolicyContext& context)
      : settings_(settings),
        clients_(static_cast<double>(context.balancers)),
        servers_(context.candidates.size()),
        rates_(context.candidates.size(), C3Rate{settings.rate}),
        random_(context.random) {}

  ServerIndex pick(const Job&, const View& view) override {
    constexpr double last_resort = 1e30;
    return least(view.eligible, random_, [&](ServerIndex server) {
      const double others = view.in_flight[server] * clients_;
      const double score = servers_[server].score(others, static_cast<int>(settings_.exponent));
      return may_send(server, view.now) ? score : score + last_resort;
    });
  }

  Duration hold(const Job&, const View& view) override {
    if (!settings_.rate_control) return {};
    Duration shortest = never;
    for (const ServerIndex server : view.eligible) {
      shortest = std::min(shortest, rates_[server].wait(settings_.rate, view.now));
      if (shortest == Duration::zero()) break;
    }
    return shortest;
  }

  void sent(ServerIndex server, Time now) override { rates_[server].sent(settings_.rate, now); }

  void finished(ServerIndex server, const Outcome& outcome, Time now) override {
    const double response_s = to_seconds(outcome.latency);
    if (const Report* report = outcome.report) {
      servers_[server].observe(response_s, to_seconds(report->service), report->load,
                               settings_.alpha);
    } else {
      servers_[server].observe(response_s, settings_.alpha);
    }
    if (outcome.ok) rates_[server].answered(settings_.rate, now);
  }

  bool wants_reports() const override { return true; }

 private:
  bool may_send(ServerIndex server, Time now) const {
    return !settings_.rate_control || rates_[server].wait(settings_.rate, now) == Duration::zero();
  }

  Settings settings_;
  double clients_;
  std::vector<C3Server> servers_;
  std::vector<C3Rate> rates_;
  Random& random_;
};

const Registered entry{policies(),
                       policy_entry<C3>("c3",
                                        "scores servers by latency and cubed queue, and "
                                        "limits the rate to each")};

}  // namespace
}  // namespace evenkeel

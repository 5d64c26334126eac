// Peak EWMA: of two servers drawn at random, the one with the smaller product of recent latency and
// own requests in flight (plus one). From Twitter's Finagle; defaults of Linkerd, arithmetic of
// tower (load/peak_ewma.rs). Costs no message and reacts to a slow server at once, but sees only
// what this balancer sent, and takes a server that fails fast for a fast one unless told otherwise.
#include "models/balancing/policies/peak_ewma.h"

#include <algorithm>

#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class PeakEwma final : public Policy {
 public:
  struct Settings {
    Duration decay = seconds(10);
    Duration default_latency = seconds(0.03);
    std::int64_t choices = 2;
    Duration failure_latency{};

    void describe(Fields& fields) {
      fields.duration("decay", decay, {"time constant with which a latency estimate falls", 1e-6});
      fields.duration("default_latency", default_latency,
                      {"what a server is believed to take before it first answered", 0});
      fields.integer("choices", choices, {"servers drawn for each request", 1, 1000});
      fields.duration("failure_latency", failure_latency,
                      {"a failure counts as an answer that took at least so long; 0: as its own "
                       "time, so that fast failures attract requests",
                       0});
    }
  };

  PeakEwma(const Settings& settings, const PolicyContext& context)
      : settings_(settings),
        decay_s_(to_seconds(settings.decay)),
        estimates_(context.candidates.size(), PeakEstimate{to_seconds(settings.default_latency)}),
        random_(context.random) {}

  ServerIndex pick(const Job&, const View& view) override {
    drawn_.clear();
    sample_distinct(view.eligible, static_cast<std::size_t>(settings_.choices), random_, drawn_);
    return least(drawn_, random_, [&](ServerIndex server) {
      return estimates_[server].read(view.now, decay_s_) * (view.in_flight[server] + 1.0);
    });
  }

  void finished(ServerIndex server, const Outcome& outcome, Time now) override {
    const Duration latency =
        outcome.ok ? outcome.latency : std::max(outcome.latency, settings_.failure_latency);
    estimates_[server].observe(to_seconds(latency), now, decay_s_);
  }

 private:
  Settings settings_;
  double decay_s_;
  std::vector<PeakEstimate> estimates_;  // by server
  std::vector<ServerIndex> drawn_;       // kept for its memory only
  Random& random_;
};

const Registered entry{
    policies(),
    policy_entry<PeakEwma>("peak_ewma",
                           "of two servers, takes the one with less latency x requests in flight")};

}  // namespace
}  // namespace evenkeel

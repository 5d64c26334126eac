// Power of d choices, SQ(d): sample d servers, join the least loaded of them.
// Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001.
// Two choices shorten queues exponentially against one. Costs d questions and a round trip for each
// request wherever loads must be asked for.
#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class PowerOfD final : public Policy {
 public:
  struct Settings {
    std::int64_t d = 2;
    bool replacement = false;

    void describe(Fields& fields) {
      fields.integer("d", d, {"servers sampled for each request", 1, 1000});
      fields.boolean("replacement", replacement,
                     {"may one server be sampled twice (as Envoy does)"});
    }
  };

  PowerOfD(const Settings& settings, const PolicyContext& context)
      : settings_(settings), random_(context.random) {}

  void consider(const Job&, const View& view, std::vector<ServerIndex>& sample) override {
    const auto d = static_cast<std::size_t>(settings_.d);
    if (settings_.replacement) {
      for (std::size_t i = 0; i < d; ++i) sample.push_back(any_of(view.eligible, random_));
      return;
    }
    sample_distinct(view.eligible, d, random_, sample);
  }

  ServerIndex pick(const Job&, const View& view) override {
    return least_considered(view, random_, [&](ServerIndex server) { return view.load(server); });
  }

 private:
  Settings settings_;
  Random& random_;
};

const Registered entry{
    policies(),
    policy_entry<PowerOfD>("power_of_d", "samples d servers and takes the least loaded of them")};

}  // namespace
}  // namespace evenkeel

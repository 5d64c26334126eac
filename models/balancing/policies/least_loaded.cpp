// Least loaded: the fewest of this balancer's own requests in flight, for its capacity (least
// connections). Costs no message. With one balancer it comes close to the shortest queue; with
// many, each sees its own share only, and in the limit it chooses between zero and zero.
#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class LeastLoaded final : public Policy {
 public:
  struct Settings {
    bool weighted = true;
    bool count_new = false;

    void describe(Fields& fields) {
      fields.boolean("weighted", weighted,
                     {"divide by capacity (cores x speed): requests in flight per weight"});
      fields.boolean("count_new", count_new,
                     {"count the request to be placed too, so that of idle servers the stronger "
                      "one is taken, not any"});
    }
  };

  LeastLoaded(const Settings& settings, const PolicyContext& context)
      : count_new_(settings.count_new ? 1.0 : 0.0), random_(context.random) {
    for (const Candidate& candidate : context.candidates) {
      const bool usable = settings.weighted && candidate.weight > 0;
      inverse_weight_.push_back(usable ? 1 / candidate.weight : 1.0);
    }
  }

  ServerIndex pick(const Job&, const View& view) override {
    return least(view.eligible, random_, [&](ServerIndex server) {
      return (view.in_flight[server] + count_new_) * inverse_weight_[server];
    });
  }

 private:
  double count_new_;
  std::vector<double> inverse_weight_;
  Random& random_;
};

const Registered entry{
    policies(), policy_entry<LeastLoaded>(
                    "least_loaded", "takes the server with the fewest own requests in flight")};

}  // namespace
}  // namespace evenkeel

// Consistent hashing: requests of one key go to one server, and when a server comes or goes only
// its own keys move. Karger et al., STOC 1997; ring of many points a server, as in libketama and
// Envoy. No state, no message. Uneven: with v points a server and n servers the fullest gets about
// 1 + sqrt(2 ln n / v) times the mean, and a popular key is never shared.
#include "models/balancing/hashing.h"

namespace evenkeel {
namespace {

class ConsistentHash final : public Policy {
 public:
  struct Settings {
    HashRing::Terms ring = {};
    /// Not a setting: the ring, for all balancers that are made with these settings.
    std::shared_ptr<SharedTable<HashRing>> shared = std::make_shared<SharedTable<HashRing>>();

    void describe(Fields& fields) {
      fields.integer("points", ring.points,
                     {"places on the ring for a server of mean weight", 1, 100'000});
      fields.boolean("weighted", ring.weighted, {"places in proportion to capacity"});
    }
  };

  ConsistentHash(const Settings& settings, const PolicyContext& context)
      : ring_(settings.shared->get(context.candidates, [&](std::span<const Candidate> candidates) {
          return HashRing{candidates, settings.ring};
        })) {}

  ServerIndex pick(const Job& job, const View& view) override {
    std::size_t position = ring_->home(hash_key(job.key));
    while (!view.is_eligible(ring_->server(position))) position = ring_->next(position);
    return ring_->server(position);
  }

 private:
  std::shared_ptr<const HashRing> ring_;
};

const Registered entry{policies(),
                       policy_entry<ConsistentHash>("consistent_hash",
                                                    "takes the server that owns the key's place on "
                                                    "a ring")};

}  // namespace
}  // namespace evenkeel

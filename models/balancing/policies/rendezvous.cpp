// Rendezvous hashing (highest random weight): every server draws a number from the key, the highest
// wins. Thaler & Ravishankar, IEEE/ACM ToN 6(1), 1998; weights by -w / ln u (Schindelhauer &
// Schomaker, SPAA 2005). Shares are exactly in proportion to the weights, and a server that comes
// or goes moves its own keys only, evenly. Time in proportion to the servers, no message.
#include <limits>

#include "models/balancing/hashing.h"
#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

class Rendezvous final : public Policy {
 public:
  struct Settings {
    bool weighted = true;

    void describe(Fields& fields) {
      fields.boolean("weighted", weighted, {"shares in proportion to capacity"});
    }
  };

  Rendezvous(const Settings& settings, const PolicyContext& context)
      : weights_(relative_weights(context.candidates, settings.weighted)) {
    for (const Candidate& candidate : context.candidates)
      names_.push_back(hash_text(candidate.name));
    for (const double weight : weights_) alike_ = alike_ && weight == weights_.front();
  }

  ServerIndex pick(const Job& job, const View& view) override {
    const std::uint64_t key = hash_key(job.key);
    return alike_ ? highest_draw(key, view.eligible) : highest_weighted_draw(key, view.eligible);
  }

 private:
  ServerIndex highest_draw(std::uint64_t key, std::span<const ServerIndex> servers) const {
    ServerIndex best = servers.front();
    std::uint64_t highest = 0;
    for (const ServerIndex server : servers) {
      const std::uint64_t draw = mix(key ^ names_[server]);
      if (draw < highest) continue;
      highest = draw;
      best = server;
    }
    return best;
  }

  ServerIndex highest_weighted_draw(std::uint64_t key, std::span<const ServerIndex> servers) const {
    ServerIndex best = servers.front();
    double highest = -std::numeric_limits<double>::infinity();
    for (const ServerIndex server : servers) {
      const std::uint64_t draw = mix(key ^ names_[server]);
      const double u = (static_cast<double>(draw >> 11) + 0.5) * 0x1.0p-53;
      const double score = -weights_[server] / portable::log(u);
      if (score <= highest) continue;
      highest = score;
      best = server;
    }
    return best;
  }

  std::vector<double> weights_;
  std::vector<std::uint64_t> names_;  // hashed
  bool alike_ = true;                 // all weights: then the logarithm is not needed
};

const Registered entry{policies(),
                       policy_entry<Rendezvous>("rendezvous",
                                                "takes the server that draws the highest number "
                                                "from the key")};

}  // namespace
}  // namespace evenkeel

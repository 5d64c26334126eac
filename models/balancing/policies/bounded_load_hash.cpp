// Consistent hashing with bounded loads: a key goes to its server on the ring unless that holds
// ceil(c (m + 1) / n) of this balancer's m requests in flight (in proportion to its weight); then
// to another. Mirrokni, Thorup & Zadimoghaddam, "Consistent hashing with bounded loads", SODA 2018;
// overflow clockwise as there, or by random jumps that depend on the key alone (Chen, Coleman &
// Shrivastava, AAAI 2021), which spare the neighbour of a full server. No message.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/balancing/hashing.h"

namespace evenkeel {
namespace {

class BoundedLoadHash final : public Policy {
 public:
  enum class Overflow { linear, random_jump };

  struct Settings {
    double c = 1.25;
    Overflow overflow = Overflow::linear;
    HashRing::Terms ring = {};
    /// Not a setting: the ring, for all balancers that are made with these settings.
    std::shared_ptr<SharedTable<HashRing>> shared = std::make_shared<SharedTable<HashRing>>();

    void describe(Fields& fields) {
      static constexpr std::string_view overflows[] = {"linear", "random_jump"};
      fields.number(
          "c", c, Unit::none,
          {"a server holds at most this many times its fair share in flight", 1.0001, 1000});
      option(fields, "overflow", overflow, overflows,
             {"where a request goes if its server is full: the next on the ring, or a random one "
              "that depends on the key alone"});
      fields.integer("points", ring.points,
                     {"places on the ring for a server of mean weight", 1, 100'000});
      fields.boolean("weighted", ring.weighted, {"places and bounds in proportion to capacity"});
    }
  };

  BoundedLoadHash(const Settings& settings, const PolicyContext& context)
      : settings_(settings),
        ring_(settings.shared->get(context.candidates,
                                   [&](std::span<const Candidate> candidates) {
                                     return HashRing{candidates, settings.ring};
                                   })),
        weights_(relative_weights(context.candidates, settings.ring.weighted)),
        all_weight_(std::accumulate(weights_.begin(), weights_.end(), 0.0)) {}

  ServerIndex pick(const Job& job, const View& view) override {
    const double per_weight = settings_.c * static_cast<double>(in_flight_ + 1) / weight_of(view);
    const auto has_room = [&](ServerIndex server) {
      // The sum of the bounds exceeds the requests, so that somebody always has room.
      const double bound = std::ceil(per_weight * weights_[server] - 1e-9);
      return view.is_eligible(server) && view.in_flight[server] < std::max(bound, 1.0);
    };
    std::size_t position = ring_->home(hash_key(job.key));
    if (has_room(ring_->server(position))) return ring_->server(position);
    if (settings_.overflow == Overflow::random_jump) {
      for (std::uint64_t jump = 1; jump <= 2 * view.eligible.size(); ++jump) {
        const ServerIndex server = view.eligible[hash_key(job.key, jump) % view.eligible.size()];
        if (has_room(server)) return server;
      }
    }
    for (std::size_t step = 0; step < ring_->size(); ++step) {
      position = ring_->next(position);
      if (has_room(ring_->server(position))) return ring_->server(position);
    }
    return least(view.eligible, view.in_flight);
  }

  void sent(ServerIndex, Time) override { ++in_flight_; }
  void finished(ServerIndex, const Outcome&, Time) override { --in_flight_; }

 private:
  double weight_of(const View& view) const {
    if (view.eligible.size() == weights_.size()) return all_weight_;
    double weight = 0;
    for (const ServerIndex server : view.eligible) weight += weights_[server];
    return weight;
  }

  /// For when rounding or zero weights leave nobody with room.
  static ServerIndex least(std::span<const ServerIndex> servers,
                           std::span<const std::uint32_t> in_flight) {
    return *std::ranges::min_element(servers, {},
                                     [&](ServerIndex server) { return in_flight[server]; });
  }

  Settings settings_;
  std::shared_ptr<const HashRing> ring_;
  std::vector<double> weights_;
  double all_weight_;
  std::uint64_t in_flight_ = 0;  // m
};

const Registered entry{policies(),
                       policy_entry<BoundedLoadHash>("bounded_load_hash",
                                                     "takes the key's server on the ring, or "
                                                     "another if that is full")};

}  // namespace
}  // namespace evenkeel

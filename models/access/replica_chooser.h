// Which of several replicas to ask.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "models/balancing/policy.h"
#include "models/runtime/node.h"

namespace evenkeel {

class ReplicaChooser {
 public:
  virtual ~ReplicaChooser() = default;

  /// One of the candidates; there is at least one.
  virtual NodeId choose(const std::vector<NodeId>& candidates, Time now) = 0;
  virtual void sent(NodeId, Time) {}
  /// Told once for every `sent`.
  virtual void finished(NodeId, bool /*ok*/, Duration /*latency*/, Time) {}
};

/// The node itself if it is a candidate; else of two at random the one with the lower moving
/// average of latencies, whose failures count as slow (Mitzenmacher 2001).
class NearerOfTwo final : public ReplicaChooser {
 public:
  /// The node outlives it.
  explicit NearerOfTwo(Node& node) : node_(node) {}
  NodeId choose(const std::vector<NodeId>& candidates, Time now) override;
  void finished(NodeId replica, bool ok, Duration latency, Time now) override;

 private:
  double expected(NodeId replica) const;

  Node& node_;
  std::map<NodeId, double> latency_s_;
};

/// Any balancing policy: it believes the loads to be its own open requests, and has no probes.
class PolicyChooser final : public ReplicaChooser {
 public:
  /// The node outlives it.
  PolicyChooser(Node& node, MakePolicy make) : node_(node), make_(std::move(make)) {}
  NodeId choose(const std::vector<NodeId>& candidates, Time now) override;
  void sent(NodeId replica, Time now) override;
  void finished(NodeId replica, bool ok, Duration latency, Time now) override;

 private:
  struct OwnLoad final : Beliefs {
    explicit OwnLoad(const std::vector<std::uint32_t>& its_in_flight) : in_flight(its_in_flight) {}
    double load(ServerIndex server) const override { return in_flight[server]; }
    const std::vector<std::uint32_t>& in_flight;
  };

  void know(const std::vector<NodeId>& nodes);

  Node& node_;
  MakePolicy make_;
  std::vector<NodeId> servers_;  // a server's index is its place
  std::vector<std::uint32_t> in_flight_;
  std::vector<Candidate> candidates_;
  std::vector<Duration> round_trips_;
  std::vector<double> zone_demand_ = {1.0};
  std::unique_ptr<Policy> policy_;
};

}  // namespace evenkeel

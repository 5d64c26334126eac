// One balancer: a policy, what it knows, whom it trusts, and the sending of requests to servers.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/balancing/health.h"
#include "models/balancing/knowledge.h"
#include "models/balancing/request.h"
#include "models/mpc/council.h"
#include "models/runtime/blob.h"
#include "models/runtime/rpc.h"
#include "models/runtime/signal.h"

namespace evenkeel {

/// What all balancers of a run share; it outlives them.
struct BalancerSettings {
  MakePolicy policy;
  MakeKnowledge knowledge;
  std::optional<OutlierSettings> outliers;
  std::optional<SlowStartSettings> slow_start;
  Duration decision_time{};             // one decision takes so long,
  double decision_work = 0;             // and so many operations of the balancer's node
  Duration probe_timeout = seconds(1);  // a server that does not answer by then keeps its last load
  std::vector<double> zone_demand;      // by zone: share of all requests
  std::size_t balancers = 1;
  /// Of the balancer's node, where loads are secret; else nothing.
  std::function<Council*(NodeId)> council = [](NodeId) { return nullptr; };
};

/// Servers that may be chosen among; shared by all balancers that choose among the same ones.
struct ServerSet {
  std::vector<Candidate> candidates;
  std::vector<NodeId> nodes;          // of each candidate
  std::vector<ServerIndex> everyone;  // 0 .. n-1
  std::vector<ServerIndex> index_of;  // by node; none_such where it is no candidate
  std::unique_ptr<const LoadOracle> oracle;
  static constexpr ServerIndex none_such = ~ServerIndex{0};
};

/// The servers to choose from, as seen from one place; shared by the balancers there.
struct Choices {
  const ServerSet* servers = nullptr;
  std::vector<Duration> round_trips;  // by candidate: a ping from the place
  std::uint32_t zone = 0;             // of the place
};

/// What lies between a balancer's node and where a request really is: a device that balances for
/// itself sends from behind its access link.
struct Sending {
  std::uint64_t input_bytes = 0;
  Duration uplink{};  // the request's time over the access link
  Duration ping{};    // a small message's, there and back
  Time give_up_at = never;
  Blob* answer_body = nullptr;  // where to put it; outlives the sending
};

class Balancer {
 public:
  Balancer(Node& node, const BalancerSettings& settings, const Choices& choices,
           std::uint64_t seed_index);
  Balancer(const Balancer&) = delete;

  /// Picks a server, sends the request there and waits for the answer, until `give_up_at`.
  Task<Answer> dispatch(Request request, Sending how);

  /// Server by server, what it said unasked.
  void noticed(ServerIndex server, const Notice& notice);
  /// What a computation on secret loads opened about these nodes.
  void learned(std::span<const NodeId> nodes, std::span<const double> outcome);
  std::size_t idle_count() const { return policy_->idle_count(); }

 private:
  struct Race;
  class Flight;

  View view(std::span<const ServerIndex> considered = {});
  ServerIndex pick(const Job& job, std::span<const ServerIndex> considered);
  void note_choice(Trace& trace, ServerIndex server, std::span<const ServerIndex> considered) const;
  Task<ServerIndex> choose(Job job, Sending how);
  Task<Answer> send_copy(ServerIndex server, Request request, Sending how);
  Task<Answer> race(ServerIndex first, Hedge hedge, Request request, Sending how);
  Task<> run_copy(Race& race, ServerIndex server, Request request, Sending how);
  std::optional<ServerIndex> pick_other(const Job& job, std::span<const ServerIndex> used);
  Task<> ask_all(const std::vector<ServerIndex>& servers, Duration ping);
  Task<> ask_secretly(std::vector<ServerIndex> servers, Duration ping);
  Task<> ask(ServerIndex server, Signal& all_known, std::size_t& open);
  Task<> probe_server(ServerIndex server, Duration ping);
  void start_probes(Duration ping);

  Node& node_;
  const BalancerSettings& settings_;
  const Choices& choices_;
  Random random_;
  Time now_{};
  std::vector<std::uint32_t> in_flight_;
  std::unique_ptr<Policy> policy_;
  std::unique_ptr<Knowledge> knowledge_;
  std::optional<SecretReports> secret_;  // what is computed on loads that stay secret
  Health health_;
  bool wants_reports_ = false;
  std::vector<ServerIndex> scratch_;  // for one pick; empty between
};

}  // namespace evenkeel

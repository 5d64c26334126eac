// The agent on a node that answers requests: its queue, its reports to balancers, and, where the
// policy says so, stealing of waiting requests from other servers.
#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <optional>
#include <vector>

#include "models/balancing/knowledge.h"
#include "models/balancing/request.h"
#include "models/runtime/blob.h"
#include "models/runtime/rpc.h"

namespace evenkeel {

/// What all servers of a run share; it outlives them.
struct ServerGroup {
  ServerRules rules;
  ReportRules reports;
  std::vector<NodeId> servers;             // whom to steal from
  std::vector<BalancerAddress> balancers;  // whom an idle server may tell
  std::vector<NodeId> bulletin_to;         // the balancers' nodes, each once
  Duration call_timeout = seconds(1);      // of questions to servers and balancers
};

class Server {
 public:
  struct Settings {
    std::uint32_t cores = 1;
    bool queues = true;                 // first come, first served; else all share the cores
    std::size_t queue_limit = 100'000;  // waiting requests; one more is refused
  };

  /// Answers requests from now on, as long as the node runs.
  Server(Node& node, const Settings& settings, const ServerGroup& group);
  Server(const Server&) = delete;
  ~Server();

  /// How requests with a body are computed, while they hold a core: what it returns is the answer's
  /// body. Without, and for requests without a body, the work is only waited for.
  using Execute = std::function<Task<Blob>(Request)>;
  void execute_with(Execute execute) { execute_ = std::move(execute); }

  /// Requests queued or in service.
  std::size_t load() const { return load_; }

 private:
  class Turn;     // the wait for a core, then its possession
  class Present;  // a request being here
  using Hook = boost::intrusive::list_base_hook<>;
  using Queue = boost::intrusive::list<Turn, boost::intrusive::base_hook<Hook>,
                                       boost::intrusive::constant_time_size<false>>;

  Task<std::optional<Payload>> process(CallId id, Payload payload, Time arrived);
  Task<std::optional<Payload>> answer_probe();
  Payload refuse() const;

  void fell_idle();
  void got_work(NodeId from);
  void enlist(BalancerAddress balancer);
  Task<> enlist_at_shortest();

  Task<> steal();
  Task<> finish_stolen(CallId id, Payload payload, Time arrived);
  Task<std::optional<Payload>> give_away();
  bool take_in(const Payload& stolen);

  Task<> publish();
  void tell_balancers();
  void learn(std::size_t load_at_arrival, Duration latency, Duration service);
  /// What it tells a balancer now; `leaving` requests are counted out already.
  Report report(std::size_t leaving);
  Duration latency_at_about(std::size_t load) const;

  struct Sample {
    std::size_t load = 0;
    Duration latency{};
  };

  Node& node_;
  Settings settings_;
  const ServerGroup& group_;
  Execute execute_;
  std::size_t load_ = 0;
  std::uint32_t running_ = 0;
  std::size_t queued_ = 0;
  Queue waiting_;
  bool stealing_ = false;
  std::optional<BalancerAddress> enlisted_;
  double mean_service_s_ = 0;  // moving average, weight 0.1
  std::array<Sample, 64> samples_{};
  std::size_t learned_ = 0;
};

}  // namespace evenkeel

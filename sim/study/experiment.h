// A scenario come to life in a world: servers, balancers and clients on its nodes, and the workload
// that drives them. What is set up here is the same in every world.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "models/balancing/client.h"
#include "models/balancing/server.h"
#include "sim/actions/action_client.h"
#include "sim/deployment/deployment.h"
#include "sim/deployment/module_nodes.h"
#include "sim/deployment/mpc_nodes.h"
#include "sim/study/local_nodes.h"
#include "sim/study/server_pools.h"
#include "sim/study/workload_driver.h"

namespace evenkeel {

class Experiment {
 public:
  /// All arguments outlive it. Sets up the start of every node that is here; the world then runs.
  /// The workload is the same wherever it is driven: each place takes what its own sites send.
  Experiment(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
             LocalNodes local, std::uint64_t seed);
  ~Experiment();
  Experiment(const Experiment&) = delete;

  /// Some node still copies what a lost disk had.
  bool is_repairing() const { return modules_.is_repairing(); }

 private:
  void submit(const Arrival& arrival);
  void set_up_balancers();
  void set_up_servers();
  void set_up_clients();
  void make_actions();
  void set_up_modules();
  void set_up_mpc();
  void set_up_action_clients();
  /// If the node is here.
  void on_start(NodeId node, std::function<void(Node&)> boot);
  void place_balancers(NodeId node);
  void boot_balancers(Node& node);
  void boot_client(std::size_t site, Node& gateway);
  NodeId nearest_central(NodeId from) const;

  const Scenario& scenario_;
  const Deployment& deployment_;
  const Platform& platform_;
  LocalNodes local_;
  std::vector<std::unique_ptr<Server>> servers_;
  ServerPools pools_;
  std::vector<std::uint32_t> first_seat_;  // by population, where devices balance for themselves
  BalancerSettings balancer_settings_;
  ServerGroup server_group_;
  ClientSettings client_settings_;
  std::map<NodeId, std::vector<std::unique_ptr<Choices>>> choices_;  // by place, by pool
  std::map<NodeId, std::unique_ptr<Balancers>> balancers_;
  std::vector<std::unique_ptr<Client>> clients_;  // by site
  ModuleNodes modules_;
  MpcNodes mpc_;
  ActionSetting action_setting_;
  std::vector<std::unique_ptr<Action>> actions_;               // by request class
  std::vector<std::unique_ptr<ActionClient>> action_clients_;  // by site
  std::unique_ptr<WorkloadDriver> driver_;
};

}  // namespace evenkeel

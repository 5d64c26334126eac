#include "sim/study/experiment.h"

#include <algorithm>
#include <cmath>

#include "sim/study/workload_plan.h"

namespace evenkeel {
Experiment::Experiment(const Scenario& scenario, const Deployment& deployment,
                       const Platform& platform, LocalNodes local, std::uint64_t seed)
    : scenario_(scenario),
      deployment_(deployment),
      platform_(platform),
      local_(std::move(local)),
      pools_(scenario, deployment, platform, servers_),
      modules_(scenario, deployment, platform),
      mpc_(scenario, deployment, platform) {
  servers_.resize(deployment.servers.size());
  clients_.resize(deployment.sites.size());
  make_actions();
  pools_.make(actions_);
  set_up_modules();
  set_up_mpc();
  if (!pools_.empty()) {
    set_up_balancers();
    set_up_servers();
  }
  set_up_clients();
  driver_ = std::make_unique<WorkloadDriver>(
      local_, deployment, scenario.duration,
      Workload{plan_workload(scenario, deployment, platform.graph(), seed)},
      [this](const Arrival& arrival) { submit(arrival); });
  if (driver_->listens())
    client_settings_.on_end = [this](const Issue& issue, Time at) {
      driver_->ended(issue.request_class, issue.device, at);
    };
  driver_->start();
}

Experiment::~Experiment() = default;

void Experiment::submit(const Arrival& arrival) {
  const std::uint32_t site = deployment_.site_of_vertex[arrival.site];
  Issue issue{.number = arrival.number,
              .request_class = arrival.request_class,
              .population = arrival.population,
              .device = arrival.device,
              .work = arrival.work,
              .input_bytes = static_cast<std::uint64_t>(std::llround(arrival.input_bytes)),
              .output_bytes = static_cast<std::uint64_t>(std::llround(arrival.output_bytes)),
              .key = arrival.key};
  if (client_settings_.balanced_at == ClientSettings::BalancedAt::client)
    issue.seat = first_seat_[arrival.population] + arrival.device;
  if (actions_[arrival.request_class] != nullptr) {
    if (const auto& client = action_clients_[site]) client->submit(issue);
  } else if (const auto& client = clients_[site]) {
    client->submit(issue);
  }
}

void Experiment::set_up_balancers() {
  const Balancing& balancing = scenario_.balancing;
  balancer_settings_.policy = std::any_cast<const MakePolicy&>(balancing.policy.made);
  balancer_settings_.knowledge = std::any_cast<const MakeKnowledge&>(balancing.knowledge.made);
  balancer_settings_.outliers = balancing.outlier_ejection;
  balancer_settings_.slow_start = balancing.slow_start;
  balancer_settings_.decision_time = balancing.decision_cost.time;
  balancer_settings_.decision_work = balancing.decision_cost.work;
  std::vector<double>& demand = balancer_settings_.zone_demand;
  demand.assign(platform_.graph().places().size(), 0);
  double total = 0;
  for (const RequestClass& its_class : scenario_.workload)
    for (std::size_t p = 0; p < scenario_.devices.size(); ++p)
      if (scenario_.devices[p].name == its_class.from.text)
        for (const Deployment::Homes& homes : deployment_.homes[p]) {
          const double rate = homes.count * (its_class.rate > 0 ? its_class.rate : 1);
          demand[deployment_.sites[homes.site].vertex] += rate;
          total += rate;
        }
  for (double& share : demand) share /= total;

  if (balancing.at == Balancing::At::central) {
    for (const NodeId node : deployment_.central) place_balancers(node);
  } else {
    for (const DeployedSite& site : deployment_.sites) place_balancers(site.gateway);
  }
  std::uint32_t devices = 0;
  for (const auto& population : deployment_.homes) {
    first_seat_.push_back(devices);
    for (const Deployment::Homes& homes : population) devices += homes.count;
  }
  balancer_settings_.balancers =
      balancing.at == Balancing::At::client ? devices : server_group_.bulletin_to.size();
}

void Experiment::place_balancers(NodeId node) {
  server_group_.bulletin_to.push_back(node);
  if (local_.find(node) == nullptr) return;
  for (const ServerPools::Pool& pool : pools_.all())
    choices_[node].push_back(pools_.choices_from(node, pool));
  on_start(node, [this](Node& started) { boot_balancers(started); });
}

void Experiment::boot_balancers(Node& node) {
  std::vector<const Choices*> pools;
  for (const auto& choices : choices_[node.id()]) pools.push_back(choices.get());
  auto& balancers = balancers_[node.id()];
  balancers = std::make_unique<Balancers>(node, balancer_settings_, std::move(pools));
  if (!mpc_.empty()) mpc_.balance(node.id(), *balancers);
  if (scenario_.balancing.at == Balancing::At::central)
    balancers->serve_dispatch(pools_.of_class());
}

void Experiment::set_up_servers() {
  // What the policy and the knowledge ask of servers, learned from one of each.
  Random random{0};
  const std::unique_ptr<Choices> choices =
      pools_.choices_from(server_group_.bulletin_to.front(), pools_.all().front());
  const std::vector<std::uint32_t> none(choices->servers->nodes.size(), 0);
  const Time now{};
  server_group_.rules = balancer_settings_
                            .policy({.candidates = choices->servers->candidates,
                                     .round_trips = choices->round_trips,
                                     .zone = choices->zone,
                                     .zone_demand = balancer_settings_.zone_demand,
                                     .balancers = balancer_settings_.balancers,
                                     .random = random})
                            ->rules();
  server_group_.reports = balancer_settings_
                              .knowledge({.in_flight = none,
                                          .oracle = *choices->servers->oracle,
                                          .now = now,
                                          .random = random})
                              ->rules();
  if (server_group_.reports.from_oracle && !local_.all)
    throw UserError("knowledge '" + scenario_.balancing.knowledge.name +
                    "' reads the servers' memory, which nobody can on real sockets; use own, "
                    "piggyback, probe, bulletin or delayed");
  if (server_group_.reports.secret) {
    std::vector<NodeId> servers;
    for (const DeployedServer& server : deployment_.servers) servers.push_back(server.node);
    mpc_.keep_secret(*server_group_.reports.secret, std::move(servers), server_group_.bulletin_to);
  }
  for (const NodeId node : server_group_.bulletin_to) server_group_.balancers.push_back({node, 0});
  if (scenario_.balancing.at == Balancing::At::client) {
    server_group_.balancers.clear();
    for (std::size_t p = 0; p < deployment_.homes.size(); ++p) {
      std::uint32_t seat = first_seat_[p];
      for (const Deployment::Homes& homes : deployment_.homes[p])
        for (std::uint32_t device = 0; device < homes.count; ++device)
          server_group_.balancers.push_back({deployment_.sites[homes.site].gateway, seat++});
    }
  }
  for (std::size_t i = 0; i < deployment_.servers.size(); ++i) {
    const DeployedServer& server = deployment_.servers[i];
    const NodeKind& kind = scenario_.nodes[server.kind];
    server_group_.servers.push_back(server.node);
    const Server::Settings settings{.cores = static_cast<std::uint32_t>(kind.cores),
                                    .queues = kind.discipline == NodeKind::Discipline::fifo,
                                    .queue_limit = static_cast<std::size_t>(kind.queue_limit)};
    on_start(server.node, [this, i, settings](Node& node) {
      servers_[i] = std::make_unique<Server>(node, settings, server_group_);
      modules_.serve(node, *servers_[i]);
      if (!mpc_.empty()) mpc_.serve(node.id(), *servers_[i]);
    });
  }
}

void Experiment::set_up_clients() {
  using BalancedAt = ClientSettings::BalancedAt;
  client_settings_.balanced_at = static_cast<BalancedAt>(scenario_.balancing.at);
  for (std::size_t c = 0; c < scenario_.workload.size(); ++c)
    client_settings_.classes.push_back({.deadline = scenario_.workload[c].deadline,
                                        .timeout = scenario_.workload[c].timeout,
                                        .pool = pools_.of_class()[c]});
  for (const DevicePopulation& population : scenario_.devices)
    client_settings_.populations.push_back(
        {.latency = population.link.latency, .ns_per_byte = 8e9 / population.link.bandwidth});
  for (std::size_t site = 0; site < deployment_.sites.size(); ++site)
    on_start(deployment_.sites[site].gateway,
             [this, site](Node& gateway) { boot_client(site, gateway); });
  set_up_action_clients();
}

void Experiment::make_actions() {
  modules_.describe_to(action_setting_);
  mpc_.describe_to(action_setting_);
  for (const DevicePopulation& population : scenario_.devices)
    action_setting_.populations.push_back(population.name);
  for (const RequestClass& its_class : scenario_.workload) {
    actions_.emplace_back();
    if (its_class.does.name.empty()) continue;
    try {
      actions_.back() = std::any_cast<const MakeAction&>(its_class.does.made)(action_setting_);
    } catch (const UserError& error) {
      throw UserError(its_class.place, error.what());
    }
  }
}

// The modules come first on each node: what starts after them may use them.
void Experiment::set_up_modules() {
  if (modules_.empty()) return;
  action_setting_.witness = local_.witness;
  if (local_.witness != nullptr) {
    modules_.be_seen_by(*local_.witness);
    for (const std::unique_ptr<Action>& action : actions_)
      if (action != nullptr) action->be_seen_by(*local_.witness);
  }
  for (std::uint32_t i = 0; i < platform_.size(); ++i)
    on_start(NodeId{i}, [this](Node& node) { modules_.boot(node); });
}

void Experiment::set_up_mpc() {
  if (mpc_.empty()) return;
  if (local_.witness != nullptr) mpc_.be_seen_by(*local_.witness);
  balancer_settings_.council = [this](NodeId node) { return mpc_.council(node); };
  mpc_.hold(modules_.pools(), [this](NodeId node, const Meeting& meeting) {
    return modules_.pool_numbers(node, meeting);
  });
  for (std::uint32_t i = 0; i < platform_.size(); ++i)
    on_start(NodeId{i}, [this](Node& node) {
      mpc_.boot(node);
      modules_.meet(node, *mpc_.council(node.id()));
    });
}

// After the balancers that they may use.
void Experiment::set_up_action_clients() {
  if (modules_.empty() && mpc_.empty()) return;
  action_clients_.resize(deployment_.sites.size());
  for (std::size_t site = 0; site < deployment_.sites.size(); ++site)
    on_start(deployment_.sites[site].gateway, [this, site](Node& gateway) {
      ModuleClients clients;
      if (!modules_.empty()) clients = modules_.clients(gateway.id());
      clients.computations = mpc_.computations(gateway.id());
      const auto balancers = balancers_.find(gateway.id());
      if (balancers != balancers_.end()) clients.balancers = balancers->second.get();
      action_clients_[site] =
          std::make_unique<ActionClient>(gateway, clients, action_setting_, client_settings_,
                                         actions_, static_cast<std::uint32_t>(site));
    });
}

void Experiment::on_start(NodeId node, std::function<void(Node&)> boot) {
  if (Node* here = local_.find(node)) here->on_start(std::move(boot));
}

void Experiment::boot_client(std::size_t site, Node& gateway) {
  if (pools_.empty()) return;
  const bool central = scenario_.balancing.at == Balancing::At::central;
  clients_[site] =
      std::make_unique<Client>(gateway, client_settings_, static_cast<std::uint32_t>(site),
                               central ? nullptr : balancers_[gateway.id()].get(),
                               central ? nearest_central(gateway.id()) : gateway.id());
}

NodeId Experiment::nearest_central(NodeId from) const {
  return *std::ranges::min_element(
      deployment_.central, {}, [&](NodeId balancer) { return platform_.latency(from, balancer); });
}

}  // namespace evenkeel

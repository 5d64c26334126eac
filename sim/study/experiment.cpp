#include "sim/study/experiment.h"

#include <algorithm>
#include <cmath>

namespace evenkeel {
namespace {

// Where devices may walk: along the links, as long as light would need the link's latency.
std::shared_ptr<const Map> make_map(const Graph& graph) {
  constexpr double metres_per_second = 1000 / 4.9e-6;
  auto map = std::make_shared<Map>();
  map->ways.resize(graph.places().size());
  for (const Location& place : graph.places()) map->names.push_back(place.name);
  for (const Link& link : graph.links()) {
    const auto& from = graph.place(link.from).coordinates;
    const auto& to = graph.place(link.to).coordinates;
    const double length =
        from && to ? distance_m(*from, *to) : to_seconds(link.latency) * metres_per_second;
    map->ways[link.from].push_back({link.to, length});
    map->ways[link.to].push_back({link.from, length});
  }
  for (VertexId vertex = 0; vertex < graph.places().size(); ++vertex)
    if (graph.place(vertex).tier == "site") map->destinations.push_back(vertex);
  return map;
}

}  // namespace

// The loads of a pool's servers as they are; 0 for one that is down.
class Experiment::TrueLoads final : public LoadOracle {
 public:
  TrueLoads(const Experiment& experiment, Pool pool)
      : servers_(experiment.servers_), pool_(std::move(pool)) {}
  double load(ServerIndex server) const override {
    const auto& agent = servers_[pool_[server]];
    return agent ? static_cast<double>(agent->load()) : 0;
  }

 private:
  const std::vector<std::unique_ptr<Server>>& servers_;
  Pool pool_;
};

class Experiment::Driver final : public Waiter {
 public:
  Driver(Experiment& experiment, Workload workload)
      : experiment_(experiment), workload_(std::move(workload)) {}

  void wake() override {
    timer_ = {};
    if (experiment_.local_.all)
      submit_due();
    else
      submit_due_here();
    arm();
  }

  void ended(const Issue& issue, Time at) {
    workload_.ended(issue.request_class, issue.device, at);
    arm();
  }
  bool listens() const { return workload_.listens(); }

  void arm() {
    const Time next = experiment_.local_.all ? workload_.next_at() : next_here();
    if (timer_.age != 0 && next >= armed_for_) return;
    experiment_.local_.world.cancel_timer(timer_);
    armed_for_ = next;
    timer_ = next == never ? EventId{} : experiment_.local_.world.set_timer(next, *this);
  }

 private:
  void submit_due() {
    while (workload_.next_at() <= experiment_.local_.world.now()) {
      const Arrival* arrival = workload_.next();
      if (arrival == nullptr) break;
      submit(*arrival);
    }
  }

  void submit_due_here() {
    while (next_here() <= experiment_.local_.world.now()) {
      const Arrival arrival = coming_here_.begin()->second;
      coming_here_.erase(coming_here_.begin());
      submit(arrival);
    }
  }

  // What the sites elsewhere send is left out at once, without waking for it.
  Time next_here() {
    const auto first = [this] {
      return coming_here_.empty() ? experiment_.scenario_.duration : coming_here_.begin()->first;
    };
    while (workload_.next_at() <= first()) {
      const Arrival* arrival = workload_.next();
      if (arrival == nullptr) break;
      const DeployedSite& site =
          experiment_.deployment_.sites[experiment_.deployment_.site_of_vertex[arrival->site]];
      if (experiment_.local_.find(site.gateway) != nullptr)
        coming_here_.emplace(arrival->at, *arrival);
    }
    return coming_here_.empty() ? never : coming_here_.begin()->first;
  }

  void submit(const Arrival& arrival) {
    const std::uint32_t site = experiment_.deployment_.site_of_vertex[arrival.site];
    Issue issue{.number = arrival.number,
                .request_class = arrival.request_class,
                .population = arrival.population,
                .device = arrival.device,
                .work = arrival.work,
                .input_bytes = static_cast<std::uint64_t>(std::llround(arrival.input_bytes)),
                .output_bytes = static_cast<std::uint64_t>(std::llround(arrival.output_bytes)),
                .key = arrival.key};
    if (experiment_.client_settings_.balanced_at == ClientSettings::BalancedAt::client)
      issue.seat = experiment_.first_seat_[arrival.population] + arrival.device;
    if (experiment_.actions_[arrival.request_class] != nullptr) {
      if (const auto& client = experiment_.action_clients_[site]) client->submit(issue);
    } else if (const auto& client = experiment_.clients_[site]) {
      client->submit(issue);
    }
  }

  Experiment& experiment_;
  Workload workload_;
  std::multimap<Time, Arrival> coming_here_;  // where not all sites are
  Time armed_for_ = never;
  EventId timer_;
};

Experiment::Experiment(const Scenario& scenario, const Deployment& deployment,
                       const Platform& platform, LocalNodes local, std::uint64_t seed)
    : scenario_(scenario),
      deployment_(deployment),
      platform_(platform),
      local_(std::move(local)),
      modules_(scenario, deployment, platform),
      mpc_(scenario, deployment, platform) {
  servers_.resize(deployment.servers.size());
  clients_.resize(deployment.sites.size());
  make_actions();
  make_pools();
  set_up_modules();
  set_up_mpc();
  if (!pools_.empty()) {
    set_up_balancers();
    set_up_servers();
  }
  set_up_clients();
  driver_ = std::make_unique<Driver>(*this, Workload{plan_workload(seed)});
  if (driver_->listens())
    client_settings_.on_end = [this](const Issue& issue, Time at) { driver_->ended(issue, at); };
  driver_->arm();
}

Experiment::~Experiment() = default;

Experiment::Pool Experiment::servers_for(std::size_t number) const {
  const RequestClass& its_class = scenario_.workload[number];
  const std::vector<std::string> kinds =
      actions_[number] ? actions_[number]->asks() : std::vector<std::string>{};
  Pool found;
  for (std::size_t i = 0; i < deployment_.servers.size(); ++i) {
    const NodeKind& kind = scenario_.nodes[deployment_.servers[i].kind];
    const Serves& serves = kind.serves;
    const bool listed = std::ranges::any_of(
        serves.classes, [&](const Name& name) { return name.text == its_class.name; });
    const bool wanted = kinds.empty() || std::ranges::find(kinds, kind.name) != kinds.end();
    if (wanted && (serves.classes.empty() || listed)) found.push_back(i);
  }
  if (found.empty())
    throw UserError(its_class.place, "no node serves requests of class '" + its_class.name + "'");
  return found;
}

void Experiment::make_pools() {
  for (std::size_t i = 0; i < scenario_.workload.size(); ++i) {
    const RequestClass& its_class = scenario_.workload[i];
    if (!asks_servers(i)) {
      pool_of_class_.push_back(0);
      continue;
    }
    if (scenario_.balancing.policy.name.empty())
      throw UserError(its_class.place, "who does what class '" + its_class.name +
                                           "' asks for is not said; add for instance balancing: "
                                           "{policy: nearest}");
    if (actions_[i] != nullptr && scenario_.balancing.at == Balancing::At::central)
      throw UserError(its_class.place, "jobs of class '" + its_class.name +
                                           "' are balanced where they come from; write "
                                           "balancing: {at: site}");
    const Pool servers = servers_for(i);
    const auto same = std::ranges::find(pools_, servers);
    pool_of_class_.push_back(static_cast<std::size_t>(same - pools_.begin()));
    if (same == pools_.end()) pools_.push_back(servers);
  }
}

// Routing knows what cannot be reached, so no balancer tries it; where nothing can be reached all
// is tried in vain.
Experiment::Pool Experiment::reachable_from(NodeId place, const Pool& pool) const {
  Pool found;
  for (const std::size_t i : pool)
    if (platform_.latency(place, deployment_.servers[i].node) != never) found.push_back(i);
  return found.empty() ? pool : found;
}

const ServerSet& Experiment::server_set(Pool pool) {
  const auto known = std::ranges::find(server_sets_, pool,
                                       [](const auto& set) -> const Pool& { return set.first; });
  if (known != server_sets_.end()) return *known->second;
  auto set = std::make_unique<ServerSet>();
  set->index_of.assign(platform_.size(), ServerSet::none_such);
  double total = 0;
  for (const std::size_t i : pool) {
    const DeployedServer& server = deployment_.servers[i];
    const PlatformNode& node = platform_.node(server.node);
    const auto its_index = static_cast<ServerIndex>(set->nodes.size());
    set->index_of[index(server.node)] = its_index;
    set->everyone.push_back(its_index);
    set->nodes.push_back(server.node);
    set->candidates.push_back({.name = node.name,
                               .zone = server.zone,
                               .cloud = scenario_.nodes[server.kind].cloud,
                               .cores = node.cores,
                               .speed = node.speed,
                               .weight = node.cores * node.speed});
    total += node.cores * node.speed;
  }
  const double mean = total / static_cast<double>(pool.size());
  for (Candidate& candidate : set->candidates) candidate.weight /= mean;
  set->oracle = std::make_unique<TrueLoads>(*this, pool);
  return *server_sets_.emplace_back(std::move(pool), std::move(set)).second;
}

std::unique_ptr<Choices> Experiment::choices_from(NodeId place, const Pool& pool) {
  auto choices = std::make_unique<Choices>();
  choices->servers = &server_set(reachable_from(place, pool));
  choices->zone = platform_.node(place).vertex;
  for (const NodeId server : choices->servers->nodes) {
    const Duration there = platform_.latency(place, server);
    choices->round_trips.push_back(there == never ? never : 2 * there);
  }
  return choices;
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
  for (const Pool& pool : pools_) choices_[node].push_back(choices_from(node, pool));
  on_start(node, [this](Node& started) { boot_balancers(started); });
}

void Experiment::boot_balancers(Node& node) {
  std::vector<const Choices*> pools;
  for (const auto& choices : choices_[node.id()]) pools.push_back(choices.get());
  auto& balancers = balancers_[node.id()];
  balancers = std::make_unique<Balancers>(node, balancer_settings_, std::move(pools));
  if (!mpc_.empty()) mpc_.balance(node.id(), *balancers);
  if (scenario_.balancing.at == Balancing::At::central) balancers->serve_dispatch(pool_of_class_);
}

void Experiment::set_up_servers() {
  // What the policy and the knowledge ask of servers, learned from one of each.
  Random random{0};
  const std::unique_ptr<Choices> choices =
      choices_from(server_group_.bulletin_to.front(), pools_.front());
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
                                        .pool = pool_of_class_[c]});
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

WorkloadPlan Experiment::plan_workload(std::uint64_t seed) const {
  const auto distribution = [](const Chosen& chosen) -> std::shared_ptr<const Distribution> {
    if (chosen.name.empty()) return nullptr;
    return std::any_cast<const MakeDistribution&>(chosen.made)();
  };
  WorkloadPlan plan{.seed = seed};
  for (std::size_t p = 0; p < scenario_.devices.size(); ++p) {
    Population population{.name = scenario_.devices[p].name};
    for (const Deployment::Homes& homes : deployment_.homes[p])
      population.placements.push_back({deployment_.sites[homes.site].vertex, homes.count});
    const Chosen& moves = scenario_.devices[p].moves;
    if (!moves.name.empty()) population.movement = std::any_cast<const MakeMovement&>(moves.made);
    plan.populations.push_back(std::move(population));
  }
  for (const RequestClass& spec : scenario_.workload) {
    WorkloadClass its_class{.name = spec.name,
                            .arrivals = std::any_cast<const MakeArrivals&>(spec.arrivals.made),
                            .rate = spec.rate,
                            .scale = spec.scale,
                            .work = distribution(spec.work),
                            .input = distribution(spec.input),
                            .output = distribution(spec.output)};
    const auto from = std::ranges::find(scenario_.devices, spec.from.text, &DevicePopulation::name);
    its_class.population = static_cast<std::uint32_t>(from - scenario_.devices.begin());
    const bool zipf = spec.key.distribution == KeyChoice::Distribution::zipf;
    its_class.keys = Keys{static_cast<std::uint64_t>(spec.key.over), zipf ? spec.key.exponent : 0};
    for (const Hot& hot : spec.hot)
      its_class.hot.push_back(
          {*platform_.graph().find(hot.site.text), hot.factor, hot.from, hot.to});
    plan.classes.push_back(std::move(its_class));
  }
  plan.map = make_map(platform_.graph());
  return plan;
}

}  // namespace evenkeel

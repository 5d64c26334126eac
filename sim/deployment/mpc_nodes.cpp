#include "sim/deployment/mpc_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/mpc/costs.h"
#include "sim/faults/stage.h"

namespace evenkeel {
namespace {

constexpr int times_left_out = 5;  // an owner whose silence ended a computation
constexpr double room_per_operation = 16e-9;

std::vector<NodeId> once(std::vector<NodeId> nodes) {
  std::ranges::sort(nodes);
  const auto repeated = std::ranges::unique(nodes);
  nodes.erase(repeated.begin(), repeated.end());
  return nodes;
}

// So many of them, evenly spread.
std::vector<NodeId> spread(const std::vector<NodeId>& nodes, std::size_t count) {
  std::vector<NodeId> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(nodes[i * nodes.size() / count]);
  return chosen;
}

double most_bits(std::size_t servers, const std::string& function) {
  const auto n = static_cast<double>(servers);
  constexpr double draws = 64;
  if (function == "argmin") return std::log2(n);
  if (function == "order") return std::lgamma(n + 1) / std::log(2.0);
  return (std::lgamma(draws + n) - std::lgamma(draws + 1) - std::lgamma(n)) / std::log(2.0);
}

// What went wrong last time is known: owners that were silent are left out for a while, so that
// those who are there get their answer.
class LeftOut {
 public:
  /// Those of them to count on now; asked once for each computation.
  std::vector<NodeId> still_counted(const std::vector<NodeId>& owners) {
    std::vector<NodeId> others;
    for (const NodeId owner : owners)
      if (--times_[owner] < 0) others.push_back(owner);
    return others;
  }
  void blame(std::optional<NodeId> owner) {
    if (owner) times_[*owner] = times_left_out;
  }

 private:
  std::map<NodeId, int> times_;
};

}  // namespace

class MpcNodes::Holder final : public SecretComputations {
 public:
  Holder(Node& node, Council& council, const QueryNodes& queries,
         const std::map<std::string, OwnedNumbers, std::less<>>& computations, MpcNodes& all)
      : node_(node), council_(council), queries_(queries), computations_(computations), all_(all) {}

  Task<Result<Done>> compute(std::string name) override {
    const OwnedNumbers& owned = computations_.find(name)->second;
    const ComputationChoice& choice = owned.choice();
    const Meeting meeting{.function = name,
                          .owners = left_out_.still_counted(owned.owners()),
                          .receivers = {node_.id()},
                          .size = static_cast<std::uint64_t>(choice.size),
                          .bits = static_cast<std::int32_t>(choice.bits),
                          .fraction = static_cast<std::int32_t>(choice.fraction),
                          .about = next_question()};
    if (meeting.owners.empty())
      co_return Error{ErrorCode::timeout, "no owner of numbers is heard of"};
    Task<Result<std::vector<double>>> convening = council_.convene(meeting);
    const Result<std::vector<double>> answer = co_await std::move(convening);
    if (!answer) {
      left_out_.blame(council_.last_held().blamed);
      co_return answer.error();
    }
    node_.probe().count("owners counted", node_.id(), static_cast<double>(meeting.owners.size()));
    all_.judge(node_, owned, meeting, *answer);
    co_return Done{};
  }

  Task<Result<Done>> intersect(std::string name) override {
    return queries_.at(node_.id())->intersect(std::move(name));
  }

  Task<Result<Done>> retrieve(std::string name, std::uint64_t key) override {
    const std::uint64_t row = queries_.row_of(name, key);
    Task<Result<SecretBytes>> retrieving = queries_.at(node_.id())->retrieve(std::move(name), row);
    const Result<SecretBytes> got = co_await std::move(retrieving);
    if (!got) co_return got.error();
    co_return Done{};
  }

 private:
  // No other of this run has the same.
  std::uint64_t next_question() {
    return std::uint64_t{index(node_.id())} << 40 |
           std::uint64_t{node_.incarnation() & 0xfff} << 28 | (asked_++ & 0xfffffff);
  }

  Node& node_;
  Council& council_;
  const QueryNodes& queries_;
  const std::map<std::string, OwnedNumbers, std::less<>>& computations_;
  MpcNodes& all_;
  LeftOut left_out_;
  std::uint32_t asked_ = 0;
};

MpcNodes::~MpcNodes() = default;

MpcNodes::MpcNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform)
    : scenario_(scenario), platform_(platform), queries_(scenario, platform) {
  costs::use(scenario.mpc ? scenario.mpc->costs : decltype(MpcChoice::costs){});
  if (empty()) return;
  rules_.patience = scenario.mpc->patience;
  if (!scenario.mpc->computes()) return;
  rules_.kind = std::any_cast<const ProtocolKind&>(scenario.mpc->protocol.made);
  place_parties(platform);
  place_computations(deployment, platform);
}

void MpcNodes::place_parties(const Platform& platform) {
  const MpcChoice& choice = *scenario_.mpc;
  const Guarantees& promises = rules_.kind.promises;
  const std::vector<NodeId> candidates = once(nodes_named(choice.parties, platform));
  const auto count =
      static_cast<std::uint32_t>(choice.count > 0 ? choice.count : promises.fewest_parties);
  const Place& place = choice.parties.front().place;
  if (count < promises.fewest_parties || count > promises.most_parties)
    throw UserError(place, fmt::format("{} wants {} to {} parties, not {}", rules_.kind.name,
                                       promises.fewest_parties, promises.most_parties, count));
  if (promises.needs_virtual_time && scenario_.world == WorldKind::sockets)
    throw UserError(place, fmt::format("a cost of {} is modelled, which only virtual time can "
                                       "charge; run it with 'world: simgrid', or do not model it",
                                       rules_.kind.name));
  if (candidates.size() < count)
    throw UserError(place, fmt::format("{} parties compute, but only {} are named; name more",
                                       count, candidates.size()));
  rules_.parties = spread(candidates, count);
  Duration farthest{};
  double narrowest = std::numeric_limits<double>::infinity();
  for (const NodeId from : rules_.parties)
    for (const NodeId to : rules_.parties) {
      const PlatformRoute& route = platform.route(from, to);
      if (from == to || !route.reachable) continue;
      farthest = std::max(farthest, route.latency);
      narrowest = std::min(narrowest, route.bandwidth);
    }
  rules_.round_trip = 2 * farthest;
  rules_.bandwidth = std::min(narrowest, 1e15);
}

void MpcNodes::place_computations(const Deployment& deployment, const Platform& platform) {
  std::vector<NodeId> gateways;  // from which requests ask for them
  for (const auto& site : deployment.sites) gateways.push_back(site.gateway);
  for (const ComputationChoice& choice : scenario_.mpc->computations) {
    const std::vector<NodeId> liars = owners_named(choice.liars, deployment, platform);
    const OwnedNumbers owned{choice,
                             static_cast<std::uint64_t>(scenario_.seed),
                             owners_named(choice.of, deployment, platform),
                             {liars.begin(), liars.end()}};
    for (const NodeId liar : liars) {
      if (!std::ranges::binary_search(owned.owners(), liar))
        throw UserError(choice.liars.front().place, platform.node(liar).name +
                                                        " owns none of these numbers; name "
                                                        "'liars' among 'of'");
      rules_.liars.emplace(choice.name, liar);
    }
    if (const auto against =
            reason_against_holding(owned.function(), owned.problem(owned.owners().size())))
      throw UserError(choice.place, against->detail);
    rules_.functions[choice.name] = owned.function();
    rules_.conveners[choice.name] = gateways;
    computations_.emplace(choice.name, owned);
  }
}

// Each once, in their order.
std::vector<NodeId> MpcNodes::owners_named(const std::vector<Name>& names,
                                           const Deployment& deployment,
                                           const Platform& platform) const {
  std::vector<NodeId> owners;
  for (const Name& name : names) {
    const auto population =
        std::ranges::find(scenario_.devices, name.text, &DevicePopulation::name);
    if (population == scenario_.devices.end()) {
      for (const NodeId node : nodes_named({name}, platform)) owners.push_back(node);
      continue;
    }
    const auto place = static_cast<std::size_t>(population - scenario_.devices.begin());
    for (const Deployment::Homes& homes : deployment.homes[place])
      owners.push_back(deployment.sites[homes.site].gateway);
  }
  return once(std::move(owners));
}

// Where owners may drop out or lie, an answer may be off and nobody has broken a promise.
void MpcNodes::judge(Node& node, const OwnedNumbers& owned, const Meeting& meeting,
                     const std::vector<double>& answer) {
  const auto verdict = owned.verdict(answer, meeting.owners, meeting.about);
  if (!verdict) return;
  Probe& probe = node.probe();
  probe.count("mpc answers judged", node.id(), 1);
  if (verdict->off > 0) probe.count("mpc answers off", node.id(), verdict->off);
  if (verdict->is_wrong) probe.count("mpc answers wrong", node.id(), 1);
  const bool all_count = static_cast<bool>(rules_.kind.make);
  if (!verdict->is_wrong || !all_count || !owned.liars().empty()) return;
  std::string why = node.name() + " got another answer than plain arithmetic gives";
  probe.event(node.now(), node.id(), "wrong private answer", why);
  if (witness_ != nullptr)
    witness_->accuse({.invariant = "private_answers",
                      .at = node.now(),
                      .subject = meeting.function,
                      .why = std::move(why)});
}

// The owners are clients.
std::optional<Error> MpcNodes::reason_against_holding(
    const std::shared_ptr<const Function>& function, const Problem& problem) const {
  const Computation computation{.kind = rules_.kind, .function = function, .problem = problem};
  return reason_against(computation, static_cast<std::uint32_t>(rules_.parties.size()),
                        problem.owners);
}

void MpcNodes::keep_secret(const SecretReports& secret, std::vector<NodeId> servers,
                           std::vector<NodeId> balancers) {
  secret_ = secret;
  secret_servers_ = once(std::move(servers));
  secret_balancers_ = once(std::move(balancers));
  rules_.functions[secret.function] = function_named(secret.function);
  rules_.conveners[secret.function] =
      secret.period > Duration{} ? std::vector<NodeId>{rules_.parties.front()} : secret_balancers_;
  const Problem problem{.owners = static_cast<std::uint32_t>(secret_servers_.size()),
                        .bits = secret.bits};
  if (const auto against = reason_against_holding(rules_.functions[secret.function], problem))
    throw UserError("knowledge 'private': " + against->detail);
}

void MpcNodes::hold(const std::vector<Pool>& pools,
                    std::function<std::vector<double>(NodeId, const Meeting&)> numbers) {
  pool_numbers_ = std::move(numbers);
  for (const Pool& pool : pools) {
    const std::string name = function_name(pool);
    rules_.functions[name] = function_of(pool);
    pools_.insert(name);
    const Problem problem = problem_of(pool, pool.members.size(), 3);
    if (const auto against = reason_against_holding(rules_.functions[name], problem))
      throw UserError(scenario_.mpc->parties.front().place,
                      "pool '" + pool.name + "': " + against->detail);
  }
}

void MpcNodes::boot(Node& node) {
  if (empty()) return;
  servers_.erase(node.id());
  balancers_.erase(node.id());
  auto& council = councils_[node.id()];
  council = std::make_unique<Council>(
      node, rules_, [this, &node](const Meeting& meeting) { return own(node, meeting); });
  holders_[node.id()] = std::make_unique<Holder>(node, *council, queries_, computations_, *this);
  queries_.boot(node, council->sessions());
  council->on_answer(
      [this, id = node.id()](const Meeting& meeting, const std::vector<double>& outcome) {
        const auto balancers = balancers_.find(id);
        if (secret_ && meeting.function == secret_->function && balancers != balancers_.end())
          balancers->second->learned(meeting.owners, outcome);
      });
  if (secret_ && secret_->period > Duration{} && node.id() == rules_.parties.front()) {
    Task<> epochs = hold_epochs(node);
    node.spawn(std::move(epochs));
  }
}

std::vector<double> MpcNodes::own(Node& node, const Meeting& meeting) const {
  if (pools_.contains(meeting.function)) return pool_numbers_(node.id(), meeting);
  const auto found = computations_.find(meeting.function);
  if (found == computations_.end()) return load_of(node.id(), meeting.function);
  return found->second.enters(node.id(), meeting.about);
}

// A server's load; for `headroom` the room that it has for one request more: its operations a
// second, shared by those that are there.
std::vector<double> MpcNodes::load_of(NodeId id, const std::string& function) const {
  const double most = std::ldexp(1.0, secret_ ? secret_->bits : 1) - 1;
  const auto server = servers_.find(id);
  const double load = server == servers_.end() ? most : static_cast<double>(server->second->load());
  if (function != "headroom") return {std::min(load, most)};
  const PlatformNode& node = platform_.node(id);
  const double room =
      room_per_operation * node.cores * node.speed / std::max(1.0, (load + 1) / node.cores);
  return {std::min(std::floor(room), most)};
}

Task<> MpcNodes::hold_epochs(Node& node) {
  Council* const council = councils_.at(node.id()).get();
  LeftOut left_out;
  while (true) {
    const Time next = node.now() + secret_->period;
    Meeting meeting{.function = secret_->function,
                    .owners = left_out.still_counted(secret_servers_),
                    .receivers = secret_balancers_,
                    .bits = secret_->bits};
    if (!meeting.owners.empty()) {
      const std::vector<NodeId> servers = meeting.owners;
      Task<Result<std::vector<double>>> convening = council->convene(std::move(meeting));
      const Result<std::vector<double>> outcome = co_await std::move(convening);
      if (outcome) {
        node.probe().count("private bits", node.id(), most_bits(servers.size(), secret_->function));
        const auto here = balancers_.find(node.id());
        if (here != balancers_.end() && !outcome->empty()) here->second->learned(servers, *outcome);
      } else {
        left_out.blame(council->last_held().blamed);
      }
    }
    co_await node.sleep_until(next);
  }
}

void MpcNodes::describe_to(ActionSetting& setting) const {
  for (const auto& [name, owned] : computations_) setting.computations.insert(name);
  queries_.describe_to(setting);
}

SecretComputations* MpcNodes::computations(NodeId node) const {
  const auto found = holders_.find(node);
  return found == holders_.end() ? nullptr : found->second.get();
}

}  // namespace evenkeel

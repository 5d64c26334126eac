#include "models/balancing/balancer.h"

#include <fmt/format.h>
#include <cmath>

namespace evenkeel {

// A copy of a request on its way: counted in flight, and its end told to the policy exactly once,
// also if it is cancelled because another copy was faster.
class Balancer::Flight {
 public:
  Flight(Balancer& balancer, ServerIndex server)
      : balancer_(balancer), server_(server), sent_(balancer.node_.now()) {
    ++balancer_.in_flight_[server_];
    balancer_.policy_->sent(server_, sent_);
  }
  Flight(const Flight&) = delete;
  ~Flight() {
    if (!ended_ && balancer_.node_.is_up()) end({.ok = true, .cancelled = true});
  }

  void end(Outcome outcome) {
    ended_ = true;
    const Time now = balancer_.node_.now();
    outcome.latency = now - sent_;
    --balancer_.in_flight_[server_];
    if (outcome.report != nullptr) balancer_.knowledge_->reported(server_, *outcome.report, now);
    balancer_.policy_->finished(server_, outcome, now);
    if (!outcome.cancelled) balancer_.health_.finished(server_, outcome, now);
  }

 private:
  Balancer& balancer_;
  ServerIndex server_;
  Time sent_;
  bool ended_ = false;
};

// The copies of one request that are under way, and the first answer.
struct Balancer::Race {
  explicit Race(World& world) : over(world) {}

  Signal over;
  std::optional<Answer> answer;
  std::uint8_t sent = 0;
  std::uint8_t open = 0;
  TaskList copies;  // last: its tasks use the rest
};

Balancer::Balancer(Node& node, const BalancerSettings& settings, const Choices& choices,
                   std::uint64_t seed_index)
    : node_(node),
      settings_(settings),
      choices_(choices),
      random_(Random::stream(node.random()(), "balancer", seed_index)),
      now_(node.now()),
      in_flight_(choices.servers->nodes.size(), 0),
      health_(choices.servers->everyone, settings.outliers, settings.slow_start, random_) {
  policy_ = settings.policy(PolicyContext{.candidates = choices.servers->candidates,
                                          .round_trips = choices.round_trips,
                                          .zone = choices.zone,
                                          .zone_demand = settings.zone_demand,
                                          .balancers = settings.balancers,
                                          .random = random_});
  knowledge_ = settings.knowledge(KnowledgeContext{
      .in_flight = in_flight_, .oracle = *choices.servers->oracle, .now = now_, .random = random_});
  secret_ = knowledge_->rules().secret;
  wants_reports_ = policy_->wants_reports() || knowledge_->rules().in_answers;
}

View Balancer::view(std::span<const ServerIndex> considered) {
  now_ = node_.now();
  return {now_, health_.eligible(now_), in_flight_, considered, *knowledge_};
}

Task<Answer> Balancer::dispatch(Request request, Sending how) {
  const Time begun = node_.now();
  request.wants_report = wants_reports_;
  if (settings_.decision_time > Duration{})
    co_await node_.sleep(settings_.decision_time, "decision");
  if (settings_.decision_work > 0) co_await node_.compute(Work{settings_.decision_work});
  const Job job{request.key, request.request_class};
  ServerIndex server = 0;
  if (knowledge_->asks() || policy_->hold(job, view()) > Duration{}) {
    server = co_await choose(job, how);
  } else {
    policy_->consider(job, view(), scratch_);
    server = pick(job, scratch_);
    scratch_.clear();
  }
  const Duration decision = node_.now() - begun;
  const std::optional<Hedge> hedge = policy_->hedge(job, view());
  start_probes(how.ping);
  Answer answer;
  if (hedge) {
    answer = co_await race(server, *hedge, request, how);
  } else {
    answer = co_await send_copy(server, request, how);
  }
  answer.decision += decision;
  co_return answer;
}

ServerIndex Balancer::pick(const Job& job, std::span<const ServerIndex> considered) {
  constexpr int tries = 8;  // for slowly starting servers; then take what is picked
  const View now_seen = view(considered);
  ServerIndex server = policy_->pick(job, now_seen);
  for (int refused = 0; refused < tries && !health_.accepts(server, now_); ++refused)
    server = policy_->pick(job, now_seen);
  EVENKEEL_CHECK(server < in_flight_.size(), "a policy picked a server that does not exist");
  if (Trace* const trace = Trace::here()) note_choice(*trace, server, considered);
  knowledge_->chosen(server);
  return server;
}

// What was believed of the servers that were considered, where the policy names some.
void Balancer::note_choice(Trace& trace, ServerIndex server,
                           std::span<const ServerIndex> considered) const {
  constexpr std::size_t most = 16;
  for (const ServerIndex other : considered.first(std::min(most, considered.size())))
    trace.note({.node = node_.id(),
                .to = choices_.servers->nodes[other],
                .begin = now_,
                .what = "considered",
                .detail = fmt::format("load {:.3g}", knowledge_->load(other))});
  trace.note(
      {.node = node_.id(), .to = choices_.servers->nodes[server], .begin = now_, .what = "chose"});
}

Task<ServerIndex> Balancer::choose(Job job, Sending how) {
  while (node_.now() < how.give_up_at) {
    const Duration hold = policy_->hold(job, view());
    if (hold <= Duration{}) break;
    co_await node_.sleep(hold, "held back");
  }
  std::vector<ServerIndex> considered;
  policy_->consider(job, view(), considered);
  if (knowledge_->asks() && secret_ && considered.size() > 1) {
    co_await ask_secretly(considered, how.ping);
  } else if (knowledge_->asks() && !secret_ && !considered.empty()) {
    co_await ask_all(considered, how.ping);
  }
  co_return pick(job, considered);
}

Task<Answer> Balancer::send_copy(ServerIndex server, Request request, Sending how) {
  Flight flight{*this, server};
  if (how.uplink > Duration{}) co_await node_.sleep(how.uplink, "access link");
  const Duration limit = how.give_up_at == never ? never : how.give_up_at - node_.now();
  Call call = node_.rpc().call(choices_.servers->nodes[server], Port::requests,
                               encode(request, how.input_bytes), limit);
  const Result<Payload> reply = co_await call;
  Answer answer{.end = RequestEnd::timed_out};
  if (reply) {
    const std::optional<Answer> decoded = decode_answer(*reply);
    answer = decoded ? *decoded : Answer{.end = RequestEnd::dropped};
    if (how.answer_body != nullptr) how.answer_body->assign(answer.body.begin(), answer.body.end());
    answer.body = {};
  }
  flight.end({.ok = answer.end == RequestEnd::completed,
              .report = answer.report ? &*answer.report : nullptr});
  co_return answer;
}

Task<Answer> Balancer::race(ServerIndex first, Hedge hedge, Request request, Sending how) {
  const Job job{request.key, request.request_class};
  std::vector<ServerIndex> used{first};
  Race race{node_.world()};
  race.copies.spawn(run_copy(race, first, request, how));
  while (race.sent < hedge.max_copies) {
    co_await race.over.wait_until(node_.now() + hedge.delay);
    if (race.answer && race.answer->end == RequestEnd::completed) break;
    const std::optional<ServerIndex> other = pick_other(job, used);
    if (!other || node_.now() >= how.give_up_at) break;
    used.push_back(*other);
    race.over.reset();
    race.answer.reset();
    node_.probe().count("hedges", node_.id(), 1);
    race.copies.spawn(run_copy(race, *other, request, how));
  }
  if (!race.answer) co_await race.over.wait_until(never);
  race.answer->copies = race.sent;
  co_return *race.answer;
}

Task<> Balancer::run_copy(Race& race, ServerIndex server, Request request, Sending how) {
  ++race.sent;
  ++race.open;
  const Answer answer = co_await send_copy(server, request, how);
  --race.open;
  // A failure ends the race only when no other copy can still win it.
  if (race.answer || (answer.end != RequestEnd::completed && race.open > 0)) co_return;
  race.answer = answer;
  race.over.raise();
}

std::optional<ServerIndex> Balancer::pick_other(const Job& job, std::span<const ServerIndex> used) {
  View rest = view();
  std::vector<ServerIndex> unused;
  for (const ServerIndex server : rest.eligible)
    if (std::ranges::find(used, server) == used.end()) unused.push_back(server);
  if (unused.empty()) return std::nullopt;
  std::vector<ServerIndex> considered;
  rest.eligible = unused;
  policy_->consider(job, rest, considered);
  const View seen{rest.now, unused, rest.in_flight, considered, rest.beliefs};
  return policy_->pick(job, seen);
}

Task<> Balancer::ask_all(const std::vector<ServerIndex>& servers, Duration ping) {
  if (ping > Duration{}) co_await node_.sleep(ping);
  node_.probe().count("probes", node_.id(), static_cast<double>(servers.size()));
  std::size_t open = servers.size();
  Signal all_known{node_.world()};
  TaskList questions;
  for (const ServerIndex server : servers) questions.spawn(ask(server, all_known, open));
  co_await all_known.wait_until(never);
}

// If the computation fails, the policy picks by what it believes.
Task<> Balancer::ask_secretly(std::vector<ServerIndex> servers, Duration ping) {
  Council* const council = settings_.council(node_.id());
  EVENKEEL_CHECK(council != nullptr, "secret loads without a council");
  if (ping > Duration{}) co_await node_.sleep(ping);
  Meeting meeting{.function = secret_->function, .receivers = {node_.id()}, .bits = secret_->bits};
  for (const ServerIndex server : servers)
    meeting.owners.push_back(choices_.servers->nodes[server]);
  Task<Result<std::vector<double>>> convening = council->convene(std::move(meeting));
  const Result<std::vector<double>> outcome = co_await std::move(convening);
  if (!outcome || outcome->empty()) co_return;
  knowledge_->learned(servers, *outcome, node_.now());
  node_.probe().count("private bits", node_.id(), std::log2(static_cast<double>(servers.size())));
}

void Balancer::learned(std::span<const NodeId> nodes, std::span<const double> outcome) {
  std::vector<ServerIndex> servers;
  for (const NodeId node : nodes) servers.push_back(choices_.servers->index_of[index(node)]);
  now_ = node_.now();
  knowledge_->learned(servers, outcome, now_);
}

Task<> Balancer::ask(ServerIndex server, Signal& all_known, std::size_t& open) {
  co_await probe_server(server, Duration{});
  if (--open == 0) all_known.raise();
}

void Balancer::start_probes(Duration ping) {
  policy_->probe(view(), scratch_);
  if (scratch_.empty()) return;
  node_.probe().count("probes", node_.id(), static_cast<double>(scratch_.size()));
  for (const ServerIndex server : scratch_) node_.spawn(probe_server(server, ping));
  scratch_.clear();
}

Task<> Balancer::probe_server(ServerIndex server, Duration ping) {
  if (ping > Duration{}) co_await node_.sleep(ping);
  Call call =
      node_.rpc().call(choices_.servers->nodes[server], Port::probes, {}, settings_.probe_timeout);
  const Result<Payload> answer = co_await call;
  if (!answer) co_return;
  const std::optional<Report> report = decode_report(*answer);
  if (!report) co_return;
  knowledge_->reported(server, *report, node_.now());
  policy_->probed(server, *report, node_.now());
}

void Balancer::noticed(ServerIndex server, const Notice& notice) {
  now_ = node_.now();
  switch (notice.kind) {
    case Notice::Kind::bulletin:
      knowledge_->reported(server, notice.report, now_);
      break;
    case Notice::Kind::idle:
      policy_->idle(server, now_);
      break;
    case Notice::Kind::busy:
      policy_->busy(server, now_);
      break;
  }
}

}  // namespace evenkeel

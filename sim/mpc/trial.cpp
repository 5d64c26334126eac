#include "sim/mpc/trial.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "models/mpc/ledger.h"
#include "models/runtime/signal.h"
#include "sim/metrics/probe_log.h"
#include "sim/study/scratch_folder.h"
#include "sim/topology/builder.h"
#include "sim/world/simgrid_world.h"
#include "sim/world/socket_world.h"

namespace evenkeel {
namespace {

constexpr double widest = 1e15;  // bit/s, as wide as a link may be
constexpr Duration longest = std::chrono::hours{1};

// What a trial does not ask of a probe.
class Deaf final : public Probe {
 public:
  void request_sent(std::uint32_t, std::uint32_t, Time) override {}
  void request_ended(const RequestRecord&) override {}
  void level_changed(Level, NodeId, Time, double) override {}
  void count(std::string_view, NodeId, double) override {}
  void event(Time, NodeId, std::string_view, std::string_view) override {}
};

// What a seat leaves behind.
struct Seated {
  std::optional<Result<std::vector<double>>> answer = {};
  std::vector<Priced> operations = {};
  Cost formula = {};
  Spent spent = {};
  std::vector<Mark> marks = {};
  Time done{};
};

Platform platform_of(const MpcTrial& trial) {
  const std::uint32_t seats = trial.parties + trial.clients;
  GraphBuilder builder{LinkDefaults{}};
  std::vector<PlatformNode> nodes;
  for (std::uint32_t i = 0; i < seats; ++i) {
    const std::string name = i < trial.parties ? fmt::format("party {}", i)
                                               : fmt::format("client {}", i - trial.parties);
    builder.add({.name = name});
    nodes.push_back({.name = name, .vertex = i, .speed = trial.speed});
  }
  for (std::uint32_t i = 0; i < seats; ++i)
    for (std::uint32_t j = i + 1; j < seats; ++j)
      builder.link({.from = i,
                    .to = j,
                    .latency = trial.round_trip / 2,
                    .bandwidth = std::min(trial.bandwidth, widest)});
  builder.route_by(RouteBy::links);
  return {std::move(builder).build(), std::move(nodes)};
}

Task<> take_seat(const MpcTrial& trial, Node& node, std::vector<double> own, Seated& seated,
                 std::function<void()> done) {
  Sessions sessions{node};
  SessionPlan plan{
      .id = 1, .self = index(node.id()), .parties = trial.parties, .patience = trial.patience};
  for (std::uint32_t i = 0; i < trial.parties + trial.clients; ++i) plan.seats.push_back(NodeId{i});
  Session session{sessions, std::move(plan)};
  session.mark("begun");
  Task<Result<std::vector<double>>> computing =
      compute(session, trial.computation, std::move(own), &seated.operations);
  seated.answer = co_await std::move(computing);
  seated.done = node.now();
  seated.spent = session.spent();
  seated.marks = session.marks();
  seated.formula = formula_of(session, trial.computation, seated.operations);
  done();
  Signal forever{node.world()};  // others may still wait for what this seat sent
  const Signal::Wait wait = forever.wait_until(never);
  co_await wait;
}

struct Run {
  const MpcTrial& trial;
  std::vector<std::vector<double>> inputs = drawn_inputs(trial);
  std::vector<Seated> seats = std::vector<Seated>(trial.parties + trial.clients);

  void boot(Node& node, std::function<void()> done) {
    const std::uint32_t self = index(node.id());
    const std::uint32_t first = trial.clients > 0 ? trial.parties : 0;
    std::vector<double> own = self >= first ? inputs[self - first] : std::vector<double>{};
    Task<> task = take_seat(trial, node, std::move(own), seats[self], std::move(done));
    node.spawn(std::move(task));
  }
};

void run_in_virtual_time(Run& run, std::vector<double>& link_bytes) {
  const Platform platform = platform_of(run.trial);
  Deaf probe;
  SimgridWorld world{platform, {.seed = run.trial.seed}, probe};
  for (std::uint32_t i = 0; i < world.size(); ++i)
    world.node(NodeId{i}).on_start([&run](Node& node) { run.boot(node, [] {}); });
  world.run(longest);
  link_bytes = world.link_bytes();
}

void run_on_sockets(Run& run, std::vector<double>& link_bytes) {
  const MpcTrial& trial = run.trial;
  const auto seats = static_cast<std::uint32_t>(run.seats.size());
  const Platform platform = platform_of(trial);
  const ScratchFolder scratch;
  LinkClocks clocks{platform};
  std::optional<Authority> authority;
  if (!trial.plain) authority.emplace();
  Deaf probe;
  std::vector<Platform> platforms;
  for (std::uint32_t i = 0; i < seats; ++i) platforms.push_back(platform.twin());
  const bool is_bare = trial.round_trip == Duration{} && trial.bandwidth >= widest;
  std::vector<std::unique_ptr<SocketWorld>> worlds;
  std::vector<Address> addresses;
  for (std::uint32_t i = 0; i < seats; ++i) {
    SocketSettings settings{.network = {.rates_elsewhere = is_bare, .delays_elsewhere = is_bare},
                            .directory = fmt::format("{}/{}", scratch.path(), i),
                            .seed = trial.seed,
                            .run = trial.seed};
    if (authority) settings.credentials = authority->issue(platform.nodes()[i].name);
    worlds.push_back(
        std::make_unique<SocketWorld>(platforms[i], NodeId{i}, settings, clocks, probe));
    addresses.push_back({"127.0.0.1", worlds.back()->listen("127.0.0.1", 0)});
  }
  std::atomic<std::uint32_t> open = seats;
  const std::function<void()> done = [&open, &worlds] {
    if (--open == 0)
      for (const auto& world : worlds) world->interrupt();
  };
  for (std::uint32_t i = 0; i < seats; ++i) {
    worlds[i]->meet(addresses);
    worlds[i]->node().on_start([&run, &done](Node& node) { run.boot(node, done); });
  }
  const auto start = SocketWorld::Clock::now() + std::chrono::milliseconds{50};
  std::vector<std::thread> threads;
  for (const auto& world : worlds)
    threads.emplace_back([&world, start] { world->run(start, longest); });
  for (std::thread& thread : threads) thread.join();
  link_bytes.assign(platform.links().size(), 0);
  for (const auto& world : worlds)
    std::ranges::transform(link_bytes, world->link_bytes(), link_bytes.begin(), std::plus{});
}

void add_formula(MpcOutcome& outcome, const MpcTrial& trial) {
  const Cost& formula = outcome.formula;
  const auto time_of = [&trial](std::uint32_t rounds, std::uint64_t bytes) {
    return rounds * to_seconds(trial.round_trip) / 2 +
           static_cast<double>(bytes) * 8 / trial.bandwidth;
  };
  std::uint64_t most_offline = 0;
  std::uint64_t most_online = 0;
  for (std::size_t i = 0; i < outcome.seats.size(); ++i) {
    MpcOutcome::PerSeat& seat = outcome.seats[i];
    seat.formula_bytes = formula.sent_bytes[i];
    seat.formula_offline_bytes = formula.offline_of(i);
    most_offline = std::max(most_offline, seat.formula_offline_bytes);
    most_online = std::max(most_online, seat.formula_bytes - seat.formula_offline_bytes);
  }
  outcome.formula_s = time_of(formula.rounds, std::ranges::max(formula.sent_bytes));
  outcome.formula_offline_s = time_of(formula.offline_rounds, most_offline);
  outcome.formula_online_s = time_of(formula.online_rounds(), most_online);
}

Result<MpcOutcome> outcome_of(Run& run, const std::vector<double>& link_bytes) {
  const MpcTrial& trial = run.trial;
  MpcOutcome outcome;
  for (Seated& seated : run.seats) {
    if (!seated.answer) return Error{ErrorCode::timeout, "a seat never ended"};
    if (!*seated.answer) return seated.answer->error();
    if (outcome.answer.empty()) outcome.answer = **seated.answer;
    outcome.rounds = std::max(outcome.rounds, seated.spent.rounds);
    outcome.offline_rounds = std::max(outcome.offline_rounds, seated.spent.offline_rounds);
    outcome.online_rounds = std::max(outcome.online_rounds, seated.spent.online_rounds);
    outcome.latency_s = std::max(outcome.latency_s, to_seconds(seated.done));
    outcome.seats.push_back({.spent = seated.spent, .marks = std::move(seated.marks)});
  }
  outcome.offline_s = to_seconds(run.seats[0].spent.offline_time);
  outcome.formula = std::move(run.seats[0].formula);
  add_formula(outcome, trial);
  for (const double bytes : link_bytes) outcome.link_bytes += bytes;
  outcome.right = trial.computation.function->plain(run.inputs, trial.computation.problem);
  outcome.error_bound = trial.computation.function->error_bound(trial.computation.problem);
  return outcome;
}

}  // namespace

std::vector<std::vector<double>> drawn_inputs(const MpcTrial& trial) {
  const Problem& problem = trial.computation.problem;
  Random random = Random::stream(trial.seed, "mpc inputs");
  std::vector<std::vector<double>> all(problem.owners);
  for (std::vector<double>& own : all) own = trial.computation.function->drawn(problem, random);
  return all;
}

Result<MpcOutcome> try_out(const MpcTrial& trial) {
  if (std::optional<Error> against =
          reason_against(trial.computation, trial.parties, trial.clients))
    return std::move(*against);
  Run run{trial};
  std::vector<double> link_bytes;
  trial.on_sockets ? run_on_sockets(run, link_bytes) : run_in_virtual_time(run, link_bytes);
  return outcome_of(run, link_bytes);
}

}  // namespace evenkeel

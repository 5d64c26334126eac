#include "sim/mpc/trial.h"

#include <algorithm>

#include "models/mpc/ledger.h"
#include "models/runtime/signal.h"
#include "sim/mpc/lab.h"

namespace evenkeel {
namespace {

// What a seat leaves behind.
struct Seated {
  std::optional<Result<std::vector<double>>> answer = {};
  std::vector<Priced> operations = {};
  Cost formula = {};
  Spent spent = {};
  std::vector<Mark> marks = {};
  Time done{};
};

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
  add_formula(outcome, trial.round_trip, trial.bandwidth);
  for (const double bytes : link_bytes) outcome.link_bytes += bytes;
  outcome.right = trial.computation.function->plain(run.inputs, trial.computation.problem);
  outcome.error_bound = trial.computation.function->error_bound(trial.computation.problem);
  return outcome;
}

}  // namespace

void add_formula(MpcOutcome& outcome, Duration round_trip, double bandwidth) {
  const Cost& formula = outcome.formula;
  const auto time_of = [&](std::uint32_t rounds, std::uint64_t bytes) {
    return rounds * to_seconds(round_trip) / 2 + static_cast<double>(bytes) * 8 / bandwidth;
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
  const MpcLab lab{.parties = trial.parties,
                   .clients = trial.clients,
                   .round_trip = trial.round_trip,
                   .bandwidth = trial.bandwidth,
                   .speed = trial.speed,
                   .on_sockets = trial.on_sockets,
                   .plain = trial.plain,
                   .seed = trial.seed};
  const std::vector<double> link_bytes = run_in_lab(
      lab, [&run](Node& node, std::function<void()> done) { run.boot(node, std::move(done)); });
  return outcome_of(run, link_bytes);
}

}  // namespace evenkeel

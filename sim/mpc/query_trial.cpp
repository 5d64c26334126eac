#include "sim/mpc/query_trial.h"

#include <algorithm>

#include "models/runtime/signal.h"
#include "sim/workload/private_holdings.h"

namespace evenkeel {
namespace {

// What a seat leaves behind.
struct QuerySeat {
  std::optional<Result<PrivateAnswer>> answer = {};
  Spent spent = {};
  std::vector<Mark> marks = {};
  Time done{};
};

struct QueryRun {
  explicit QueryRun(const QueryTrial& its_trial)
      : trial(its_trial),
        drawn(drawn_holdings(trial.query, trial.common, "element", trial.lab.seed)),
        place(Random::stream(trial.lab.seed, "row asked for").below(trial.query.items)),
        seats(trial.lab.parties + trial.lab.clients) {}

  const QueryTrial& trial;
  DrawnHoldings drawn;
  std::uint64_t place;
  std::vector<QuerySeat> seats;
};

Task<> take_query_seat(QueryRun& run, Node& node, std::function<void()> done) {
  Sessions sessions{node};
  const Seat self = index(node.id());
  SessionPlan plan{
      .id = 1, .self = self, .parties = run.trial.lab.parties, .patience = run.trial.patience};
  for (std::uint32_t i = 0; i < run.seats.size(); ++i) plan.seats.push_back(NodeId{i});
  QuerySeat& seat = run.seats[self];
  const PrivateHolding* const own = self < 2 ? &run.drawn.holdings[self] : nullptr;
  Session session{sessions, std::move(plan)};
  session.mark("begun");
  Task<Result<PrivateAnswer>> asking = take_part(session, run.trial.query, own, run.place);
  seat.answer = co_await std::move(asking);
  session.mark("opened");
  seat.done = node.now();
  seat.spent = session.spent();
  seat.marks = session.marks();
  done();
  Signal forever{node.world()};  // others may still wait for what this seat sent
  const Signal::Wait wait = forever.wait_until(never);
  co_await wait;
}

void append_numbers(const PrivateAnswer& from, std::vector<double>& to) {
  for (const std::uint64_t number : from.numbers) to.push_back(static_cast<double>(number));
  for (const std::byte byte : from.row) to.push_back(std::to_integer<int>(byte));
}

Result<MpcOutcome> outcome_of(QueryRun& run, const std::vector<double>& link_bytes) {
  const QueryTrial& trial = run.trial;
  MpcOutcome outcome;
  for (QuerySeat& seat : run.seats) {
    if (!seat.answer) return Error{ErrorCode::timeout, "a seat never ended"};
    if (!*seat.answer) return seat.answer->error();
    append_numbers(**seat.answer, outcome.answer);
    outcome.rounds = std::max(outcome.rounds, seat.spent.rounds);
    outcome.online_rounds = std::max(outcome.online_rounds, seat.spent.online_rounds);
    outcome.latency_s = std::max(outcome.latency_s, to_seconds(seat.done));
    outcome.seats.push_back({.spent = seat.spent, .marks = std::move(seat.marks)});
  }
  outcome.formula = cost_of(trial.query);
  add_formula(outcome, trial.lab.round_trip, trial.lab.bandwidth);
  for (const double bytes : link_bytes) outcome.link_bytes += bytes;
  if (trial.query.kind == PrivateQueryKind::retrieval) {
    append_numbers(right_row(trial.query, run.drawn, run.place), outcome.right);
  } else {
    for (const PrivateAnswer& right : run.drawn.right) append_numbers(right, outcome.right);
  }
  return outcome;
}

}  // namespace

Result<MpcOutcome> try_out(const QueryTrial& trial) {
  if (std::optional<Error> against = reason_against(trial.query)) return std::move(*against);
  QueryRun run{trial};
  const std::vector<double> link_bytes =
      run_in_lab(trial.lab, [&run](Node& node, std::function<void()> done) {
        Task<> task = take_query_seat(run, node, std::move(done));
        node.spawn(std::move(task));
      });
  return outcome_of(run, link_bytes);
}

}  // namespace evenkeel

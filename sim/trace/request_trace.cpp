#include "sim/trace/request_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/report/format.h"

namespace evenkeel {
namespace {

bool is_of_computation(const TraceStep& step) {
  return step.kind == TraceStep::Kind::message && step.session != 0;
}

/// Of what a message answers; itself, if it answers none.
const TraceStep& answered(const RequestTrace& trace, const TraceStep& step) {
  if (step.what != "replies" || step.cause <= Cause::request) return step;
  const std::size_t asked = Trace::step_of(step.cause);
  return asked < trace.steps.size() ? trace.steps[asked] : step;
}

void append(std::string& list, const char* between, const std::string& item) {
  if (!list.empty()) list += between;
  list += item;
}

/// A computation as its steps come.
struct Gathered {
  using Round = TracedComputation::Round;
  using Seat = TracedComputation::Seat;

  void add_message(const TraceStep& step) {
    const auto [place, fresh] =
        places.try_emplace({step.round, step.is_offline, step.what}, rounds.size());
    if (fresh)
      rounds.push_back({.number = step.round,
                        .is_offline = step.is_offline,
                        .step = step.what,
                        .begin = step.begin,
                        .end = step.begin});
    Round& round = rounds[place->second];
    round.begin = std::min(round.begin, step.begin);
    if (step.end != never) round.end = std::max(round.end, step.end);
    ++round.messages;
    round.bytes += step.amount;
    Seat& sender = seats[step.node];
    sender.sent_bytes += step.amount;
    ++sender.messages;
    if (step.end != never) seats[step.to].received_bytes += step.amount;
  }
  void add_note(const TraceStep& step) {
    Seat& seat = seats[step.node];
    append(seat.roles, ", ", step.what);
    append(seat.learned, "; ", step.detail);
  }
  TracedComputation computation(std::uint64_t session) const {
    TracedComputation one{.session = session, .rounds = rounds};
    std::ranges::stable_sort(
        one.rounds, {}, [](const Round& round) { return std::tuple(round.number, round.begin); });
    for (const auto& [node, seat] : seats) one.seats.emplace_back(seat).node = node;
    return one;
  }

  std::vector<Round> rounds = {};  // as they come first
  std::map<std::tuple<std::uint32_t, bool, std::string>, std::size_t> places = {};
  std::map<NodeId, Seat> seats = {};
};

}  // namespace

std::string_view fate_of(TraceStep::Kind kind) {
  return kind == TraceStep::Kind::computation ? "given up" : "never came";
}

std::string takes_of(TraceStep::Kind kind, Time begin, Time end) {
  if (kind == TraceStep::Kind::note) return {};
  return end == never ? std::string{fate_of(kind)} : report::time(to_seconds(end - begin));
}

std::string place_of(const RequestTrace& trace, const TraceStep& step) {
  const auto name = [&](NodeId node) {
    return index(node) < trace.nodes.size() ? trace.nodes[index(node)] : std::string{"?"};
  };
  if (step.to == TraceStep::nobody) return name(step.node);
  const char* const between = step.kind == TraceStep::Kind::message ? " → " : ": ";
  return name(step.node) + between + name(step.to);
}

std::string words_of(const RequestTrace& trace, const TraceStep& step) {
  switch (step.kind) {
    case TraceStep::Kind::computation:
      return "computes " + report::operations(step.amount);
    case TraceStep::Kind::wait:
      return step.what;
    case TraceStep::Kind::note:
      return step.detail.empty() ? step.what : step.what + ": " + step.detail;
    case TraceStep::Kind::message:
      break;
  }
  const std::string size = report::bytes(step.amount);
  if (is_of_computation(step))
    return fmt::format("{}, round {}{}: {}", step.what, step.round,
                       step.is_offline ? " offline" : "", size);
  const TraceStep& asked = answered(trace, step);
  return &asked == &step ? fmt::format("{}: {}", step.what, size)
                         : fmt::format("answer to {}: {}", asked.what, size);
}

std::vector<TracedComputation> computations_of(const RequestTrace& trace) {
  std::vector<std::uint64_t> sessions;  // in the order of their first steps
  std::map<std::uint64_t, Gathered> gathered;
  for (const TraceStep& step : trace.steps) {
    if (step.session == 0) continue;
    const auto [place, fresh] = gathered.try_emplace(step.session);
    if (fresh) sessions.push_back(step.session);
    if (step.kind == TraceStep::Kind::message) place->second.add_message(step);
    if (step.kind == TraceStep::Kind::note) place->second.add_note(step);
  }
  std::vector<TracedComputation> all;
  for (const std::uint64_t session : sessions)
    all.push_back(gathered.at(session).computation(session));
  return all;
}

std::vector<std::pair<TracedComputation::Seat, std::string>> alike_seats(
    const RequestTrace& trace, const TracedComputation& computation) {
  const auto kind_of = [](const TracedComputation::Seat& seat) {
    return std::tuple(seat.roles, seat.learned, seat.sent_bytes, seat.received_bytes);
  };
  std::vector<std::pair<TracedComputation::Seat, std::string>> groups;
  std::vector<std::size_t> others;
  for (const TracedComputation::Seat& seat : computation.seats) {
    std::size_t place = 0;
    while (place < groups.size() && kind_of(groups[place].first) != kind_of(seat)) ++place;
    if (place < groups.size()) {
      ++others[place];
    } else {
      groups.emplace_back(seat, trace.nodes[index(seat.node)]);
      others.push_back(0);
    }
  }
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (others[i] > 0) groups[i].second += fmt::format(" + {} alike", others[i]);
  return groups;
}

}  // namespace evenkeel

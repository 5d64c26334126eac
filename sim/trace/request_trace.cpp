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

TracedComputation::Seat& seat_of(TracedComputation& computation, NodeId node) {
  const auto found = std::ranges::find(computation.seats, node, &TracedComputation::Seat::node);
  if (found != computation.seats.end()) return *found;
  return computation.seats.emplace_back(TracedComputation::Seat{.node = node});
}

void append(std::string& list, const char* between, const std::string& item) {
  if (!list.empty()) list += between;
  list += item;
}

void add_message(TracedComputation& computation, const TraceStep& step) {
  using Round = TracedComputation::Round;
  auto round = std::ranges::find_if(computation.rounds, [&](const Round& one) {
    return std::tie(one.number, one.is_offline, one.step) ==
           std::tie(step.round, step.is_offline, step.what);
  });
  if (round == computation.rounds.end())
    round = computation.rounds.insert(round, {.number = step.round,
                                              .is_offline = step.is_offline,
                                              .step = step.what,
                                              .begin = step.begin,
                                              .end = step.begin});
  round->begin = std::min(round->begin, step.begin);
  if (step.end != never) round->end = std::max(round->end, step.end);
  ++round->messages;
  round->bytes += step.amount;
  TracedComputation::Seat& sender = seat_of(computation, step.node);
  sender.sent_bytes += step.amount;
  ++sender.messages;
  if (step.end != never) seat_of(computation, step.to).received_bytes += step.amount;
}

}  // namespace

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
  std::vector<TracedComputation> all;
  std::map<std::uint64_t, std::size_t> places;
  for (const TraceStep& step : trace.steps) {
    if (step.session == 0) continue;
    const auto [place, fresh] = places.try_emplace(step.session, all.size());
    if (fresh) all.push_back({.session = step.session});
    TracedComputation& computation = all[place->second];
    if (step.kind == TraceStep::Kind::message) add_message(computation, step);
    if (step.kind == TraceStep::Kind::note) {
      TracedComputation::Seat& seat = seat_of(computation, step.node);
      append(seat.roles, ", ", step.what);
      append(seat.learned, "; ", step.detail);
    }
  }
  for (TracedComputation& one : all) {
    std::ranges::stable_sort(one.rounds, {}, [](const TracedComputation::Round& round) {
      return std::tuple(round.number, round.begin);
    });
    std::ranges::sort(one.seats, {}, &TracedComputation::Seat::node);
  }
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

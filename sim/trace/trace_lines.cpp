#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/report/format.h"
#include "sim/trace/request_trace.h"

namespace evenkeel {
namespace {

constexpr std::size_t many = 4;  // steps that are worth a line together

/// What one node sends to many at one instant, or many compute or wait for.
auto burst_of(const TraceStep& step) {
  const bool is_message = step.kind == TraceStep::Kind::message;
  return std::tuple(step.begin, step.kind, is_message ? index(step.node) : 0, step.what,
                    is_message ? step.cause : Cause::none);
}
using Burst = std::vector<const TraceStep*>;

bool may_be_many(const TraceStep& step) {
  return step.kind != TraceStep::Kind::note && step.session == 0;
}

TraceLine line_of(const RequestTrace& trace, const TraceStep& step) {
  return {.place = place_of(trace, step),
          .words = words_of(trace, step),
          .begin = step.begin,
          .end = step.end,
          .kind = step.kind};
}

std::string words_of(const Burst& burst, double amount) {
  switch (burst[0]->kind) {
    case TraceStep::Kind::message:
      return fmt::format("{}: {} messages, {}", burst[0]->what, burst.size(),
                         report::bytes(amount));
    case TraceStep::Kind::computation:
      return "compute " + report::operations(amount) + " in all";
    default:
      return burst[0]->what;
  }
}

TraceLine line_of(const RequestTrace& trace, const Burst& burst) {
  const TraceStep& first = *burst[0];
  const bool is_message = first.kind == TraceStep::Kind::message;
  TraceLine line{
      .place = fmt::format("{}{} nodes", is_message ? trace.nodes[index(first.node)] + " → " : "",
                           burst.size()),
      .begin = first.begin,
      .end = first.begin,
      .kind = first.kind};
  double amount = 0;
  std::size_t missing = 0;
  for (const TraceStep* const step : burst) {
    amount += step->amount;
    missing += step->end == never;
    line.end = std::max(line.end, step->end);
  }
  line.words = words_of(burst, amount);
  if (missing > 0)
    line.words += fmt::format("; {} {}", missing, is_message ? "never came" : "were given up");
  return line;
}

TraceLine line_of(const TracedComputation::Round& round, std::size_t computation) {
  return {.place = fmt::format("computation {}, round {}", computation, round.number),
          .words =
              fmt::format("{}{}: {} messages, {}", round.step, round.is_offline ? " (offline)" : "",
                          round.messages, report::bytes(round.bytes)),
          .begin = round.begin,
          .end = round.end,
          .kind = TraceStep::Kind::message,
          .is_round = true,
          .is_offline = round.is_offline};
}

}  // namespace

std::vector<TraceLine> lines_of(const RequestTrace& trace) {
  std::map<decltype(burst_of(TraceStep{})), Burst> bursts;
  for (const TraceStep& step : trace.steps)
    if (may_be_many(step)) bursts[burst_of(step)].push_back(&step);
  std::vector<TraceLine> lines;
  for (const TraceStep& step : trace.steps) {
    if (step.session != 0) continue;
    const Burst* const burst = may_be_many(step) ? &bursts.at(burst_of(step)) : nullptr;
    if (burst == nullptr || burst->size() < many) {
      lines.push_back(line_of(trace, step));
    } else if (burst->front() == &step) {
      lines.push_back(line_of(trace, *burst));
    }
  }
  const std::vector<TracedComputation> computations = computations_of(trace);
  for (std::size_t i = 0; i < computations.size(); ++i)
    for (const TracedComputation::Round& round : computations[i].rounds)
      lines.push_back(line_of(round, i + 1));
  std::ranges::stable_sort(lines, {}, &TraceLine::begin);
  return lines;
}

}  // namespace evenkeel

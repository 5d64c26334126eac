#include "gui/data/trace_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr std::size_t waitInk = 0, messageInk = 1, computeInk = 3, offlineInk = 5, onlineInk = 6;

std::size_t inkOf(const TraceLine& line) {
  if (line.is_round) return line.is_offline ? offlineInk : onlineInk;
  if (line.kind == TraceStep::Kind::message) return messageInk;
  return line.kind == TraceStep::Kind::computation ? computeInk : waitInk;
}

/// What takes time, or would have.
std::vector<TraceLine> rowsOf(const RequestTrace& trace) {
  std::vector<TraceLine> rows = lines_of(trace);
  std::erase_if(rows, [](const TraceLine& line) { return line.kind == TraceStep::Kind::note; });
  return rows;
}

/// Those that took longest, still in their order.
std::vector<TraceLine> longest(const std::vector<TraceLine>& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::size_t i) { return rows[i].end - rows[i].begin; });
  order.resize(most);
  std::ranges::sort(order);
  std::vector<TraceLine> kept;
  for (const std::size_t i : order) kept.push_back(rows[i]);
  return kept;
}

Table tableOf(const RequestTrace& trace) {
  Table table{.columns = {"at", "takes", "where", "what"}};
  for (const TraceStep& step : trace.steps)
    table.rows.push_back({report::time(to_seconds(step.begin - trace.sent)),
                          takes_of(step.kind, step.begin, step.end), place_of(trace, step),
                          words_of(trace, step)});
  return table;
}

}  // namespace

double stepsUntil(const RequestTrace& trace) {
  Time last = trace.record ? trace.record->ended : trace.followed_until;
  for (const TraceStep& step : trace.steps)
    if (step.end != never) last = std::max(last, step.end);
  return to_seconds(last - trace.sent);
}

PlotSpec stepsPlot(const RequestTrace& trace, double untilSeconds) {
  const TimeUnit unit = timeUnitFor(untilSeconds);
  const std::vector<TraceLine> all = rowsOf(trace);
  PlotSpec spec{.id = "steps",
                .title = fmt::format("Request {} step by step", trace.number),
                .explanation = fmt::format("{} from {}: what it caused, on whichever node",
                                           trace.request_class, trace.site),
                .x = {.label = "since it was sent, " + unit.name,
                      .low = 0,
                      .high = untilSeconds * unit.perSecond},
                .table = tableOf(trace)};
  for (const TraceLine& row : longest(all, mostStepRows)) {
    const double from = to_seconds(row.begin - trace.sent);
    const double to =
        row.end == never ? untilSeconds : std::min(to_seconds(row.end - trace.sent), untilSeconds);
    spec.spans.push_back({.row = spec.y.categories.size(),
                          .from = from * unit.perSecond,
                          .to = std::max(from, to) * unit.perSecond,
                          .ink = inkOf(row),
                          .text = row.end == never
                                      ? fmt::format("{} ({})", row.words, fate_of(row.kind))
                                      : row.words});
    spec.y.categories.push_back(row.place);
  }
  if (trace.record)
    spec.marks.emplace_back(to_seconds(trace.record->latency()) * unit.perSecond, "ended");
  if (all.size() > mostStepRows)
    spec.notes.push_back(fmt::format("the {} of {} steps that took longest; the table has all",
                                     mostStepRows, all.size()));
  if (trace.left_off > 0)
    spec.notes.push_back(fmt::format("{} later steps were not recorded", trace.left_off));
  if (!trace.record) spec.notes.emplace_back("it was still under way when the run ended");
  return spec;
}

Table seatsTable(const RequestTrace& trace) {
  Table table{.columns = {"computation", "node", "part", "sent", "received", "learns"}};
  const std::vector<TracedComputation> computations = computations_of(trace);
  for (std::size_t i = 0; i < computations.size(); ++i)
    for (const auto& [seat, name] : alike_seats(trace, computations[i]))
      table.rows.push_back({std::to_string(i + 1), name, seat.roles, report::bytes(seat.sent_bytes),
                            report::bytes(seat.received_bytes), seat.learned});
  return table;
}

}  // namespace evenkeel::gui

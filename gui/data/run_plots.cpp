// Rates, latencies and events over the time of a run. Loads are in load_plots.cpp.
#include "gui/data/run_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gui/data/plot_reading.h"
#include "gui/data/run_series.h"
#include "sim/report/format.h"

namespace evenkeel::gui {

PlotSpec ratesOverTime(const RunResult& run, const TimeRange& range, const Classes& classes) {
  PlotSpec spec = timePlot(run, range,
                           {.id = "rates",
                            .title = "Requests",
                            .explanation = "Sent, completed and lost, summed over classes.",
                            .y = {.label = "requests/s", .low = 0}});
  std::size_t ink = 0;
  constexpr std::pair<const char*, const char*> rates[] = {
      {"sent", "sent_rate"}, {"completed", "completed_rate"}, {"lost", "lost_rate"}};
  for (const auto& [name, series] : rates) {
    const std::vector<double> values = sumOverClasses(run, series, classes);
    if (!values.empty())
      spec.curves.push_back({.name = name, .ink = ink, .points = overTime(run, values, range)});
    ++ink;
  }
  if (!spec.curves.empty()) spec.table = tableOf(spec);
  return spec;
}

PlotSpec latencyOverTime(const RunResult& run, const TimeRange& range, const Classes& classes) {
  double greatest = 0;
  for (const Series& one : run.series)
    if (one.name == "latency_p99" && one.scope == Scope::request_class)
      for (const double value : one.values) greatest = std::fmax(greatest, value);
  const TimeUnit unit = timeUnitFor(greatest);
  PlotSpec spec = timePlot(
      run, range,
      {.id = "latency",
       .title = "p99 latency by class",
       .explanation = "By the instant of the answer. A class is missing where none was answered.",
       .y = {.label = "p99 latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true}});
  for (std::size_t c = 0; c < run.classes.size(); ++c) {
    const std::string& name = run.classes[c].name;
    const Series* its = seriesOf(run, "latency_p99", Scope::request_class, name);
    if (its == nullptr || !holds(classes, name)) continue;
    Points points = overTime(run, its->values, range, unit.perSecond);
    for (auto& [at, value] : points)
      if (value == 0) value = no_value;  // a bucket in which nothing was answered
    const bool any = std::ranges::any_of(points, [](const auto& p) { return p.second > 0; });
    if (any) spec.curves.push_back({.name = name, .ink = c, .points = points});
  }
  if (!spec.curves.empty()) spec.table = tableOf(spec);
  return spec;
}

void addEvent(PlotSpec& spec, const RunEvent& event) {
  auto row = std::ranges::find(spec.y.categories, event.kind);
  if (row == spec.y.categories.end()) row = spec.y.categories.insert(row, event.kind);
  const auto place = static_cast<std::size_t>(row - spec.y.categories.begin());
  if (place >= spec.curves.size())
    spec.curves.push_back(
        {.name = event.kind, .ink = place, .mark = Mark::points, .inLegend = false});
  spec.curves[place].points.emplace_back(event.at_s, static_cast<double>(place));
}

PlotSpec eventsOverTime(const RunResult& run, const TimeRange& range) {
  PlotSpec spec = timePlot(run, range,
                           {.id = "events",
                            .title = "Events",
                            .explanation = "Faults, repairs and decisions.",
                            .table = {.columns = {"at, s", "node", "kind", "detail"}}});
  spec.events.clear();  // each has its place in a row
  for (const RunEvent& event : run.events) {
    if (!range.holds(event.at_s)) continue;
    addEvent(spec, event);
    spec.table.rows.push_back({exact(event.at_s), event.node, event.kind, event.detail});
  }
  if (run.events_left_off > 0)
    spec.notes.push_back(fmt::format("{} more events were not kept.", run.events_left_off));
  return spec;
}

PlotSpec requestsOverTime(const RunResult& run, const TimeRange& range, const Classes& classes) {
  const TimeUnit unit = timeUnitFor(run.latency.max);
  PlotSpec spec = timePlot(
      run, range,
      {.id = "requests",
       .title = "Every kept request",
       .explanation = "By the instant at which it was sent. Of those that share a column of pixels "
                      "the first, the last, the fastest and the slowest are drawn.",
       .y = {.label = "latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true},
       .table = {
           .columns = {"request", "sent at, s", "latency, " + unit.name, "class", "server"}}});
  for (std::size_t c = 0; c < run.classes.size(); ++c)
    spec.curves.push_back({.name = run.classes[c].name, .ink = c, .mark = Mark::points});
  std::uint64_t lost = 0, kept = 0;
  for (const KeptRequest& request : run.requests) {
    const double sent = to_seconds(request.record.sent);
    if (!range.holds(sent) || request.record.request_class >= spec.curves.size()) continue;
    if (!holds(classes, spec.curves[request.record.request_class].name)) continue;
    ++kept;
    if (request.record.end != RequestEnd::completed) {
      ++lost;
      continue;
    }
    spec.curves[request.record.request_class].points.emplace_back(
        sent, to_seconds(request.record.latency()) * unit.perSecond);
  }
  std::erase_if(spec.curves, [](const PlotCurve& curve) { return curve.points.empty(); });
  for (PlotCurve& curve : spec.curves) std::ranges::sort(curve.points);
  for (const std::size_t i : slowestRequests(run, {.range = range, .classes = classes})) {
    const RequestRecord& record = run.requests[i].record;
    spec.table.rows.push_back({std::to_string(record.number), exact(to_seconds(record.sent)),
                               exact(to_seconds(record.latency()) * unit.perSecond),
                               run.classes[record.request_class].name,
                               serverOf(run, run.requests[i])});
  }
  if (run.requests.size() < run.requests_in_all)
    spec.notes.push_back(fmt::format("{} of {} requests: a uniform sample, and the slowest.",
                                     report::number(static_cast<double>(run.requests.size())),
                                     report::number(static_cast<double>(run.requests_in_all))));
  if (lost > 0)
    spec.notes.push_back(fmt::format("{} of the {} were lost and have no latency.", lost, kept));
  if (kept - lost > mostSlowest)
    spec.notes.push_back(fmt::format("The table has the {} slowest.", mostSlowest));
  return spec;
}

}  // namespace evenkeel::gui

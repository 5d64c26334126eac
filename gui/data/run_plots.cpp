#include "gui/data/run_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

const Series* seriesOf(const RunResult& run, const std::string& name, Scope scope,
                       const std::string& subject) {
  const auto found = std::ranges::find_if(run.series, [&](const Series& one) {
    return one.name == name && one.scope == scope && one.subject == subject;
  });
  return found == run.series.end() ? nullptr : &*found;
}

double bucketMiddle(const RunResult& run, std::size_t bucket) {
  const double start = static_cast<double>(bucket) * run.bucket_s;
  return (start + std::min(start + run.bucket_s, run.duration_s)) / 2;
}

Points overTime(const RunResult& run, const std::vector<double>& values, double factor = 1) {
  Points points;
  for (std::size_t i = 0; i < values.size(); ++i)
    points.emplace_back(bucketMiddle(run, i), values[i] * factor);
  return points;
}

std::vector<double> sumOverClasses(const RunResult& run, const std::string& name) {
  std::vector<double> sum;
  for (const Series& one : run.series) {
    if (one.name != name || one.scope != Scope::request_class) continue;
    sum.resize(std::max(sum.size(), one.values.size()));
    for (std::size_t i = 0; i < one.values.size(); ++i)
      if (!std::isnan(one.values[i])) sum[i] += one.values[i];
  }
  return sum;
}

PlotSpec timePlot(const RunResult& run, PlotSpec spec) {
  spec.x = {.label = "time since the start, s", .low = 0, .high = run.duration_s};
  spec.isOverTime = true;
  if (run.warm_up_s > 0) spec.marks.emplace_back(run.warm_up_s, "warm-up ends");
  return spec;
}

/// Time, then a column a curve.
Table tableOf(const PlotSpec& spec) {
  Table table{.columns = {spec.x.label}};
  std::size_t longest = 0;
  for (const PlotCurve& curve : spec.curves) {
    table.columns.push_back(curve.name);
    longest = std::max(longest, curve.points.size());
  }
  for (std::size_t i = 0; i < longest; ++i) {
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(report::plain(
        spec.curves.front().points.size() > i ? spec.curves.front().points[i].first : no_value));
    for (const PlotCurve& curve : spec.curves)
      row.push_back(i < curve.points.size() ? report::plain(curve.points[i].second) : "–");
  }
  return table;
}

struct Row {
  std::string name;
  std::vector<double> values;
  double mean = 0;
};

std::vector<Row> nodeRows(const RunResult& run, const std::string& series) {
  std::vector<Row> rows;
  for (const NodeResult& node : run.nodes) {
    if (!node.serves) continue;
    const Series* its = seriesOf(run, series, Scope::node, node.name);
    if (its == nullptr || its->values.empty()) continue;
    Row row{.name = node.name, .values = its->values};
    row.mean = std::accumulate(row.values.begin(), row.values.end(), 0.0) /
               static_cast<double>(row.values.size());
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

PlotSpec heatMap(const RunResult& run, const HeatMapChoice& choice) {
  const bool isQueue = choice.series == "mean_queue";
  PlotSpec spec = timePlot(
      run, {.id = "heat",
            .title = isQueue ? "Queues at the nodes" : "Utilisation of the nodes",
            .explanation = isQueue ? "Requests waiting; one scale for all variants."
                                   : "Busy share of each node's cores, from 0 to 1 for all.",
            .table = {.columns = {"node", isQueue ? "mean queue" : "utilisation", "highest"}}});
  std::vector<Row> rows = nodeRows(run, choice.series);
  if (choice.order == RowOrder::byLoad)
    std::ranges::stable_sort(rows, std::greater{}, &Row::mean);
  else if (choice.order == RowOrder::byName)
    std::ranges::stable_sort(rows, {}, &Row::name);
  spec.cells.cellWidth = run.bucket_s;
  spec.cells.high = choice.top;
  spec.cells.unit = isQueue ? "waiting" : "busy share";
  for (Row& row : rows) {
    const double highest = *std::ranges::max_element(row.values);
    spec.table.rows.push_back({row.name, report::plain(row.mean), report::plain(highest)});
    spec.cells.rows.push_back(row.name);
    spec.cells.values.push_back(std::move(row.values));
  }
  return spec;
}

PlotSpec ratesOverTime(const RunResult& run) {
  PlotSpec spec = timePlot(run, {.id = "rates",
                                 .title = "Requests",
                                 .explanation = "Sent, completed and lost, of all classes.",
                                 .y = {.label = "requests/s", .low = 0}});
  std::size_t ink = 0;
  constexpr std::pair<const char*, const char*> rates[] = {
      {"sent", "sent_rate"}, {"completed", "completed_rate"}, {"lost", "lost_rate"}};
  for (const auto& [name, series] : rates) {
    const std::vector<double> values = sumOverClasses(run, series);
    if (!values.empty())
      spec.curves.push_back({.name = name, .ink = ink, .points = overTime(run, values)});
    ++ink;
  }
  if (!spec.curves.empty()) spec.table = tableOf(spec);
  return spec;
}

PlotSpec latencyOverTime(const RunResult& run) {
  double greatest = 0;
  for (const Series& one : run.series)
    if (one.name == "latency_p99" && one.scope == Scope::request_class)
      for (const double value : one.values) greatest = std::fmax(greatest, value);
  const TimeUnit unit = timeUnitFor(greatest);
  PlotSpec spec = timePlot(
      run,
      {.id = "latency",
       .title = "p99 latency by class",
       .explanation = "By the instant of the answer.",
       .y = {.label = "p99 latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true}});
  for (std::size_t c = 0; c < run.classes.size(); ++c) {
    const Series* its = seriesOf(run, "latency_p99", Scope::request_class, run.classes[c].name);
    if (its == nullptr) continue;
    Points points = overTime(run, its->values, unit.perSecond);
    for (auto& [at, value] : points)
      if (value == 0) value = no_value;  // a bucket in which nothing was answered
    const bool any = std::ranges::any_of(points, [](const auto& p) { return p.second > 0; });
    if (any) spec.curves.push_back({.name = run.classes[c].name, .ink = c, .points = points});
  }
  if (!spec.curves.empty()) spec.table = tableOf(spec);
  return spec;
}

PlotSpec nodeOverTime(const RunResult& run, const std::string& node) {
  PlotSpec spec = timePlot(run, {.id = "node",
                                 .title = node,
                                 .explanation = "Busy share of its cores, and requests waiting.",
                                 .y = {.label = "share; requests", .low = 0}});
  const Series* busy = seriesOf(run, "utilisation", Scope::node, node);
  const Series* queue = seriesOf(run, "mean_queue", Scope::node, node);
  if (busy)
    spec.curves.push_back({.name = "busy", .ink = 0, .points = overTime(run, busy->values)});
  if (queue)
    spec.curves.push_back({.name = "waiting", .ink = 1, .points = overTime(run, queue->values)});
  if (!spec.curves.empty()) spec.table = tableOf(spec);
  return spec;
}

PlotSpec fairnessOverTime(const RunResult& run) {
  PlotSpec spec = timePlot(run, {.id = "fairness",
                                 .title = "Evenness of load",
                                 .explanation = "Jain's index of utilisation: 1 is even.",
                                 .y = {.label = "Jain's index", .low = 0, .high = 1}});
  const std::vector<Row> rows = nodeRows(run, "utilisation");
  if (rows.size() < 2) return spec;
  Points jain;
  for (std::size_t b = 0; b < rows.front().values.size(); ++b) {
    double sum = 0, squares = 0;
    for (const Row& row : rows) {
      const double value = b < row.values.size() ? row.values[b] : 0;
      sum += value;
      squares += value * value;
    }
    jain.emplace_back(
        bucketMiddle(run, b),
        squares > 0 ? sum * sum / (static_cast<double>(rows.size()) * squares) : no_value);
  }
  spec.curves.push_back({.name = "Jain's index", .ink = 2, .points = std::move(jain)});
  spec.table = tableOf(spec);
  return spec;
}

PlotSpec eventsOverTime(const RunResult& run) {
  PlotSpec spec = timePlot(run, {.id = "events",
                                 .title = "Events",
                                 .explanation = "Faults, repairs and decisions.",
                                 .table = {.columns = {"at, s", "node", "kind", "detail"}}});
  for (const RunEvent& event : run.events) {
    auto row = std::ranges::find(spec.y.categories, event.kind);
    if (row == spec.y.categories.end()) row = spec.y.categories.insert(row, event.kind);
    const auto place = static_cast<std::size_t>(row - spec.y.categories.begin());
    if (place >= spec.curves.size())
      spec.curves.push_back(
          {.name = event.kind, .ink = place, .mark = Mark::points, .inLegend = false});
    spec.curves[place].points.emplace_back(event.at_s, static_cast<double>(place));
    spec.table.rows.push_back({report::plain(event.at_s), event.node, event.kind, event.detail});
  }
  if (run.events_left_off > 0)
    spec.notes.push_back(fmt::format("{} more events were not kept", run.events_left_off));
  return spec;
}

double levelAt(const RunResult& run, const std::string& series, const std::string& node,
               double atSeconds) {
  const Series* its = seriesOf(run, series, Scope::node, node);
  if (its == nullptr || its->values.empty() || !(run.bucket_s > 0)) return no_value;
  const auto bucket = static_cast<std::size_t>(std::max(0.0, atSeconds / run.bucket_s));
  return its->values[std::min(bucket, its->values.size() - 1)];
}

}  // namespace evenkeel::gui

// How the load lay on the nodes of a run: who was busy when, and how evenly.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/data/plot_reading.h"
#include "gui/data/run_series.h"

namespace evenkeel::gui {
namespace {

void sortRows(std::vector<NodeRow>& rows, const HeatMapChoice& choice) {
  const auto zoneOf = [&](const NodeRow& row) {
    const auto found = choice.zones.find(row.name);
    return found == choice.zones.end() ? std::string() : found->second;
  };
  const auto busier = [](const NodeRow& a, const NodeRow& b) {
    return std::isnan(b.mean) ? !std::isnan(a.mean) : a.mean > b.mean;
  };
  if (choice.order == RowOrder::byLoad || choice.order == RowOrder::byZone)
    std::ranges::stable_sort(rows, busier);
  if (choice.order == RowOrder::byName) std::ranges::stable_sort(rows, {}, &NodeRow::name);
  if (choice.order == RowOrder::byZone) std::ranges::stable_sort(rows, {}, zoneOf);
}

/// The known utilisations of all nodes in one bucket, rising.
std::vector<double> sortedAt(const std::vector<NodeRow>& rows, std::size_t bucket) {
  std::vector<double> values;
  for (const NodeRow& row : rows)
    if (bucket < row.values.size() && !std::isnan(row.values[bucket]))
      values.push_back(row.values[bucket]);
  std::ranges::sort(values);
  return values;
}

double jainOf(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  return squares > 0 ? sum * sum / (static_cast<double>(values.size()) * squares) : no_value;
}

double quantileOf(const std::vector<double>& rising, double part) {
  if (rising.empty()) return no_value;
  const double place = part * static_cast<double>(rising.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double above = rising[std::min(below + 1, rising.size() - 1)];
  return rising[below] + (place - static_cast<double>(below)) * (above - rising[below]);
}

std::string orDash(double value) { return std::isnan(value) ? "–" : exact(value); }

}  // namespace

PlotSpec heatMap(const RunResult& run, const HeatMapChoice& choice) {
  const bool isQueue = choice.series == "mean_queue";
  PlotSpec spec =
      timePlot(run, choice.range,
               {.id = "heat",
                .title = isQueue ? "Queues at the nodes" : "Utilisation of the nodes",
                .explanation = isQueue ? "Requests waiting; one scale for all variants."
                                       : "Busy share of each node's cores, from 0 to 1 for all.",
                .isByClass = false,
                .table = {.columns = {"node", isQueue ? "mean queue" : "utilisation", "highest"}}});
  std::vector<NodeRow> rows = nodeRows(run, choice.series, choice.range);
  sortRows(rows, choice);
  if (choice.order == RowOrder::byZone) spec.table.columns.push_back("zone");
  std::size_t longest = 0;
  for (const NodeRow& row : rows) longest = std::max(longest, row.values.size());
  const Buckets buckets = bucketsOf(run, choice.range, static_cast<std::size_t>(-1) / 2);
  spec.cells.from = static_cast<double>(buckets.first) * run.bucket_s;
  spec.cells.cellWidth = run.bucket_s;
  spec.cells.high = choice.top;
  spec.cells.unit = isQueue ? "waiting" : "busy share";
  for (NodeRow& row : rows) {
    double highest = no_value;
    for (const double value : row.values) highest = std::fmax(highest, value);
    spec.table.rows.push_back({row.name, orDash(row.mean), orDash(highest)});
    if (choice.order == RowOrder::byZone) {
      const auto zone = choice.zones.find(row.name);
      spec.table.rows.back().push_back(zone == choice.zones.end() ? "–" : zone->second);
    }
    spec.cells.rows.push_back(row.name);
    spec.cells.values.push_back(std::move(row.values));
  }
  return spec;
}

PlotSpec fairnessOverTime(const RunResult& run, const TimeRange& range) {
  PlotSpec spec = timePlot(run, range,
                           {.id = "fairness",
                            .title = "Evenness of load",
                            .explanation = "Jain's index of utilisation: 1 is even.",
                            .y = {.label = "Jain's index", .low = 0, .high = 1},
                            .isByClass = false});
  const std::vector<NodeRow> rows = nodeRows(run, "utilisation", range);
  if (rows.size() < 2) return spec;
  const std::size_t first = bucketsOf(run, range, static_cast<std::size_t>(-1) / 2).first;
  Points jain;
  for (std::size_t b = 0; b < rows.front().values.size(); ++b)
    jain.emplace_back(bucketMiddle(run, first + b), jainOf(sortedAt(rows, b)));
  spec.curves.push_back({.name = "Jain's index", .ink = 2, .points = std::move(jain)});
  spec.table = tableOf(spec);
  return spec;
}

PlotSpec loadSpreadOverTime(const RunResult& run, const TimeRange& range) {
  PlotSpec spec =
      timePlot(run, range,
               {.id = "spread",
                .title = "Spread of load over the nodes",
                .explanation = "Of all serving nodes: the idlest, the quarters, the busiest.",
                .y = {.label = "utilisation", .low = 0, .high = 1},
                .isByClass = false});
  const std::vector<NodeRow> rows = nodeRows(run, "utilisation", range);
  if (rows.size() < 2) return spec;
  constexpr std::array<std::pair<const char*, double>, 5> parts = {{{"busiest", 1.0},
                                                                    {"three quarters", 0.75},
                                                                    {"median", 0.5},
                                                                    {"one quarter", 0.25},
                                                                    {"idlest", 0.0}}};
  constexpr std::array<std::size_t, 5> inks = {1, 4, 0, 5, 2};
  for (std::size_t p = 0; p < parts.size(); ++p)
    spec.curves.push_back({.name = parts[p].first, .ink = inks[p]});
  const std::size_t first = bucketsOf(run, range, static_cast<std::size_t>(-1) / 2).first;
  for (std::size_t b = 0; b < rows.front().values.size(); ++b) {
    const std::vector<double> rising = sortedAt(rows, b);
    for (std::size_t p = 0; p < parts.size(); ++p)
      spec.curves[p].points.emplace_back(bucketMiddle(run, first + b),
                                         quantileOf(rising, parts[p].second));
  }
  spec.table = tableOf(spec);
  return spec;
}

PlotSpec loadOfNodes(const RunResult& run, const TimeRange& range) {
  std::vector<NodeRow> rows = nodeRows(run, "utilisation", range);
  std::erase_if(rows, [](const NodeRow& row) { return std::isnan(row.mean); });
  sortRows(rows, {});
  PlotSpec spec{.id = "load_of_nodes",
                .title = "Load of the nodes",
                .explanation = "Mean utilisation of each, the busiest first; dashed: all alike.",
                .x = {.label = "nodes, by load", .low = 0},
                .y = {.label = "utilisation", .low = 0, .high = 1},
                .isByClass = false,
                .table = {.columns = {"node", "utilisation"}}};
  if (rows.size() < 2) return spec;
  PlotCurve curve{.name = "nodes", .mark = Mark::points, .inLegend = false};
  std::vector<double> values;
  for (const NodeRow& row : rows) {
    curve.points.emplace_back(static_cast<double>(values.size() + 1), row.mean);
    curve.labels.push_back(row.name);
    values.push_back(row.mean);
    spec.table.rows.push_back({row.name, exact(row.mean)});
  }
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  const auto count = static_cast<double>(values.size());
  spec.x.high = count + 1;
  spec.curves = {curve,
                 {.name = "all alike",
                  .points = {{0, mean}, {count + 1, mean}},
                  .muted = true,
                  .inLegend = false}};
  if (const double jain = jainOf(values); !std::isnan(jain))
    spec.notes.push_back(fmt::format("Jain's index of these means: {:.3f}.", jain));
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

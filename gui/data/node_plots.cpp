// The nodes that the reader chose, over the time of a run.
#include <fmt/format.h>

#include "gui/data/run_series.h"

namespace evenkeel::gui {
namespace {

/// So many have inks of their own.
constexpr std::size_t mostNodes = 8;

PlotSpec severalNodesOverTime(const RunResult& run, const std::vector<std::string>& nodes,
                              const TimeRange& range) {
  PlotSpec spec = timePlot(run, range,
                           {.id = "node",
                            .title = fmt::format("{} nodes", nodes.size()),
                            .explanation = "Busy share of each one's cores.",
                            .y = {.label = "utilisation", .low = 0, .high = 1},
                            .isByClass = false});
  for (const std::string& node : nodes) {
    const Series* busy = seriesOf(run, "utilisation", Scope::node, node);
    if (busy == nullptr) continue;
    spec.curves.push_back(
        {.name = node, .ink = spec.curves.size(), .points = overTime(run, busy->values, range)});
  }
  if (spec.curves.empty()) return spec;
  spec.table = tableOf(spec);
  if (spec.curves.size() > mostNodes) {
    spec.notes.push_back(
        fmt::format("{} more nodes are in the table.", spec.curves.size() - mostNodes));
    spec.curves.resize(mostNodes);
  }
  return spec;
}

}  // namespace

PlotSpec nodesOverTime(const RunResult& run, const std::vector<std::string>& nodes,
                       const TimeRange& range) {
  if (nodes.size() != 1) return severalNodesOverTime(run, nodes, range);
  const std::string& node = nodes.front();
  PlotSpec spec = timePlot(run, range,
                           {.id = "node",
                            .title = node,
                            .explanation = "Busy share of its cores, and requests waiting.",
                            .y = {.label = "share; requests", .low = 0},
                            .isByClass = false});
  std::erase_if(spec.events, [&](const PlotEvent& event) {
    return event.text.find(' ' + node) == std::string::npos;
  });
  const Series* busy = seriesOf(run, "utilisation", Scope::node, node);
  const Series* queue = seriesOf(run, "mean_queue", Scope::node, node);
  if (busy)
    spec.curves.push_back({.name = "busy", .ink = 0, .points = overTime(run, busy->values, range)});
  if (queue)
    spec.curves.push_back(
        {.name = "waiting", .ink = 1, .points = overTime(run, queue->values, range)});
  if (!spec.curves.empty()) spec.table = tableOf(spec);
  return spec;
}

}  // namespace evenkeel::gui

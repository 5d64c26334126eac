// The pictures of one run: what was busy when, and how one request spent its time.
#pragma once

#include <optional>

#include "gui/data/plot_spec.h"
#include "sim/metrics/run_result.h"

namespace evenkeel::gui {

enum class RowOrder { byLoad, byName, asInTopology };

/// What a heat map can show of the nodes: "utilisation" or "mean_queue".
struct HeatMapChoice {
  std::string series = "utilisation";
  RowOrder order = RowOrder::byLoad;
  double top = 1;  // the same for all variants that are looked at side by side
};

PlotSpec heatMap(const RunResult& run, const HeatMapChoice& choice);
PlotSpec ratesOverTime(const RunResult& run);
PlotSpec latencyOverTime(const RunResult& run);
/// Utilisation and queue of one node.
PlotSpec nodeOverTime(const RunResult& run, const std::string& node);
/// Jain's index and the busiest node's share of the mean, bucket by bucket.
PlotSpec fairnessOverTime(const RunResult& run);
PlotSpec eventsOverTime(const RunResult& run);
/// Where a node's utilisation stands in the bucket at `atSeconds`; NaN: unknown.
double levelAt(const RunResult& run, const std::string& series, const std::string& node,
               double atSeconds);

/// What passes over each link of these in the bucket at `atSeconds`, in B/s; NaN: not noted.
std::vector<double> flowsAt(const RunResult& run, const std::vector<std::string>& links,
                            double atSeconds);

/// Positions in run.requests, the slowest completed first; of one server only where it is named.
std::vector<std::size_t> slowestRequests(const RunResult& run, const std::string& server = {});
/// The same of all servers at the node's place, "hub/home 3" as well as "gateway/home 3": a node
/// may be busy with parts of requests that another one answers.
std::vector<std::size_t> slowestRequestsBeside(const RunResult& run, const std::string& node);
/// The kept request with this number, where there is one.
std::optional<std::size_t> requestNumbered(const RunResult& run, std::uint64_t number);
std::string serverOf(const RunResult& run, const KeptRequest& request);

/// Its phases one below the other, over time since it was sent. `until`: where the axis ends.
PlotSpec waterfall(const RunResult& run, const KeptRequest& request, double untilSeconds);
/// "1.4 % of the completed requests took longer", by the run's histogram.
std::string rankOf(const RunResult& run, const KeptRequest& request);

}  // namespace evenkeel::gui

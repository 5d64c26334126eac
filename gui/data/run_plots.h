// The pictures of one run: what was busy when, what happened, and how one request spent its time.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "gui/data/plot_spec.h"
#include "sim/metrics/run_result.h"

namespace evenkeel::gui {

/// Seconds of the run; not set: all of it.
struct TimeRange {
  double from = no_value;
  double to = no_value;

  bool isSet() const;
  bool holds(double seconds) const;  // all, where it is not set
  bool isSame(const TimeRange& other) const;
};

/// Names of classes of requests; empty: all.
using Classes = std::set<std::string>;

enum class RowOrder { byLoad, byName, byZone, asInTopology };

/// What a heat map can show of the nodes: "utilisation" or "mean_queue".
struct HeatMapChoice {
  std::string series = "utilisation";
  RowOrder order = RowOrder::byLoad;
  double top = 1;  // the same for all variants that are looked at side by side
  TimeRange range = {};
  std::map<std::string, std::string> zones = {};  // of nodes; within one the busiest come first
};

PlotSpec heatMap(const RunResult& run, const HeatMapChoice& choice);
PlotSpec ratesOverTime(const RunResult& run, const TimeRange& range = {},
                       const Classes& classes = {});
PlotSpec latencyOverTime(const RunResult& run, const TimeRange& range = {},
                         const Classes& classes = {});
/// Utilisation and queue of one node; of several the utilisation of each.
PlotSpec nodesOverTime(const RunResult& run, const std::vector<std::string>& nodes,
                       const TimeRange& range = {});
/// Jain's index of utilisation, bucket by bucket.
PlotSpec fairnessOverTime(const RunResult& run, const TimeRange& range = {});
/// The busiest and the idlest node, and the quantiles between, bucket by bucket.
PlotSpec loadSpreadOverTime(const RunResult& run, const TimeRange& range = {});
/// Every serving node's utilisation in the range, the busiest first, beside an even load.
PlotSpec loadOfNodes(const RunResult& run, const TimeRange& range = {});
/// A point in the row of its kind, which is added where it is the first.
void addEvent(PlotSpec& spec, const RunEvent& event);
PlotSpec eventsOverTime(const RunResult& run, const TimeRange& range = {});
/// Each kept request: when it was sent and how long it took. Costs a sort of all that were kept.
PlotSpec requestsOverTime(const RunResult& run, const TimeRange& range = {},
                          const Classes& classes = {});
/// Where a node's utilisation stands in the bucket at `atSeconds`; NaN: unknown.
double levelAt(const RunResult& run, const std::string& series, const std::string& node,
               double atSeconds);

/// What passes over each link of these in the bucket at `atSeconds`, in B/s; NaN: not noted.
std::vector<double> flowsAt(const RunResult& run, const std::vector<std::string>& links,
                            double atSeconds);

/// Which requests are meant; what is empty or not set rules nothing out.
struct RequestChoice {
  std::set<std::string> servers = {};
  TimeRange range = {};  // in which they were sent
  Classes classes = {};
};

/// Positions in run.requests of the slowest completed, slowest first, at most so many.
inline constexpr std::size_t mostSlowest = 1000;
std::vector<std::size_t> slowestRequests(const RunResult& run, const RequestChoice& choice = {},
                                         std::size_t most = mostSlowest);
/// The same of all servers at the chosen ones' places, "hub/home 3" as well as "gateway/home 3": a
/// node may be busy with parts of requests that another one answers.
std::vector<std::size_t> slowestRequestsBeside(const RunResult& run, const RequestChoice& choice);
/// The kept request with this number, where there is one.
std::optional<std::size_t> requestNumbered(const RunResult& run, std::uint64_t number);
std::string serverOf(const RunResult& run, const KeptRequest& request);

/// Its phases one below the other, over time since it was sent. `until`: where the axis ends.
PlotSpec waterfall(const RunResult& run, const KeptRequest& request, double untilSeconds);
/// "1.4 % of the completed requests took longer", by the run's histogram; with `classes`,
/// among these.
std::string rankOf(const RunResult& run, const KeptRequest& request,
                   const std::set<std::string>& classes = {});

}  // namespace evenkeel::gui

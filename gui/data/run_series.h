// What the pictures of one run share: its series bucket by bucket, within a range of time.
#pragma once

#include "gui/data/run_plots.h"

namespace evenkeel::gui {

/// Null where the run has none.
const Series* seriesOf(const RunResult& run, const std::string& name, Scope scope,
                       const std::string& subject);

/// The buckets that the range touches, [first, last).
struct Buckets {
  std::size_t first = 0, last = 0;
};
Buckets bucketsOf(const RunResult& run, const TimeRange& range, std::size_t count);

/// The middle of a bucket; the last may be cut by the end.
double bucketMiddle(const RunResult& run, std::size_t bucket);
Points overTime(const RunResult& run, const std::vector<double>& values, const TimeRange& range,
                double factor = 1);
/// Over these, or over all where none is named.
std::vector<double> sumOverClasses(const RunResult& run, const std::string& name,
                                   const Classes& classes);
/// One of these names, or any where none is named.
bool holds(const std::set<std::string>& names, const std::string& name);

/// With the time along x, the end of the warm-up and what happened.
PlotSpec timePlot(const RunResult& run, const TimeRange& range, PlotSpec spec);
/// Time, then a column a curve, of curves with the same instants.
Table tableOf(const PlotSpec& spec);

/// A serving node's series within a range.
struct NodeRow {
  std::string name;
  std::vector<double> values;
  double mean = no_value;  // of those that are known
};
std::vector<NodeRow> nodeRows(const RunResult& run, const std::string& series,
                              const TimeRange& range);

}  // namespace evenkeel::gui

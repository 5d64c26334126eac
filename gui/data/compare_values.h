// What the pictures of a comparison share: means over seeds with their intervals, and what may be
// said of a percentile.
#pragma once

#include <array>
#include <functional>

#include "gui/data/plot_spec.h"
#include "gui/data/study_data.h"
#include "sim/study/statistics.h"

namespace evenkeel::gui {

struct Quantile {
  const char* name;
  double part;
  double LatencySummary::*field;
};
inline constexpr std::array<Quantile, 5> quantiles = {{{"p50", 0.5, &LatencySummary::p50},
                                                       {"p90", 0.9, &LatencySummary::p90},
                                                       {"p95", 0.95, &LatencySummary::p95},
                                                       {"p99", 0.99, &LatencySummary::p99},
                                                       {"p99.9", 0.999, &LatencySummary::p999}}};

/// Ten samples or more lie beyond it in each run.
bool hasEnough(const report::Variant& variant, const Quantile& quantile);

/// Over the runs that have a value.
Estimate overRuns(const report::Variant& variant,
                  const std::function<double(const RunResult&)>& value, bool bootstrap = false);
/// By bootstrap.
Estimate quantileOverRuns(const report::Variant& variant, const Quantile& quantile);

/// In another unit; NaN where there is none.
std::pair<double, double> interval(const Estimate& estimate, double factor);
/// "12 ms [11 ms, 13 ms]"
std::string withInterval(const Estimate& estimate, const std::string& unit);
/// "12.3 ms"; in the unit that the metric has.
std::string inUnit(double value, const std::string& unit);

/// The unit that suits the longest p99 of any run.
TimeUnit latencyUnit(const StudyData& data);
/// Which percentiles are not shown of which variants, and why.
class FewSamples {
 public:
  void add(const Quantile& quantile, const std::string& variant) {
    missing_[quantile.name].push_back(variant);
  }
  void note(const StudyData& data, PlotSpec& spec) const;

 private:
  std::map<std::string, std::vector<std::string>> missing_;
};
void noteFewRuns(const StudyData& data, PlotSpec& spec);

/// One value a variant, with its interval, in rows: a bar where `isBar`, else a mark.
struct RowsValue {
  double factor = 1;  // from the value to the axis
  std::function<double(const RunResult&)> value = {};
  std::string unit = {};  // of the table
  bool isBar = false;
};
PlotSpec rowsPlot(const StudyData& data, PlotSpec spec, const RowsValue& value);

}  // namespace evenkeel::gui

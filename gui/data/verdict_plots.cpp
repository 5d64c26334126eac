// What may be concluded: the verdict table, and the differences it rests on.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/data/compare_plots.h"
#include "gui/data/compare_values.h"
#include "gui/data/study_choice.h"
#include "sim/report/format.h"

namespace evenkeel::gui {

using report::Variant;

PlotSpec differencesPlot(const StudyData& data, const Metric& metric) {
  PlotSpec spec{.id = "differences",
                .title = "Difference in " + metric.name,
                .explanation =
                    "Against the baseline, paired seed by seed, with 95 % intervals. An "
                    "interval that holds 0 decides nothing.",
                .isByClass = isByClass(metric.name),
                .table = {.columns = {"variant", "against", "difference", "95 % interval"}}};
  bool relative = metric.unit != "share";
  const std::vector<Comparison> verdicts = verdictsOf(data, metric);
  for (const Comparison& one : verdicts) relative = relative && one.baseline_mean != 0;
  spec.x.label = relative ? "difference, % of the baseline" : "difference, " + metric.unit;
  if (metric.unit == "share") spec.x.label = "difference, percentage points";
  for (const Comparison& one : verdicts) {
    if (one.verdict == Verdict::baseline || one.difference.values == 0) continue;
    if (!data.isShown(one.variant)) continue;
    const double factor = relative                 ? 100 / std::abs(one.baseline_mean)
                          : metric.unit == "share" ? 100
                                                   : 1;
    const std::string& name = data.variants()[one.variant].name;
    const double row = static_cast<double>(spec.y.categories.size());
    spec.y.categories.push_back(name);
    spec.curves.push_back({.name = name,
                           .ink = one.variant,
                           .mark = Mark::points,
                           .points = {{one.difference.mean * factor, row}},
                           .intervals = {interval(one.difference, factor)},
                           .inLegend = false});
    const auto [low, high] = interval(one.difference, factor);
    spec.table.rows.push_back(
        {name, data.variants()[one.baseline].name, report::plain(one.difference.mean * factor),
         std::isnan(low) ? "–" : report::plain(low) + " to " + report::plain(high)});
  }
  if (!spec.curves.empty()) spec.marks.emplace_back(0, "no difference");
  noteFewRuns(data, spec);
  return spec;
}

Table verdictTable(const StudyData& data, const Metric& metric) {
  Table table{.columns = {"variant", "mean", "p50", "p95", "p99", "lost", "late", "busiest",
                          "difference in " + metric.name, "verdict"}};
  for (const Comparison& one : verdictsOf(data, metric)) {
    if (!data.isShown(one.variant)) continue;
    const Variant& variant = data.variants()[one.variant];
    const auto mean = [&](const auto& value) { return overRuns(variant, value); };
    std::string difference;
    if (one.verdict != Verdict::baseline && one.difference.values > 0) {
      const bool relative = metric.unit != "share" && one.baseline_mean != 0;
      const double factor = relative                 ? 100 / std::abs(one.baseline_mean)
                            : metric.unit == "share" ? 100
                                                     : 1;
      const char* suffix = relative ? " %" : metric.unit == "share" ? " points" : "";
      difference = fmt::format("{}{}{}", one.difference.mean > 0 ? "+" : "",
                               report::plain(one.difference.mean * factor), suffix);
      if (one.difference.has_interval())
        difference += fmt::format(" [{}, {}]", report::plain(one.difference.low * factor),
                                  report::plain(one.difference.high * factor));
    }
    table.rows.push_back(
        {variant.name, withInterval(mean([](const RunResult& r) { return r.latency.mean; }), "s"),
         inUnit(mean([](const RunResult& r) { return r.latency.p50; }).mean, "s"),
         inUnit(mean([](const RunResult& r) { return r.latency.p95; }).mean, "s"),
         withInterval(overRuns(
                          variant, [](const RunResult& r) { return r.latency.p99; }, true),
                      "s"),
         inUnit(mean(lost_share).mean, "share"), inUnit(mean(late_share).mean, "share"),
         inUnit(mean(highest_utilisation).mean, "share"), difference, verdict_text(one, metric)});
  }
  return table;
}

}  // namespace evenkeel::gui

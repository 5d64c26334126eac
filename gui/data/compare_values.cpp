#include "gui/data/compare_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/format.h"

namespace evenkeel::gui {

using report::Variant;

bool hasEnough(const Variant& variant, const Quantile& quantile) {
  constexpr double leastBeyond = 10;
  return std::ranges::all_of(variant.runs, [&](const RunResult& run) {
    return static_cast<double>(run.latency.samples) * (1 - quantile.part) >= leastBeyond;
  });
}

Estimate overRuns(const Variant& variant, const std::function<double(const RunResult&)>& value,
                  bool bootstrap) {
  std::vector<double> values;
  for (const RunResult& run : variant.runs)
    if (const double one = value(run); !std::isnan(one)) values.push_back(one);
  return bootstrap ? bootstrap_estimate(values) : t_estimate(values);
}

Estimate quantileOverRuns(const Variant& variant, const Quantile& quantile) {
  const auto field = quantile.field;
  return overRuns(
      variant, [field](const RunResult& run) { return run.latency.*field; }, true);
}

std::pair<double, double> interval(const Estimate& estimate, double factor) {
  if (!estimate.has_interval()) return {no_value, no_value};
  return {estimate.low * factor, estimate.high * factor};
}

std::string withInterval(const Estimate& estimate, const std::string& unit) {
  std::string text = inUnit(estimate.mean, unit);
  if (estimate.has_interval())
    text += fmt::format(" [{}, {}]", inUnit(estimate.low, unit), inUnit(estimate.high, unit));
  return text;
}

std::string inUnit(double value, const std::string& unit) {
  if (unit == "s") return report::time(value);
  if (unit == "J") return report::energy(value);
  if (unit == "1/s") return report::rate(value);
  if (unit == "share") return report::share(value);
  const std::string text = report::number(value);
  return unit.empty() || std::isnan(value) ? text : text + " " + unit;
}

TimeUnit latencyUnit(const StudyData& data) {
  double longest = 0;
  for (const Variant& variant : data.variants())
    for (const RunResult& run : variant.runs) longest = std::fmax(longest, run.latency.p99);
  return timeUnitFor(longest);
}

void FewSamples::note(const StudyData& data, PlotSpec& spec) const {
  constexpr std::size_t mostNamed = 3;
  std::string ofAll;
  for (const auto& [quantile, variants] : missing_) {
    if (variants.size() == data.shown().size()) {
      ofAll += (ofAll.empty() ? "" : ", ") + quantile;
      continue;
    }
    std::string names;
    for (std::size_t i = 0; i < std::min(variants.size(), mostNamed); ++i)
      names += (i > 0 ? ", " : "") + variants[i];
    if (variants.size() > mostNamed)
      names += fmt::format(" and {} more", variants.size() - mostNamed);
    spec.notes.push_back(fmt::format("{}: too few samples ({}).", quantile, names));
  }
  if (!ofAll.empty())
    spec.notes.push_back(fmt::format("{}: too few samples (all variants).", ofAll));
}

void noteFewRuns(const StudyData& data, PlotSpec& spec) {
  const bool few = std::ranges::any_of(
      data.shown(), [&](std::size_t variant) { return data.variants()[variant].runs.size() < 2; });
  if (few) spec.notes.emplace_back("No intervals where there is one seed only.");
}

PlotSpec rowsPlot(const StudyData& data, PlotSpec spec, const RowsValue& value) {
  spec.table.columns = {"variant", spec.title, "95 % interval", "seeds"};
  for (const std::size_t v : data.shown()) {
    const Variant& variant = data.variants()[v];
    const Estimate estimate = overRuns(variant, value.value);
    if (estimate.values == 0) continue;
    const std::size_t row = spec.y.categories.size();
    const double mean = estimate.mean * value.factor;
    spec.y.categories.push_back(variant.name);
    if (value.isBar) {
      spec.layers.push_back({.name = variant.name, .ink = v});
      spec.layers.back().values.resize(row, 0);
      for (PlotLayer& layer : spec.layers) layer.values.push_back(0);
      spec.layers.back().values.back() = mean;
    }
    spec.curves.push_back({.name = variant.name,
                           .ink = v,
                           .mark = Mark::points,
                           .points = {{mean, static_cast<double>(row)}},
                           .intervals = {interval(estimate, value.factor)},
                           .isTip = value.isBar,
                           .inLegend = false});
    spec.table.rows.push_back({variant.name, inUnit(estimate.mean, value.unit),
                               estimate.has_interval()
                                   ? fmt::format("{} to {}", inUnit(estimate.low, value.unit),
                                                 inUnit(estimate.high, value.unit))
                                   : "–",
                               std::to_string(estimate.values)});
  }
  if (value.isBar) spec.hasLegend = false;
  noteFewRuns(data, spec);
  return spec;
}

}  // namespace evenkeel::gui

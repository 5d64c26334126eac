// Percentiles of latency, side by side and against a varied load.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "gui/data/compare_plots.h"
#include "gui/data/compare_values.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

using report::Variant;

/// The first setting of which all values begin with a number and at least two differ.
std::string numericPath(const StudyData& data) {
  for (const auto& [path, values] : data.study.info.matrix) {
    const bool numbers = std::ranges::all_of(values, [](const std::string& value) {
      char* end = nullptr;
      std::strtod(value.c_str(), &end);
      return end != value.c_str();
    });
    if (numbers && values.size() > 1) return path;
  }
  return {};
}

std::string nameWithout(const Variant& variant, const std::string& path) {
  std::string name;
  for (const auto& [its, value] : variant.chosen) {
    if (its == path) continue;
    if (!name.empty()) name += ", ";
    name += value;
  }
  return name.empty() ? "all" : name;
}

void sortByX(PlotCurve& curve) {
  std::vector<std::size_t> order(curve.points.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return curve.points[i].first; });
  Points points, intervals;
  for (const std::size_t i : order) {
    points.push_back(curve.points[i]);
    intervals.push_back(curve.intervals[i]);
  }
  curve.points = std::move(points);
  curve.intervals = std::move(intervals);
}

/// One curve a choice of the other settings, over the values of `path`.
PlotSpec quantileAgainst(const StudyData& data, const std::string& path, const Quantile& quantile) {
  const TimeUnit unit = latencyUnit(data);
  PlotSpec spec{.id = std::string("load-") + quantile.name,
                .title = fmt::format("{} latency against {}", quantile.name, path),
                .explanation = "The mean over seeds with its 95 % band.",
                .x = {.label = path},
                .y = {.label = fmt::format("{} latency, {}", quantile.name, unit.name),
                      .logarithmic = true,
                      .mayBeLogarithmic = true},
                .table = {.columns = {"variant", path, quantile.name}}};
  std::map<std::string, PlotCurve> curves;
  FewSamples few;
  for (std::size_t v = 0; v < data.variants().size(); ++v) {
    const Variant& variant = data.variants()[v];
    const auto chosen = variant.chosen.find(path);
    if (chosen == variant.chosen.end()) continue;
    const std::string name = nameWithout(variant, path);
    const std::size_t ink = curves.size();
    PlotCurve& curve =
        curves.try_emplace(name, PlotCurve{.name = name, .ink = ink, .mark = Mark::linePoints})
            .first->second;
    if (!data.isShown(v)) continue;  // it has its ink
    const bool isEnough = hasEnough(variant, quantile);
    const Estimate estimate = quantileOverRuns(variant, quantile);
    const double at = std::strtod(chosen->second.c_str(), nullptr);
    // A gap, where the curve would claim what nobody measured.
    curve.points.emplace_back(at, isEnough ? estimate.mean * unit.perSecond : no_value);
    curve.intervals.push_back(isEnough ? interval(estimate, unit.perSecond)
                                       : std::pair{no_value, no_value});
    if (!isEnough) few.add(quantile, variant.name);
    spec.table.rows.push_back(
        {name, chosen->second, isEnough ? withInterval(estimate, "s") : "too few samples"});
  }
  for (auto& [name, curve] : curves) {
    sortByX(curve);
    const auto isKnown = [](const auto& point) { return !std::isnan(point.second); };
    if (std::ranges::any_of(curve.points, isKnown)) spec.curves.push_back(std::move(curve));
  }
  few.note(data, spec);
  noteFewRuns(data, spec);
  return spec;
}

}  // namespace

PlotSpec percentilesPlot(const StudyData& data) {
  const TimeUnit unit = latencyUnit(data);
  PlotSpec spec{
      .id = "percentiles",
      .title = "Latency percentiles",
      .explanation = "Of completed requests: the mean over seeds with its 95 % interval.",
      .y = {.label = "latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true}};
  FewSamples few;
  spec.table.columns = {"variant"};
  for (const Quantile& quantile : quantiles) {
    spec.x.categories.emplace_back(quantile.name);
    spec.table.columns.emplace_back(quantile.name);
  }
  for (const std::size_t v : data.shown()) {
    const Variant& variant = data.variants()[v];
    PlotCurve curve{.name = variant.name, .ink = v, .mark = Mark::linePoints};
    spec.table.rows.push_back({variant.name});
    for (std::size_t q = 0; q < quantiles.size(); ++q) {
      const Estimate estimate = quantileOverRuns(variant, quantiles[q]);
      if (!hasEnough(variant, quantiles[q])) {
        spec.table.rows.back().push_back("too few samples");
        few.add(quantiles[q], variant.name);
        continue;
      }
      spec.table.rows.back().push_back(withInterval(estimate, "s"));
      curve.points.emplace_back(static_cast<double>(q), estimate.mean * unit.perSecond);
      curve.intervals.push_back(interval(estimate, unit.perSecond));
    }
    if (!curve.points.empty()) spec.curves.push_back(std::move(curve));
  }
  few.note(data, spec);
  noteFewRuns(data, spec);
  return spec;
}

std::vector<PlotSpec> againstLoadPlots(const StudyData& data) {
  const std::string path = numericPath(data);
  std::vector<PlotSpec> plots;
  if (path.empty()) return plots;
  for (const Quantile& quantile : quantiles) plots.push_back(quantileAgainst(data, path, quantile));
  return plots;
}

}  // namespace evenkeel::gui

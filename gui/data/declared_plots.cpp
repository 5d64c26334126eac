#include "gui/data/declared_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/data/compare_plots.h"
#include "gui/data/compare_values.h"
#include "gui/data/study_choice.h"
#include "sim/report/chart_kinds.h"

namespace evenkeel::gui {
namespace {

using report::Variant;

/// Rows of variants, a mark a percentile, as in a report.
PlotSpec percentileRows(const StudyData& data) {
  const TimeUnit unit = latencyUnit(data);
  PlotSpec spec{
      .x = {.label = "latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true}};
  const std::vector<std::size_t> shown = data.shown();
  for (const std::size_t v : shown) spec.y.categories.push_back(data.variants()[v].name);
  FewSamples few;
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    PlotCurve curve{.name = quantiles[q].name, .ink = q, .mark = Mark::points};
    for (std::size_t row = 0; row < shown.size(); ++row) {
      const Variant& variant = data.variants()[shown[row]];
      if (!hasEnough(variant, quantiles[q])) {
        few.add(quantiles[q], variant.name);
        continue;
      }
      const Estimate estimate = quantileOverRuns(variant, quantiles[q]);
      if (estimate.values == 0) continue;
      curve.points.emplace_back(estimate.mean * unit.perSecond, static_cast<double>(row));
      curve.intervals.push_back(interval(estimate, unit.perSecond));
    }
    if (!curve.points.empty()) spec.curves.push_back(std::move(curve));
  }
  few.note(data, spec);
  noteFewRuns(data, spec);
  return spec;
}

double p99Of(const RunResult& run, const std::string& site) {
  const auto found = std::ranges::find(run.sites, site, &SiteResult::name);
  return found == run.sites.end() ? no_value : found->latency.p99;
}

/// The sites with the longest p99 first, a curve a variant.
PlotSpec p99OfSites(const StudyData& data) {
  const TimeUnit unit = latencyUnit(data);
  PlotSpec spec{
      .x = {.label = "p99 latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true},
      .isByClass = false};
  struct Site {
    std::string name;
    std::vector<Estimate> p99 = {};  // by variant
    double worst = 0;
  };
  std::vector<Site> sites;
  for (const SiteResult& site : data.variants().front().runs.front().sites) {
    Site& its = sites.emplace_back(Site{.name = site.name});
    for (const Variant& variant : data.variants()) {
      its.p99.push_back(overRuns(
          variant, [&](const RunResult& run) { return p99Of(run, site.name); }, true));
      its.worst = std::fmax(its.worst, its.p99.back().mean);
    }
  }
  std::erase_if(sites, [](const Site& site) { return !(site.worst > 0); });
  std::ranges::stable_sort(sites, std::greater{}, &Site::worst);
  constexpr std::size_t mostSites = 40;  // as in a report; the table has all
  if (sites.size() > mostSites) sites.resize(mostSites);
  for (const Site& site : sites) spec.y.categories.push_back(site.name);
  for (const std::size_t v : data.shown()) {
    if (sites.empty()) break;
    PlotCurve curve{.name = data.variants()[v].name, .ink = v, .mark = Mark::points};
    for (std::size_t s = 0; s < sites.size(); ++s) {
      if (sites[s].p99[v].values == 0) continue;
      curve.points.emplace_back(sites[s].p99[v].mean * unit.perSecond, static_cast<double>(s));
      curve.intervals.push_back(interval(sites[s].p99[v], unit.perSecond));
    }
    spec.curves.push_back(std::move(curve));
  }
  return spec;
}

PlotSpec imbalanceRows(const StudyData& data) {
  return rowsPlot(
      data, {.x = {.label = "utilisation, max over mean", .low = 0}, .isByClass = false},
      {.value = [](const RunResult& run) { return run.imbalance_utilisation.max_over_mean; },
       .isBar = true});
}

std::vector<PlotSpec> one(PlotSpec spec) {
  std::vector<PlotSpec> panels;
  panels.push_back(std::move(spec));
  return panels;
}

/// What comparePlots() draws alike.
constexpr std::array<std::pair<const char*, const char*>, 5> twins = {
    {{"cdf", "latency_cdf"},
     {"ccdf", "latency_ccdf"},
     {"phases", "phases"},
     {"energy", "energy"},
     {"privacy", "privacy_strategies"}}};

}  // namespace

void eraseDeclared(const StudyData& data, std::vector<PlotSpec>& plots) {
  const std::vector<std::string>& charts = data.study.info.charts;
  for (const auto& [id, kind] : twins)
    if (std::ranges::find(charts, kind) != charts.end())
      std::erase_if(plots, [&](const PlotSpec& spec) { return spec.id == id; });
}

std::vector<PlotSpec> panelsOf(std::string_view kind, const StudyData& data) {
  if (kind == "latency_cdf") return one(cdfPlot(data));
  if (kind == "latency_ccdf") return one(ccdfPlot(data));
  if (kind == "percentiles") return one(percentileRows(data));
  if (kind == "phases") return one(phasesPlot(data));
  if (kind == "p99_by_site") return one(p99OfSites(data));
  if (kind == "utilisation_heat_map") return meanHeatMaps(data, "utilisation");
  if (kind == "queue_heat_map") return meanHeatMaps(data, "mean_queue");
  if (kind == "load_over_time") return meanRates(data);
  if (kind == "latency_over_time") return meanLatencies(data);
  if (kind == "imbalance") return one(imbalanceRows(data));
  if (kind == "energy") return one(energyPlot(data));
  if (kind == "events") return one(firstEvents(data));
  if (kind == "privacy_strategies") return one(privacyPlot(data));
  return {};
}

std::vector<PlotSpec> declaredPlots(const StudyData& data) {
  std::vector<PlotSpec> plots;
  for (const ChartKind& kind : chart_kinds()) {
    const std::vector<std::string>& wanted = data.study.info.charts;
    if (std::ranges::find(wanted, kind.name) == wanted.end()) continue;
    const auto chart = report::make_chart(kind.name, data.reported());
    if (!chart) continue;
    std::size_t number = 0;
    for (PlotSpec& panel : panelsOf(kind.name, data)) {
      if (panel.isEmpty()) continue;
      panel.title = panel.title.empty() || chart->panels.size() == 1
                        ? chart->heading
                        : chart->heading + ": " + panel.title;
      panel.id = fmt::format("{}{}", kind.name, number > 0 ? std::to_string(number + 1) : "");
      panel.explanation = chart->explanation;
      panel.table = chart->table;
      panel.command = shellCommand(data);
      noteClasses(data.classes, panel);
      plots.push_back(std::move(panel));
      ++number;
    }
  }
  return plots;
}

}  // namespace evenkeel::gui

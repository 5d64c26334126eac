// Verdicts, percentiles and what a run costs. The distributions are in distribution_plots.cpp.
#include "gui/data/compare_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

using report::Variant;

struct Quantile {
  const char* name;
  double part;
  double LatencySummary::*field;
};
constexpr std::array<Quantile, 5> quantiles = {{{"p50", 0.5, &LatencySummary::p50},
                                                {"p90", 0.9, &LatencySummary::p90},
                                                {"p95", 0.95, &LatencySummary::p95},
                                                {"p99", 0.99, &LatencySummary::p99},
                                                {"p99.9", 0.999, &LatencySummary::p999}}};
constexpr double leastBeyond = 10;  // samples above a percentile that make it worth a point

Estimate overRuns(const Variant& variant, const std::function<double(const RunResult&)>& value,
                  bool bootstrap = false) {
  std::vector<double> values;
  for (const RunResult& run : variant.runs)
    if (const double one = value(run); !std::isnan(one)) values.push_back(one);
  return bootstrap ? bootstrap_estimate(values) : t_estimate(values);
}

std::pair<double, double> interval(const Estimate& estimate, double factor) {
  if (!estimate.has_interval()) return {no_value, no_value};
  return {estimate.low * factor, estimate.high * factor};
}

bool hasEnough(const Variant& variant, const Quantile& quantile) {
  return std::ranges::all_of(variant.runs, [&](const RunResult& run) {
    return static_cast<double>(run.latency.samples) * (1 - quantile.part) >= leastBeyond;
  });
}

std::string withInterval(const Estimate& estimate, const std::string& unit) {
  std::string text = inUnit(estimate.mean, unit);
  if (estimate.has_interval())
    text += fmt::format(" [{}, {}]", inUnit(estimate.low, unit), inUnit(estimate.high, unit));
  return text;
}

double longest(const StudyData& data) {
  double result = 0;
  for (const Variant& variant : data.variants())
    for (const RunResult& run : variant.runs) result = std::fmax(result, run.latency.p99);
  return result;
}

void noteFewRuns(const StudyData& data, PlotSpec& spec) {
  const bool few = std::ranges::any_of(
      data.variants(), [](const Variant& variant) { return variant.runs.size() < 2; });
  if (few) spec.notes.emplace_back("No intervals where there is one seed only.");
}

/// One value a variant, with its interval, in rows.
PlotSpec rowsPlot(const StudyData& data, PlotSpec spec, double factor,
                  const std::function<double(const RunResult&)>& value,
                  const std::string& tableUnit) {
  spec.table.columns = {"variant", spec.title, "95 % interval", "seeds"};
  for (std::size_t v = 0; v < data.variants().size(); ++v) {
    const Variant& variant = data.variants()[v];
    const Estimate estimate = overRuns(variant, value);
    if (estimate.values == 0) continue;
    const double row = static_cast<double>(spec.y.categories.size());
    spec.y.categories.push_back(variant.name);
    spec.curves.push_back({.name = variant.name,
                           .ink = v,
                           .mark = Mark::points,
                           .points = {{estimate.mean * factor, row}},
                           .intervals = {interval(estimate, factor)},
                           .inLegend = false});
    spec.table.rows.push_back({variant.name, inUnit(estimate.mean, tableUnit),
                               estimate.has_interval()
                                   ? fmt::format("{} to {}", inUnit(estimate.low, tableUnit),
                                                 inUnit(estimate.high, tableUnit))
                                   : "–",
                               std::to_string(estimate.values)});
  }
  noteFewRuns(data, spec);
  return spec;
}

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

}  // namespace

std::string inUnit(double value, const std::string& unit) {
  if (unit == "s") return report::time(value);
  if (unit == "J") return report::energy(value);
  if (unit == "1/s") return report::rate(value);
  if (unit == "share") return report::share(value);
  const std::string text = report::number(value);
  return unit.empty() || std::isnan(value) ? text : text + " " + unit;
}

PlotSpec differencesPlot(const StudyData& data, const Metric& metric) {
  PlotSpec spec{.id = "differences",
                .title = "Difference in " + metric.name,
                .explanation =
                    "Against the baseline, paired seed by seed, with 95 % intervals. An "
                    "interval that holds 0 decides nothing.",
                .table = {.columns = {"variant", "against", "difference", "95 % interval"}}};
  bool relative = metric.unit != "share";
  const std::vector<Comparison> verdicts = verdictsOf(data, metric);
  for (const Comparison& one : verdicts) relative = relative && one.baseline_mean != 0;
  spec.x.label = relative ? "difference, % of the baseline" : "difference, " + metric.unit;
  if (metric.unit == "share") spec.x.label = "difference, percentage points";
  for (const Comparison& one : verdicts) {
    if (one.verdict == Verdict::baseline || one.difference.values == 0) continue;
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

PlotSpec percentilesPlot(const StudyData& data) {
  const TimeUnit unit = timeUnitFor(longest(data));
  PlotSpec spec{
      .id = "percentiles",
      .title = "Latency percentiles",
      .explanation = "Of completed requests: the mean over seeds with its 95 % interval.",
      .y = {.label = "latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true}};
  std::map<std::string, std::string> few;  // percentile: variants that it is not shown of
  spec.table.columns = {"variant"};
  for (const Quantile& quantile : quantiles) {
    spec.x.categories.emplace_back(quantile.name);
    spec.table.columns.emplace_back(quantile.name);
  }
  for (std::size_t v = 0; v < data.variants().size(); ++v) {
    const Variant& variant = data.variants()[v];
    PlotCurve curve{.name = variant.name, .ink = v, .mark = Mark::linePoints};
    spec.table.rows.push_back({variant.name});
    for (std::size_t q = 0; q < quantiles.size(); ++q) {
      const auto field = quantiles[q].field;
      const Estimate estimate = overRuns(
          variant, [field](const RunResult& run) { return run.latency.*field; }, true);
      if (!hasEnough(variant, quantiles[q])) {
        spec.table.rows.back().push_back("too few samples");
        std::string& names = few[quantiles[q].name];
        names += (names.empty() ? "" : ", ") + variant.name;
        continue;
      }
      spec.table.rows.back().push_back(withInterval(estimate, "s"));
      curve.points.emplace_back(static_cast<double>(q), estimate.mean * unit.perSecond);
      curve.intervals.push_back(interval(estimate, unit.perSecond));
    }
    if (!curve.points.empty()) spec.curves.push_back(std::move(curve));
  }
  for (const auto& [name, variants] : few)
    spec.notes.push_back(fmt::format("{}: too few samples ({})", name, variants));
  noteFewRuns(data, spec);
  return spec;
}

PlotSpec againstLoadPlot(const StudyData& data) {
  const std::string path = numericPath(data);
  if (path.empty()) return {};
  const TimeUnit unit = timeUnitFor(longest(data));
  PlotSpec spec{
      .id = "load",
      .title = "p99 latency against " + path,
      .explanation = "The mean over seeds with its 95 % band.",
      .x = {.label = path},
      .y = {.label = "p99 latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true},
      .table = {.columns = {"variant", path, "p99"}}};
  std::map<std::string, PlotCurve> curves;
  for (const Variant& variant : data.variants()) {
    const auto chosen = variant.chosen.find(path);
    if (chosen == variant.chosen.end()) continue;
    const std::string name = nameWithout(variant, path);
    const std::size_t ink = curves.size();
    PlotCurve& curve =
        curves.try_emplace(name, PlotCurve{.name = name, .ink = ink, .mark = Mark::linePoints})
            .first->second;
    const Estimate p99 = overRuns(
        variant, [](const RunResult& run) { return run.latency.p99; }, true);
    curve.points.emplace_back(std::strtod(chosen->second.c_str(), nullptr),
                              p99.mean * unit.perSecond);
    curve.intervals.push_back(interval(p99, unit.perSecond));
    spec.table.rows.push_back({name, chosen->second, withInterval(p99, "s")});
  }
  for (auto& [name, curve] : curves) spec.curves.push_back(std::move(curve));
  noteFewRuns(data, spec);
  return spec;
}

PlotSpec phasesPlot(const StudyData& data) {
  struct Phase {
    const char* name;
    double PhaseMeans::*field;
  };
  constexpr std::array<Phase, 5> phases = {{{"decision", &PhaseMeans::decision},
                                            {"network", &PhaseMeans::network},
                                            {"queue", &PhaseMeans::queue},
                                            {"compute", &PhaseMeans::compute},
                                            {"reply", &PhaseMeans::reply}}};
  double greatest = 0;
  for (const Variant& variant : data.variants())
    greatest = std::fmax(greatest, variant.mean([](const auto& r) { return r.latency.mean; }));
  const TimeUnit unit = timeUnitFor(greatest);
  PlotSpec spec{.id = "phases",
                .title = "Where the time goes",
                .explanation = "The mean latency of completed requests, phase by phase.",
                .x = {.label = "mean latency, " + unit.name, .low = 0},
                .table = {.columns = {"variant"}}};
  if (!(greatest > 0)) return spec;
  for (std::size_t p = 0; p < phases.size(); ++p) {
    spec.layers.push_back({.name = phases[p].name, .ink = p});
    spec.table.columns.emplace_back(phases[p].name);
  }
  spec.table.columns.emplace_back("sum, 95 % interval");
  for (const Variant& variant : data.variants()) {
    spec.y.categories.push_back(variant.name);
    spec.table.rows.push_back({variant.name});
    for (std::size_t p = 0; p < phases.size(); ++p) {
      const auto field = phases[p].field;
      const double mean = variant.mean([field](const auto& run) { return run.phases.*field; });
      spec.layers[p].values.push_back(std::isnan(mean) ? 0 : mean * unit.perSecond);
      spec.table.rows.back().push_back(report::time(mean));
    }
    const Estimate sum = overRuns(variant, [](const RunResult& run) { return run.latency.mean; });
    spec.table.rows.back().push_back(withInterval(sum, "s"));
  }
  return spec;
}

PlotSpec paretoPlot(const StudyData& data) {
  const Metric bytes = metric_named("network_bytes");
  const TimeUnit unit = timeUnitFor(longest(data));
  PlotSpec spec{.id = "pareto",
                .title = "Latency and bytes",
                .explanation =
                    "What a variant sends over all links against its p99, with 95 % "
                    "intervals. Hollow: another is better in both.",
                .x = {.label = "bytes on all links, MB", .mayBeLogarithmic = true},
                .y = {.label = "p99 latency, " + unit.name, .mayBeLogarithmic = true},
                .table = {.columns = {"variant", "bytes", "p99", "dominated"}}};
  std::vector<std::pair<Estimate, Estimate>> places;
  for (const Variant& variant : data.variants())
    places.emplace_back(overRuns(variant, bytes.value),
                        overRuns(
                            variant, [](const RunResult& run) { return run.latency.p99; }, true));
  for (std::size_t v = 0; v < places.size(); ++v) {
    const auto& [sent, p99] = places[v];
    if (sent.values == 0 || p99.values == 0) continue;
    const bool dominated = std::ranges::any_of(places, [&](const auto& other) {
      return other.first.mean <= sent.mean && other.second.mean <= p99.mean &&
             (other.first.mean < sent.mean || other.second.mean < p99.mean);
    });
    spec.curves.push_back({.name = data.variants()[v].name,
                           .ink = v,
                           .mark = Mark::points,
                           .points = {{sent.mean / 1e6, p99.mean * unit.perSecond}},
                           .intervals = {interval(p99, unit.perSecond)},
                           .hollow = dominated});
    spec.table.rows.push_back({data.variants()[v].name, withInterval(sent, "bytes"),
                               withInterval(p99, "s"), dominated ? "yes" : "no"});
  }
  return spec;
}

PlotSpec energyPlot(const StudyData& data) {
  return rowsPlot(
      data,
      {.id = "energy",
       .title = "Energy",
       .explanation = "Of the whole run, warm-up included; 95 % intervals.",
       .x = {.label = "energy, kJ"}},
      1e-3, [](const RunResult& run) { return run.energy_j; }, "J");
}

PlotSpec utilisationPlot(const StudyData& data) {
  return rowsPlot(data,
                  {.id = "busiest",
                   .title = "Busiest node",
                   .explanation = "Utilisation of the busiest serving node; 95 % intervals.",
                   .x = {.label = "utilisation, %", .low = 0}},
                  100, highest_utilisation, "share");
}

Table verdictTable(const StudyData& data, const Metric& metric) {
  Table table{.columns = {"variant", "mean", "p50", "p95", "p99", "lost", "late", "busiest",
                          "difference in " + metric.name, "verdict"}};
  for (const Comparison& one : verdictsOf(data, metric)) {
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

std::vector<PlotSpec> comparePlots(const StudyData& data, const Metric& metric) {
  std::vector<PlotSpec> plots{differencesPlot(data, metric),
                              againstLoadPlot(data),
                              percentilesPlot(data),
                              cdfPlot(data),
                              ccdfPlot(data),
                              boxPlot(data),
                              phasesPlot(data),
                              paretoPlot(data),
                              energyPlot(data),
                              utilisationPlot(data)};
  std::erase_if(plots, [](const PlotSpec& spec) { return spec.isEmpty(); });
  for (PlotSpec& spec : plots) spec.command = shellCommand(data);
  return plots;
}

}  // namespace evenkeel::gui

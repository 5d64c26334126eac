// Where the time goes, and what a variant costs: bytes, privacy, energy, money.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/data/compare_plots.h"
#include "gui/data/compare_values.h"
#include "sim/report/format.h"
#include "sim/report/privacy_strategies.h"

namespace evenkeel::gui {

using report::PrivacyStrategy;
using report::Variant;

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
  constexpr std::size_t textInk = 6;
  double greatest = 0;
  for (const Variant& variant : data.variants())
    greatest = std::fmax(greatest, variant.mean([](const auto& r) { return r.latency.mean; }));
  const TimeUnit unit = timeUnitFor(greatest);
  PlotSpec spec{
      .id = "phases",
      .title = "Where the time goes",
      .explanation =
          "The mean latency of completed requests, phase by phase; the whole with its 95 % "
          "interval.",
      .x = {.label = "mean latency, " + unit.name, .low = 0},
      .table = {.columns = {"variant"}}};
  if (!(greatest > 0)) return spec;
  for (std::size_t p = 0; p < phases.size(); ++p) {
    spec.layers.push_back({.name = phases[p].name, .ink = p});
    spec.table.columns.emplace_back(phases[p].name);
  }
  spec.table.columns.emplace_back("sum, 95 % interval");
  for (const std::size_t v : data.shown()) {
    const Variant& variant = data.variants()[v];
    spec.y.categories.push_back(variant.name);
    spec.table.rows.push_back({variant.name});
    for (std::size_t p = 0; p < phases.size(); ++p) {
      const auto field = phases[p].field;
      const double mean = variant.mean([field](const auto& run) { return run.phases.*field; });
      spec.layers[p].values.push_back(std::isnan(mean) ? 0 : mean * unit.perSecond);
      spec.table.rows.back().push_back(report::time(mean));
    }
    const Estimate sum = overRuns(variant, [](const RunResult& run) { return run.latency.mean; });
    const double row = static_cast<double>(spec.y.categories.size() - 1);
    spec.curves.push_back({.name = variant.name,
                           .ink = textInk,
                           .mark = Mark::points,
                           .points = {{sum.mean * unit.perSecond, row}},
                           .intervals = {interval(sum, unit.perSecond)},
                           .isTip = true,
                           .inLegend = false});
    spec.table.rows.back().push_back(withInterval(sum, "s"));
  }
  return spec;
}

PlotSpec paretoPlot(const StudyData& data) {
  const Metric bytes = metric_named("network_bytes");
  const TimeUnit unit = latencyUnit(data);
  PlotSpec spec{.id = "pareto",
                .title = "Latency and bytes",
                .explanation =
                    "What a variant sends over all links against its p99, with 95 % "
                    "intervals. Hollow: another is better in both.",
                .x = {.label = "bytes on all links, MB", .mayBeLogarithmic = true},
                .y = {.label = "p99 latency, " + unit.name, .mayBeLogarithmic = true},
                .table = {.columns = {"variant", "bytes", "p99", "dominated"}}};
  struct Place {
    Estimate sent, p99;
  };
  std::map<std::size_t, Place> places;
  for (const std::size_t v : data.shown())
    places[v] = {
        overRuns(data.variants()[v], bytes.value),
        overRuns(
            data.variants()[v], [](const RunResult& run) { return run.latency.p99; }, true)};
  for (const auto& [v, place] : places) {
    const auto& [sent, p99] = place;
    if (sent.values == 0 || p99.values == 0) continue;
    const bool dominated = std::ranges::any_of(places, [&, own = place](const auto& entry) {
      const Place& other = entry.second;
      return other.sent.mean <= own.sent.mean && other.p99.mean <= own.p99.mean &&
             (other.sent.mean < own.sent.mean || other.p99.mean < own.p99.mean);
    });
    spec.curves.push_back({.name = data.variants()[v].name,
                           .ink = v,
                           .mark = Mark::points,
                           .points = {{sent.mean / 1e6, p99.mean * unit.perSecond}},
                           .intervals = {interval(p99, unit.perSecond)},
                           .across = {interval(sent, 1e-6)},
                           .hollow = dominated});
    spec.table.rows.push_back({data.variants()[v].name, withInterval(sent, "bytes"),
                               withInterval(p99, "s"), dominated ? "yes" : "no"});
  }
  if (!data.classes.empty()) spec.notes.emplace_back("Bytes are of all classes.");
  return spec;
}

PlotSpec privacyPlot(const StudyData& data) {
  const std::vector<Variant>& variants = data.reported().variants;
  const std::vector<PrivacyStrategy> all = report::privacy_strategies_of(data.reported());
  if (all.empty()) return {};
  const auto chart = report::privacy_strategies(data.reported());
  // Shape and ink as in a report.
  constexpr std::array<std::pair<std::size_t, MarkShape>, security_classes.size()> looks = {
      {{2, MarkShape::circle},
       {0, MarkShape::triangle},
       {1, MarkShape::square},
       {3, MarkShape::diamond},
       {6, MarkShape::cross}}};
  double longest = 0;
  for (const PrivacyStrategy& one : all) longest = std::max(longest, one.latency_s);
  const TimeUnit unit = timeUnitFor(longest);
  constexpr double perKilobyte = 1e-3;
  PlotSpec spec{
      .id = "privacy",
      .title = chart->heading,
      .explanation = chart->explanation,
      .x = {.label = "latency of a computation, " + unit.name,
            .logarithmic = true,
            .mayBeLogarithmic = true},
      .y = {.label = "payload sent for it, kB", .logarithmic = true, .mayBeLogarithmic = true},
      .isByClass = false,
      .table = chart->table};
  for (std::size_t c = 0; c < looks.size(); ++c)
    for (const bool trusts : {false, true}) {
      PlotCurve curve{.name = std::string(security_classes[c]),
                      .ink = looks[c].first,
                      .mark = Mark::points,
                      .shape = looks[c].second,
                      .hollow = trusts,
                      .inLegend = !trusts};
      for (const PrivacyStrategy& one : all) {
        if (one.its_class != c || one.trusts() != trusts) continue;
        curve.points.emplace_back(one.latency_s * unit.perSecond, one.sent_bytes * perKilobyte);
        const Estimate latency =
            overRuns(variants[one.variant], [](const RunResult& run) { return run.mpc.latency(); });
        const Estimate bytes =
            overRuns(variants[one.variant], [](const RunResult& run) { return run.mpc.bytes(); });
        curve.labels.push_back(one.name);
        curve.isBold.push_back(one.is_best);
        curve.across.push_back(interval(latency, unit.perSecond));
        curve.intervals.push_back(interval(bytes, perKilobyte));
      }
      const bool isOther =
          std::ranges::any_of(all, [c](const auto& one) { return one.its_class == c; });
      if (!curve.points.empty() || (!trusts && isOther)) spec.curves.push_back(std::move(curve));
    }
  if (std::ranges::any_of(all, &PrivacyStrategy::trusts))
    spec.curves.push_back({.name = "hollow: trusts somebody besides",
                           .mark = Mark::points,
                           .shape = MarkShape::circle,
                           .muted = true,
                           .hollow = true});
  double most = 0;
  for (const PrivacyStrategy& one : all) most = std::max(most, one.sent_bytes);
  constexpr double beyond = 3;  // so that the stairs leave the picture
  PlotCurve front{.name = "the front", .muted = true, .inLegend = false};
  for (const auto& [seconds_, bytes] : report::privacy_front(all, longest * beyond, most * beyond))
    front.points.emplace_back(seconds_ * unit.perSecond, bytes * perKilobyte);
  front.isBeyond = true;
  spec.curves.push_back(std::move(front));
  noteFewRuns(data, spec);
  return spec;
}

PlotSpec energyPlot(const StudyData& data) {
  return rowsPlot(data,
                  {.id = "energy",
                   .title = "Energy",
                   .explanation = "Of the whole run, warm-up included; 95 % intervals.",
                   .x = {.label = "energy, kJ", .low = 0},
                   .isByClass = false},
                  {.factor = 1e-3,
                   .value = [](const RunResult& run) { return run.energy_j; },
                   .unit = "J",
                   .isBar = true});
}

PlotSpec pricePlot(const StudyData& data) {
  return rowsPlot(
      data,
      {.id = "price",
       .title = "Cost",
       .explanation = "Of the whole run, by the scenario's prices; 95 % intervals.",
       .x = {.label = "cost, EUR", .low = 0},
       .isByClass = false},
      {.value = [](const RunResult& run) { return run.price; }, .unit = "EUR", .isBar = true});
}

PlotSpec utilisationPlot(const StudyData& data) {
  return rowsPlot(data,
                  {.id = "busiest",
                   .title = "Busiest node",
                   .explanation = "Utilisation of the busiest serving node; 95 % intervals.",
                   .x = {.label = "utilisation, %", .low = 0},
                   .isByClass = false},
                  {.factor = 100, .value = highest_utilisation, .unit = "share", .isBar = true});
}

}  // namespace evenkeel::gui

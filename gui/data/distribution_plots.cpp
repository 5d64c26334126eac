// Latency distributions, from the histograms of all runs together. What was lost is missing from
// a curve's 100 %, never left out of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/data/compare_plots.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

using report::Variant;

double ended(const Variant& variant) {
  return static_cast<double>(variant.tally.completed + variant.tally.lost());
}

double slowest(const StudyData& data) {
  double result = 0;
  for (const Variant& variant : data.variants())
    if (!variant.bins.empty()) result = std::max(result, variant.bins.rbegin()->second.high_s);
  return result;
}

/// The share of all ended requests answered within each bin's upper bound.
Points answeredWithin(const Variant& variant, double perSecond) {
  Points points;
  if (variant.bins.empty() || ended(variant) == 0) return points;
  std::uint64_t answered = 0;
  for (const auto& [low, bin] : variant.bins) {
    points.emplace_back(low * perSecond, static_cast<double>(answered) / ended(variant));
    answered += bin.count;
    points.emplace_back(bin.high_s * perSecond, static_cast<double>(answered) / ended(variant));
  }
  return points;
}

/// By rank, as the middle of its bin.
double quantileOf(const Variant& variant, double part) {
  std::uint64_t all = 0;
  for (const auto& [low, bin] : variant.bins) all += bin.count;
  std::uint64_t below = 0;
  for (const auto& [low, bin] : variant.bins) {
    below += bin.count;
    if (static_cast<double>(below) >= part * static_cast<double>(all))
      return (bin.low_s + bin.high_s) / 2;
  }
  return no_value;
}

PlotAxis latencyAxis(const TimeUnit& unit) {
  return {.label = "latency, " + unit.name, .logarithmic = true, .mayBeLogarithmic = true};
}

std::string legendName(const Variant& variant) {
  if (variant.tally.lost() == 0) return variant.name;
  return fmt::format("{} ({} lost)", variant.name, report::share(variant.lost_share()));
}

Table distributionTable(const StudyData& data) {
  Table table{.columns = {"variant", "requests", "p50", "p90", "p99", "p99.9", "lost"}};
  for (const std::size_t v : data.shown()) {
    const Variant& variant = data.variants()[v];
    std::vector<std::string> row{variant.name, report::number(ended(variant))};
    for (const double part : {0.5, 0.9, 0.99, 0.999})
      row.push_back(report::time(quantileOf(variant, part)));
    row.push_back(report::share(variant.lost_share()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

PlotSpec cdfPlot(const StudyData& data) {
  const TimeUnit unit = timeUnitFor(slowest(data));
  PlotSpec spec{.id = "cdf",
                .title = "Latency, cumulative",
                .explanation =
                    "Share of all requests answered within a time. What a curve lacks "
                    "of 100 % was lost.",
                .x = latencyAxis(unit),
                .y = {.label = "share of requests, %", .low = 0, .high = 100},
                .table = distributionTable(data)};
  for (const std::size_t v : data.shown()) {
    Points points = answeredWithin(data.variants()[v], unit.perSecond);
    if (points.empty()) continue;
    for (auto& [at, share] : points) share *= 100;
    points.emplace_back(slowest(data) * unit.perSecond, points.back().second);
    spec.curves.push_back({.name = legendName(data.variants()[v]), .ink = v, .points = points});
  }
  return spec;
}

PlotSpec ccdfPlot(const StudyData& data) {
  const TimeUnit unit = timeUnitFor(slowest(data));
  PlotSpec spec{.id = "ccdf",
                .title = "Latency, the tail",
                .explanation =
                    "Share of all requests not answered within a time. A curve that "
                    "ends level shows its losses.",
                .x = latencyAxis(unit),
                .y = {.label = "share of requests, %",
                      .logarithmic = true,
                      .mayBeLogarithmic = true,
                      .high = 100},
                .table = distributionTable(data)};
  for (const std::size_t v : data.shown()) {
    const Variant& variant = data.variants()[v];
    Points points;
    for (const auto& [at, answered] : answeredWithin(variant, unit.perSecond))
      if (answered < 1 - 0.5 / ended(variant)) points.emplace_back(at, 100 * (1 - answered));
    if (points.empty()) continue;
    if (variant.tally.lost() > 0)
      points.emplace_back(slowest(data) * unit.perSecond, points.back().second);
    spec.curves.push_back({.name = legendName(variant), .ink = v, .points = points});
  }
  return spec;
}

PlotSpec boxPlot(const StudyData& data) {
  const TimeUnit unit = timeUnitFor(slowest(data));
  PlotSpec spec{.id = "box",
                .title = "Spread of latency",
                .explanation =
                    "Box: the middle half of completed requests and their median; "
                    "whiskers: 1 % to 99 %.",
                .y = latencyAxis(unit),
                .table = {.columns = {"variant", "1 %", "25 %", "50 %", "75 %", "99 %"}}};
  for (const std::size_t v : data.shown()) {
    const Variant& variant = data.variants()[v];
    if (variant.bins.empty()) continue;
    std::array<double, 5> at{};
    std::vector<std::string> row{variant.name};
    constexpr std::array<double, 5> parts = {0.01, 0.25, 0.5, 0.75, 0.99};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      at[i] = quantileOf(variant, parts[i]);
      row.push_back(report::time(at[i]));
    }
    for (double& value : at) value *= unit.perSecond;
    spec.boxes.push_back({variant.name, v, at[0], at[1], at[2], at[3], at[4]});
    spec.table.rows.push_back(std::move(row));
  }
  return spec;
}

}  // namespace evenkeel::gui

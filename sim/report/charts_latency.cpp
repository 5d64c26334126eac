// How long requests took: distributions, percentiles, phases, sites.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sim/report/charts_common.h"
#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

std::uint64_t ended(const Variant& variant) {
  return variant.tally.completed + variant.tally.lost();
}

/// The share of all ended requests that were answered within each bin's upper bound.
Points answered_within(const Variant& variant) {
  Points points;
  if (variant.bins.empty()) return points;
  const auto total = static_cast<double>(ended(variant));
  std::uint64_t answered = 0;
  points.emplace_back(variant.bins.begin()->second.low_s, 0);
  for (const auto& [low, bin] : variant.bins) {
    if (points.back().first < low) points.emplace_back(low, points.back().second);
    answered += bin.count;
    points.emplace_back(bin.high_s, static_cast<double>(answered) / total);
  }
  return points;
}

double share_within(const Variant& variant, double seconds) {
  std::uint64_t answered = 0;
  for (const auto& [low, bin] : variant.bins) {
    if (bin.high_s <= seconds * (1 + 1e-9)) answered += bin.count;
  }
  return ended(variant) > 0 ? static_cast<double>(answered) / static_cast<double>(ended(variant))
                            : no_value;
}

Table distribution_table(const Study& study, bool answered, const std::vector<double>& times) {
  Table table{.columns = {answered ? "answered within" : "not answered within"}};
  for (const double at : times) table.columns.push_back(time(at));
  table.columns.push_back("lost");
  for (const Variant& variant : study.variants) {
    std::vector<std::string> row = {variant.name};
    for (const double at : times) {
      const double within = share_within(variant, at);
      row.push_back(share(answered ? within : 1 - within));
    }
    row.push_back(share(variant.lost_share()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Both ends of all latencies that any variant saw.
std::vector<double> latency_ends(const Study& study) {
  std::vector<double> ends;
  for (const Variant& variant : study.variants) {
    if (variant.bins.empty()) continue;
    ends.push_back(variant.bins.begin()->second.low_s);
    ends.push_back(variant.bins.rbegin()->second.high_s);
  }
  return ends;
}

std::string curve_tip(const Variant& variant) {
  return fmt::format("{}: median {}, p99 {}, lost {}", variant.name,
                     time(variant.mean([](const auto& r) { return r.latency.p50; })),
                     time(variant.mean([](const auto& r) { return r.latency.p99; })),
                     share(variant.lost_share()));
}

using LatencyField = double LatencySummary::*;
struct Percentile {
  const char* name;
  LatencyField field;
};
constexpr std::array<Percentile, 5> shown_percentiles = {{{"p50", &LatencySummary::p50},
                                                          {"p90", &LatencySummary::p90},
                                                          {"p95", &LatencySummary::p95},
                                                          {"p99", &LatencySummary::p99},
                                                          {"p99.9", &LatencySummary::p999}}};

double mean_latency(const Variant& variant, LatencyField field) {
  return variant.mean([field](const RunResult& run) { return run.latency.*field; });
}

using PhaseField = double PhaseMeans::*;
struct Phase {
  const char* name;
  PhaseField field;
};
constexpr std::array<Phase, 5> shown_phases = {{{"decision", &PhaseMeans::decision},
                                                {"network", &PhaseMeans::network},
                                                {"queue", &PhaseMeans::queue},
                                                {"compute", &PhaseMeans::compute},
                                                {"reply", &PhaseMeans::reply}}};

double mean_phase(const Variant& variant, PhaseField field) {
  return variant.mean([field](const RunResult& run) { return run.phases.*field; });
}

/// p99 of each site's requests, mean over runs, by variant.
struct SiteRow {
  std::string name;
  std::vector<double> p99 = {};
  double worst = 0;
};

std::vector<SiteRow> site_rows(const Study& study) {
  std::vector<SiteRow> rows;
  if (study.variants.empty() || study.variants.front().runs.empty()) return rows;
  const std::vector<SiteResult>& sites = study.variants.front().runs.front().sites;
  for (std::size_t s = 0; s < sites.size(); ++s) {
    SiteRow row{.name = sites[s].name};
    for (const Variant& variant : study.variants) {
      row.p99.push_back(variant.mean([&](const RunResult& run) {
        const bool same = s < run.sites.size() && run.sites[s].name == sites[s].name;
        return same ? run.sites[s].latency.p99 : no_value;
      }));
      if (row.p99.back() > row.worst) row.worst = row.p99.back();
    }
    if (row.worst > 0) rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const SiteRow& a, const SiteRow& b) { return a.worst > b.worst; });
  return rows;
}

}  // namespace

std::optional<Chart> latency_cdf(const Study& study) {
  if (!any_completed(study)) return std::nullopt;
  const Axis x = time_axis(latency_ends(study), "latency");
  Plane plane("Latency, cumulative", variant_legend(study), x,
              {Scale::linear(0, 1), "share of all requests", share});
  for (std::size_t i = 0; i < drawn_variants(study); ++i) {
    Points points = answered_within(study.variants[i]);
    if (!points.empty()) points.emplace_back(x.scale.high(), points.back().second);
    plane.curve(points, series_ink(i), curve_tip(study.variants[i]));
  }
  return Chart{.heading = "Latency, cumulative",
               .explanation =
                   "The share of all requests that were answered within a time. Higher "
                   "and further left is better; what a curve lacks of 100 % was lost.",
               .panels = {{.svg = std::move(plane).finish()}},
               .table = distribution_table(study, true, x.scale.ticks())};
}

std::optional<Chart> latency_ccdf(const Study& study) {
  if (!any_completed(study)) return std::nullopt;
  double least = 1;
  for (const Variant& variant : study.variants) {
    if (ended(variant) > 0) least = std::min(least, 1 / static_cast<double>(ended(variant)));
  }
  const Axis x = time_axis(latency_ends(study), "latency");
  Plane plane("Latency, the tail", variant_legend(study), x,
              {Scale::log(std::max(least, 1e-7), 1), "share of all requests", share});
  for (std::size_t i = 0; i < drawn_variants(study); ++i) {
    Points points;
    for (const auto& [at, answered] : answered_within(study.variants[i])) {
      if (answered < 1 - least / 2) points.emplace_back(at, 1 - answered);
    }
    if (study.variants[i].tally.lost() > 0 && !points.empty()) {
      points.emplace_back(x.scale.high(), points.back().second);
    }
    plane.curve(points, series_ink(i), curve_tip(study.variants[i]));
  }
  return Chart{.heading = "Latency, the tail",
               .explanation =
                   "The share of all requests that were not answered within a time, on "
                   "log axes. Lower is better; a curve that ends level shows its losses.",
               .panels = {{.svg = std::move(plane).finish()}},
               .table = distribution_table(study, false, x.scale.ticks())};
}

std::optional<Chart> percentiles(const Study& study) {
  if (!any_completed(study)) return std::nullopt;
  std::vector<double> values;
  Table table{.columns = {"variant"}};
  std::vector<LegendEntry> legend;
  for (std::size_t p = 0; p < shown_percentiles.size(); ++p) {
    table.columns.emplace_back(shown_percentiles[p].name);
    legend.push_back({shown_percentiles[p].name, series_ink(p)});
  }
  for (const Variant& variant : study.variants) {
    table.rows.push_back({variant.name});
    for (const Percentile& one : shown_percentiles) {
      values.push_back(mean_latency(variant, one.field));
      table.rows.back().push_back(time(values.back()));
    }
  }
  Rows rows("Latency percentiles", legend, Key::dot, variant_names(study),
            time_axis(values, "latency"));
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    const double* of_variant = values.data() + v * shown_percentiles.size();
    rows.span(v, of_variant[0], of_variant[shown_percentiles.size() - 1]);
    for (std::size_t p = 0; p < shown_percentiles.size(); ++p) {
      rows.dot(v, of_variant[p], series_ink(p),
               fmt::format("{}: {} {}", study.variants[v].name, shown_percentiles[p].name,
                           time(of_variant[p])),
               5.5);
    }
  }
  return Chart{.heading = "Latency percentiles",
               .explanation = "Of completed requests; the mean over seeds. Further left is better.",
               .panels = {{.svg = std::move(rows).finish()}},
               .table = std::move(table)};
}

std::optional<Chart> phases(const Study& study) {
  if (!any_completed(study)) return std::nullopt;
  double longest = 0;
  Table table{.columns = {"variant"}};
  std::vector<LegendEntry> legend;
  for (std::size_t p = 0; p < shown_phases.size(); ++p) {
    table.columns.emplace_back(shown_phases[p].name);
    legend.push_back({shown_phases[p].name, series_ink(p)});
  }
  table.columns.emplace_back("sum");
  for (const Variant& variant : study.variants) {
    table.rows.push_back({variant.name});
    double sum = 0;
    for (const Phase& phase : shown_phases) {
      const double mean = mean_phase(variant, phase.field);
      table.rows.back().push_back(time(mean));
      sum += mean;
    }
    table.rows.back().push_back(time(sum));
    if (sum > longest) longest = sum;
  }
  Rows rows("Where the time goes", legend, Key::box, variant_names(study),
            {Scale::linear(0, longest * 1.08), "mean latency", time});
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    double from = 0;
    for (std::size_t p = 0; p < shown_phases.size(); ++p) {
      const double length = mean_phase(study.variants[v], shown_phases[p].field);
      rows.bar(
          v, from, from + length, series_ink(p).colour,
          fmt::format("{}: {} {}", study.variants[v].name, shown_phases[p].name, time(length)));
      from += length;
    }
    if (from > 0) rows.note(v, from, time(from));
  }
  return Chart{.heading = "Where the time goes",
               .explanation = "The mean latency of completed requests, phase by phase.",
               .panels = {{.svg = std::move(rows).finish()}},
               .table = std::move(table)};
}

std::optional<Chart> p99_by_site(const Study& study) {
  const std::vector<SiteRow> sites = site_rows(study);
  if (sites.empty()) return std::nullopt;
  Table table{.columns = {"site"}};
  for (const Variant& variant : study.variants) table.columns.push_back(variant.name);
  std::vector<std::string> names;
  std::vector<double> values;
  for (const SiteRow& site : sites) {
    table.rows.push_back({site.name});
    for (const double p99 : site.p99) table.rows.back().push_back(time(p99));
    if (names.size() == most_rows) continue;
    names.push_back(site.name);
    values.insert(values.end(), site.p99.begin(), site.p99.end());
  }
  Rows rows("p99 latency by site", variant_legend(study), Key::dot, names,
            time_axis(values, "p99 latency"), 22);
  for (std::size_t s = 0; s < names.size(); ++s) {
    for (std::size_t v = 0; v < drawn_variants(study); ++v) {
      rows.dot(
          s, sites[s].p99[v], series_ink(v),
          fmt::format("{}, {}: {}", sites[s].name, study.variants[v].name, time(sites[s].p99[v])));
    }
  }
  return Chart{
      .heading = "p99 latency by site",
      .explanation = sites.size() > names.size()
                         ? fmt::format("The {} sites with the longest; the table has all {}.",
                                       names.size(), sites.size())
                         : "The sites with the longest come first. Further left is better.",
      .panels = {{.svg = std::move(rows).finish()}},
      .table = std::move(table)};
}

}  // namespace evenkeel::report

#include "sim/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <set>

#include "sim/report/chart_kinds.h"
#include "sim/report/computations.h"
#include "sim/report/format.h"
#include "sim/report/page.h"

namespace evenkeel {
namespace {

using report::Study;
using report::Table;
using report::Variant;

/// "12.3 ± 0.4 ms": a mean over runs with its 95 % interval, where there is one.
std::string with_interval(const Variant& variant, double (*value)(const RunResult&)) {
  const double half = variant.ci95(value);
  return std::isnan(half) ? report::time(variant.mean(value))
                          : report::time_with_interval(variant.mean(value), half);
}

Table summary_table(const Study& study) {
  Table table{.columns = {"variant", "mean latency", "p50", "p99", "lost", "late", "completed",
                          "max/mean", "energy"}};
  for (const Variant& variant : study.variants) {
    const auto mean = [&](auto value) { return variant.mean(value); };
    table.rows.push_back(
        {variant.name, with_interval(variant, [](const RunResult& r) { return r.latency.mean; }),
         report::time(mean([](const RunResult& r) { return r.latency.p50; })),
         with_interval(variant, [](const RunResult& r) { return r.latency.p99; }),
         report::share(variant.lost_share()), report::share(variant.late_share()),
         report::rate(mean([](const RunResult& r) { return r.throughput; })),
         report::plain(
             mean([](const RunResult& r) { return r.imbalance_utilisation.max_over_mean; })),
         report::energy(mean([](const RunResult& r) { return r.energy_j; }))});
  }
  return table;
}

std::string in_unit(double value, const std::string& unit) {
  if (unit == "s") return report::time(value);
  if (unit == "J") return report::energy(value);
  if (unit == "1/s") return report::rate(value);
  if (unit == "share") return report::share(value);
  const std::string text = report::number(value);
  return unit.empty() || unit == "1" || std::isnan(value) ? text : text + " " + unit;
}

std::string signed_in_unit(double value, const std::string& unit) {
  if (std::isnan(value)) return in_unit(value, unit);
  const char* sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return fmt::format("{}{}", sign, in_unit(std::abs(value), unit));
}

Table comparison_table(std::span<const ComparisonRow> rows) {
  Table table{.columns = {"variant", "metric", "mean", "difference", "95 % interval", "verdict"}};
  for (const ComparisonRow& row : rows) {
    const std::string interval = std::isnan(row.low) ? "–"
                                                     : signed_in_unit(row.low, row.unit) + " to " +
                                                           signed_in_unit(row.high, row.unit);
    table.rows.push_back({row.variant, row.metric, in_unit(row.mean, row.unit),
                          signed_in_unit(row.difference, row.unit), interval, row.verdict});
  }
  return table;
}

Table runs_table(const Study& study) {
  Table table{.columns = {"variant", "seed", "sent", "completed", "in flight", "warm-up",
                          "fingerprint", "wall time", "requests/s of wall time"}};
  for (const Variant& variant : study.variants) {
    for (const RunResult& run : variant.runs) {
      table.rows.push_back({variant.name, std::to_string(run.seed),
                            report::number(static_cast<double>(run.tally.sent)),
                            report::number(static_cast<double>(run.tally.completed)),
                            report::number(static_cast<double>(run.tally.in_flight)),
                            report::time(run.warm_up_s) + (run.warm_up_doubtful ? " (!)" : ""),
                            run.fingerprint, report::time(run.wall_s),
                            report::number(run.requests_per_wall_s)});
    }
  }
  return table;
}

void write_facts(std::ostream& out, const Study& study) {
  const RunResult& first = study.variants.front().runs.front();
  std::set<std::uint64_t> seeds;
  for (const Variant& variant : study.variants) {
    for (const RunResult& run : variant.runs) seeds.insert(run.seed);
  }
  const std::size_t serving = static_cast<std::size_t>(std::count_if(
      first.nodes.begin(), first.nodes.end(), [](const NodeResult& node) { return node.serves; }));
  out << "<dl class=\"facts\">";
  const auto fact = [&](const char* name, const std::string& value) {
    out << "<div><dt>" << name << "</dt><dd>" << report::escaped(value) << "</dd></div>";
  };
  fact("Variants", std::to_string(study.variants.size()));
  fact("Seeds", std::to_string(seeds.size()));
  fact("Simulated time", report::plain(first.duration_s) + " s");
  fact("Warm-up removed", report::plain(first.warm_up_s) + " s");
  fact("Serving nodes", std::to_string(serving));
  fact("Sites", std::to_string(first.sites.size()));
  out << "</dl>\n";
}

/// Said where numbers could mislead.
void write_doubts(std::ostream& out, const Study& study) {
  for (const Variant& variant : study.variants) {
    const bool doubtful = std::any_of(variant.runs.begin(), variant.runs.end(),
                                      [](const RunResult& run) { return run.warm_up_doubtful; });
    if (!doubtful) continue;
    out << "<p class=\"note\">" << report::escaped(variant.name)
        << ": MSER-5 found no steady state in the first half of a run. Run longer, or state a "
           "fixed warm-up.</p>\n";
  }
}

int baseline_row(const Study& study) {
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    for (const auto& [path, value] : study.variants[v].chosen) {
      if (!study.info.baseline.empty() && value == study.info.baseline) return static_cast<int>(v);
    }
  }
  return -1;
}

void write_charts(std::ostream& out, const Study& study) {
  const std::vector<std::string>& wanted = study.info.charts;
  out << "<h2>Pictures</h2>\n";
  for (const ChartKind& kind : chart_kinds()) {
    const bool shown =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), kind.name) != wanted.end();
    if (!shown) continue;
    if (const auto chart = report::make_chart(kind.name, study)) report::write_chart(out, *chart);
  }
}

void write_study(std::ostream& out, const Study& study, std::span<const ComparisonRow> comparison) {
  out << "<p class=\"eyebrow\">Evenkeel report</p>\n<h1>" << report::escaped(study.info.name)
      << "</h1>\n";
  if (!study.info.question.empty()) {
    out << "<p class=\"question\">" << report::escaped(study.info.question) << "</p>\n";
  }
  if (study.variants.empty()) {
    out << "<p>There are no finished runs of this scenario yet.</p>\n";
    return;
  }
  write_facts(out, study);
  if (!comparison.empty()) {
    out << "<h2>Comparison</h2>\n";
    report::write_table(out, comparison_table(comparison));
  }
  out << "<h2>At a glance</h2>\n";
  report::write_table(out, summary_table(study), baseline_row(study));
  out << "<p class=\"note\">Means over seeds, ± the half width of their 95 % interval. Lost: "
         "dropped or timed out. Late: completed after the deadline. Max/mean: utilisation of the "
         "busiest serving node over the mean of all.</p>\n";
  write_doubts(out, study);
  report::write_computations(out, study);
  write_charts(out, study);
  out << "<h2>Set-up</h2>\n";
  if (!study.info.scenario_text.empty()) {
    report::write_folded(out, "The scenario", study.info.scenario_text);
  }
  out << "<details><summary>Every run</summary>";
  report::write_table(out, runs_table(study));
  out << "</details>\n";
}

}  // namespace

void write_report(const ResultFile& file, std::span<const ComparisonRow> comparison,
                  std::ostream& out) {
  const std::vector<Study> studies = report::gather(file);
  report::begin_page(out, studies.empty() ? "Evenkeel report" : studies.front().info.name);
  if (studies.empty()) out << "<h1>Evenkeel report</h1>\n<p>The file holds no runs yet.</p>\n";
  std::string version;
  for (const Study& study : studies) {
    // A comparison is of one study: the first.
    write_study(out, study,
                &study == &studies.front() ? comparison : std::span<const ComparisonRow>());
    if (!study.variants.empty()) version = study.variants.front().runs.front().version;
  }
  report::end_page(out, version);
}

}  // namespace evenkeel

#include "sim/study/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "sim/report/format.h"
#include "sim/study/mpc_table.h"
#include "sim/study/prediction.h"
#include "sim/study/text_table.h"

namespace evenkeel {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t most_sentences = 8;
constexpr std::size_t most_columns = 5;

using report::plain;

Estimate over_runs(const VariantRuns& variant, const auto& value, bool bootstrap = false) {
  std::vector<double> values;
  for (const RunResult& run : variant.runs)
    if (const double one = value(run); !std::isnan(one)) values.push_back(one);
  return bootstrap ? bootstrap_estimate(values) : t_estimate(values);
}

double p99(const RunResult& run) { return run.latency.p99; }

struct Scale {
  double factor;
  std::string_view unit;
};

/// One unit for a column: the largest in which the least value is 1 or more.
Scale scale_of(double least, std::span<const Scale> scales) {
  for (const Scale& scale : scales)
    if (least >= scale.factor) return scale;
  return scales.back();
}

Scale time_scale(std::span<const VariantRuns> variants) {
  static constexpr std::array<Scale, 3> scales = {{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}}};
  double least = std::numeric_limits<double>::infinity();
  for (const VariantRuns& variant : variants)
    least = std::fmin(least, over_runs(variant, [](const auto& r) { return r.latency.mean; }).mean);
  return std::isinf(least) ? scales[1] : scale_of(least, scales);
}

Scale energy_scale(std::span<const VariantRuns> variants) {
  static constexpr std::array<Scale, 3> scales = {{{1e6, "MJ"}, {1e3, "kJ"}, {1, "J"}}};
  double least = std::numeric_limits<double>::infinity();
  for (const VariantRuns& variant : variants)
    least = std::fmin(least, over_runs(variant, [](const auto& r) { return r.energy_j; }).mean);
  return scale_of(std::isinf(least) ? 1 : least, scales);
}

/// "41.2 [38.9, 44]"
std::string with_interval(const Estimate& estimate, double factor) {
  std::string text = plain(estimate.mean / factor);
  if (estimate.has_interval())
    text += fmt::format(" [{}, {}]", plain(estimate.low / factor), plain(estimate.high / factor));
  return text;
}

std::string measured_table(const ComparisonView& view, const std::vector<std::string>& names) {
  const Scale time = time_scale(view.variants);
  const Scale energy = energy_scale(view.variants);
  TextTable table{.columns = {"", fmt::format("mean {}", time.unit), "p50", "p95",
                              fmt::format("p99 {}", time.unit), "lost %", "late %", "busiest %",
                              std::string(energy.unit)}};
  for (std::size_t i = 0; i < view.variants.size(); ++i) {
    const VariantRuns& variant = view.variants[i];
    const auto in = [&](const auto& value, double factor) {
      return plain(over_runs(variant, value).mean / factor);
    };
    const Estimate joules = over_runs(variant, [](const auto& r) { return r.energy_j; });
    const auto mean = [](const auto& r) { return r.latency.mean; };
    table.rows.push_back({names[i], with_interval(over_runs(variant, mean), time.factor),
                          in([](const auto& r) { return r.latency.p50; }, time.factor),
                          in([](const auto& r) { return r.latency.p95; }, time.factor),
                          with_interval(over_runs(variant, p99, true), time.factor),
                          in(lost_share, 0.01), in(late_share, 0.01), in(highest_utilisation, 0.01),
                          joules.values == 0 ? "" : plain(joules.mean / energy.factor)});
  }
  return to_text(table, width);
}

/// What the runs counted, on the average of a run; a column a variant.
std::string counts_table(const ComparisonView& view, const std::vector<std::string>& names) {
  if (view.variants.size() > most_columns) return "";
  std::set<std::string> counts;
  for (const VariantRuns& variant : view.variants)
    for (const RunResult& run : variant.runs)
      for (const CountResult& count : run.counts) counts.insert(count.name);
  if (counts.empty()) return "";
  TextTable table{.columns = {"counted in a run"}};
  table.columns.insert(table.columns.end(), names.begin(), names.end());
  for (const std::string& count : counts) {
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(count);
    for (const VariantRuns& variant : view.variants)
      row.push_back(report::number(
          over_runs(variant, [&](const auto& run) { return total_of(run, count); }).mean));
  }
  return '\n' + to_text(table, width);
}

std::string signed_percent(double share) {
  return fmt::format("{}{} %", share > 0 ? "+" : "", plain(share * 100));
}

/// "-23 % [-27 %, -18 %]"; of shares and where the baseline is 0, in points.
std::string difference_text(const Comparison& one, const Metric& metric) {
  if (one.verdict == Verdict::baseline || one.difference.values == 0) return "";
  const bool relative = metric.unit != "share" && one.baseline_mean != 0;
  const auto shown = [&](double value) {
    if (relative) return signed_percent(one.relative(value));
    const std::string_view sign = value > 0 ? "+" : "";
    if (metric.unit != "share") return fmt::format("{}{}", sign, plain(value));
    return fmt::format("{}{} points", sign, plain(value * 100));
  };
  std::string text = shown(one.difference.mean);
  if (one.difference.has_interval())
    text += fmt::format(" [{}, {}]", shown(one.difference.low), shown(one.difference.high));
  return text;
}

std::string verdict_table(const std::vector<Comparison>& comparisons,
                          const std::vector<std::string>& names, const Metric& metric) {
  std::set<std::size_t> baselines;
  for (const Comparison& one : comparisons)
    if (one.verdict != Verdict::baseline) baselines.insert(one.baseline);
  TextTable table{
      .columns = {"", "against", fmt::format("difference in {}", metric.name), "verdict"},
      .last_is_prose = true};
  table.left_aligned = 2;
  for (const Comparison& one : comparisons) {
    if (one.verdict == Verdict::baseline) continue;
    table.rows.push_back({names[one.variant], baselines.size() > 1 ? names[one.baseline] : "",
                          difference_text(one, metric), verdict_text(one, metric)});
  }
  if (table.rows.empty()) return "";
  std::string heading = fmt::format("By {}", metric.name);
  if (baselines.size() == 1) heading += ", against " + names[*baselines.begin()];
  return heading + ":\n\n" + to_text(table, width) + '\n';
}

std::string in_unit(double value, const Metric& metric) {
  if (metric.unit == "s") return report::time(value);
  if (metric.unit == "J") return report::energy(value);
  if (metric.unit == "1/s") return report::rate(value);
  if (metric.unit == "share") return report::share(value);
  return fmt::format("{}{}{}", plain(value), metric.unit.empty() ? "" : " ", metric.unit);
}

/// "23 % sooner"
std::string how_much(const Comparison& one, const Metric& metric) {
  const bool is_share = metric.unit == "share";
  const double size = is_share ? one.difference.mean : one.relative(one.difference.mean);
  std::string_view word = size < 0 ? "less" : "more";
  if (metric.unit == "s") word = size < 0 ? "sooner" : "later";
  return fmt::format("{} {} {}", plain(std::abs(size) * 100), is_share ? "points" : "%", word);
}

/// "18 to 27 %", by size.
std::string interval_text(const Comparison& one, const Metric& metric) {
  const double divisor = metric.unit == "share" ? 1 : std::abs(one.baseline_mean);
  const double sign = one.difference.mean < 0 ? -1 : 1;
  double low = sign * one.difference.low / divisor * 100;
  double high = sign * one.difference.high / divisor * 100;
  if (low > high) std::swap(low, high);
  return fmt::format("{} to {} {}", plain(low), plain(high),
                     metric.unit == "share" ? "points" : "%");
}

std::string statement(const Comparison& one, const std::string& name, const Metric& metric) {
  if (metric.is_percentile)
    return fmt::format("{} answers {} within {}", name, metric.said,
                       in_unit(one.value.mean, metric));
  return fmt::format("{}: {} {}", name, metric.said, in_unit(one.value.mean, metric));
}

/// The best of those that are better than one baseline, or that none is.
std::string sentence(const std::vector<Comparison>& comparisons, std::size_t baseline,
                     const std::vector<std::string>& names, const Metric& metric) {
  const Comparison* best = nullptr;
  bool is_open = false;
  for (const Comparison& one : comparisons) {
    if (one.baseline != baseline || one.verdict == Verdict::baseline) continue;
    is_open |= one.verdict == Verdict::undecided || one.verdict == Verdict::too_few;
    if (one.verdict != Verdict::better) continue;
    const double sign = metric.higher_is_better ? -1 : 1;
    if (best == nullptr || sign * one.value.mean < sign * best->value.mean) best = &one;
  }
  if (best == nullptr)
    return fmt::format("Nothing is shown to be better than {} by {}{}.", names[baseline],
                       metric.name, is_open ? "; more seeds may decide" : "");
  const bool has_share = metric.unit == "share" || best->baseline_mean != 0;
  if (!has_share) return statement(*best, names[best->variant], metric) + ".";
  return fmt::format("{}, {} than {} (95 % interval {}).",
                     statement(*best, names[best->variant], metric), how_much(*best, metric),
                     names[baseline], interval_text(*best, metric));
}

std::string conclusion(const std::vector<Comparison>& comparisons,
                       const std::vector<std::string>& names, const Metric& metric) {
  std::set<std::size_t> baselines;
  for (const Comparison& one : comparisons)
    if (one.verdict != Verdict::baseline) baselines.insert(one.baseline);
  std::string text;
  std::size_t said = 0;
  for (const std::size_t baseline : baselines) {
    if (++said > most_sentences) break;
    text += wrapped(sentence(comparisons, baseline, names, metric), width) + '\n';
  }
  return text;
}

std::string prediction_table(const PredictedPair& pair, const std::vector<std::string>& names) {
  TextTable table{.columns = {"", "", "predicted", "measured", "error"}};
  table.left_aligned = 2;
  const auto shown = [](double value, std::string_view unit) {
    if (unit == "s") return report::time(value);
    if (unit == "1/s") return report::rate(value);
    return report::share(value);
  };
  std::string last;
  for (const Prediction& row : pair.rows) {
    std::string error = row.error.values == 0 ? "" : signed_percent(row.error.mean);
    if (row.error.has_interval())
      error +=
          fmt::format(" [{}, {}]", signed_percent(row.error.low), signed_percent(row.error.high));
    const std::string name = row.request_class.empty() ? "all" : row.request_class;
    table.rows.push_back({name == last ? "" : name, std::string{row.quantity},
                          shown(row.predicted, row.unit), shown(row.measured, row.unit), error});
    last = name;
  }
  const std::string note = fmt::format(
      "Beside the measured runs, an idle loop of 1 ms was woken {} late (p50), {} (p99).",
      report::time(pair.lateness_p50_s), report::time(pair.lateness_p99_s));
  return fmt::format("{} against {}, seed by seed:\n\n{}\n{}\n", names[pair.simulated],
                     names[pair.measured], to_text(table, width), wrapped(note, width));
}

std::string setup_line(const ComparisonView& view) {
  std::set<std::uint64_t> seeds;
  double requests = 0;
  bool doubtful = false;
  const RunResult* first = nullptr;
  double warm_up_s = 0;
  for (const VariantRuns& variant : view.variants)
    for (const RunResult& run : variant.runs) {
      if (first == nullptr) first = &run;
      seeds.insert(run.seed);
      requests += static_cast<double>(run.tally.sent);
      warm_up_s = std::max(warm_up_s, run.warm_up_s);
      doubtful |= run.warm_up_doubtful;
    }
  if (first == nullptr) return "No run has finished yet.\n";
  std::string text = fmt::format(
      "{} variant{}, {} seed{} each, {} s simulated of which up to {} s are warm-up; {:.0f} "
      "requests"
      " counted. The same arrivals for all; in brackets: 95 % intervals.",
      view.variants.size(), view.variants.size() == 1 ? "" : "s", seeds.size(),
      seeds.size() == 1 ? "" : "s", plain(first->duration_s), plain(warm_up_s), requests);
  if (seeds.size() < 2) text += " Intervals need 2 seeds or more.";
  if (doubtful) text += " Some run never became steady: run longer, or state a fixed warm-up.";
  return wrapped(text, width) + '\n';
}

}  // namespace

std::string to_text(const ComparisonView& view) {
  std::string text = view.info.name + '\n';
  if (!view.info.question.empty()) text += wrapped(view.info.question, width) + '\n';
  text += '\n' + setup_line(view) + '\n';
  const Metric metric = metric_named(view.info.metric);
  const std::vector<std::string> names = variant_names(view.variants);
  const auto comparisons = compare_variants(view.variants, view.info.baseline, metric);
  const std::string computations = mpc_tables(view.variants, names, width);
  text += measured_table(view, names) + '\n' + computations + (computations.empty() ? "" : "\n") +
          verdict_table(comparisons, names, metric) + conclusion(comparisons, names, metric) +
          counts_table(view, names);
  for (const PredictedPair& pair : predictions(view.variants))
    text += '\n' + prediction_table(pair, names);
  return text + "\nAll results: " + view.result_path +
         "\nAs a page with pictures: evenkeel report " + view.result_path + " -o report.html\n";
}

}  // namespace evenkeel

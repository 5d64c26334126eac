#include "sim/study/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/report/format.h"

namespace evenkeel {
namespace {

constexpr double share_that_matters = 0.001;  // 0.1 percentage points

/// +1: significantly more, and more than matters; -1: fewer; 0: neither.
int direction_of(const Estimate& share) {
  if (share.low > 0 && share.mean > share_that_matters) return 1;
  if (share.high < 0 && share.mean < -share_that_matters) return -1;
  return 0;
}

/// Of the metric alone.
Verdict metric_verdict(const Estimate& difference, double margin, bool higher_is_better) {
  if (!difference.has_interval()) return Verdict::too_few;
  if (difference.low >= -margin && difference.high <= margin) return Verdict::no_difference;
  if (difference.low <= 0 && difference.high >= 0) return Verdict::undecided;
  return (difference.low > 0) == higher_is_better ? Verdict::better : Verdict::worse;
}

/// `harm`: the signs of what is lost and late. A gain on one side never hides a loss on the other.
Verdict with_harm(Verdict verdict, int more_lost, int more_late) {
  const bool harms = more_lost > 0 || more_late > 0;
  const bool helps = more_lost < 0 || more_late < 0;
  if (!harms && !helps) return verdict;
  if (harms && helps) return Verdict::mixed;
  switch (verdict) {
    case Verdict::better:
      return harms ? Verdict::mixed : verdict;
    case Verdict::worse:
      return helps ? Verdict::mixed : verdict;
    case Verdict::no_difference:
    case Verdict::undecided:
    case Verdict::too_few:
      return harms ? Verdict::worse : verdict == Verdict::no_difference ? Verdict::better : verdict;
    default:
      return verdict;
  }
}

bool judges(const Metric& metric, const std::string& what) {
  if (what == "late") return metric.name == "deadline_misses";
  return metric.name == "lost" || metric.name == "dropped" || metric.name == "timed_out";
}

const RunResult* run_of(const VariantRuns& variant, std::uint64_t seed) {
  const auto found = std::ranges::find(variant.runs, seed, &RunResult::seed);
  return found == variant.runs.end() ? nullptr : &*found;
}

std::vector<double> values_of(const VariantRuns& variant, const Metric& metric) {
  std::vector<double> values;
  for (const RunResult& run : variant.runs)
    if (const double value = metric.value(run); !std::isnan(value)) values.push_back(value);
  return values;
}

Estimate estimate(std::span<const double> values, const Metric& metric) {
  return metric.is_percentile ? bootstrap_estimate(values) : t_estimate(values);
}

/// The pairs of runs of two variants, by seed.
Comparison compare_pair(const VariantRuns& variant, const VariantRuns& baseline,
                        const Metric& metric) {
  std::vector<double> ours, theirs, lost, late;
  std::size_t unpaired = 0;
  for (const RunResult& run : variant.runs) {
    const RunResult* other = run_of(baseline, run.seed);
    if (other == nullptr) {
      ++unpaired;
      continue;
    }
    const double more_lost = lost_share(run) - lost_share(*other);
    const double more_late = late_share(run) - late_share(*other);
    if (!std::isnan(more_lost)) lost.push_back(more_lost);
    if (!std::isnan(more_late)) late.push_back(more_late);
    if (std::isnan(metric.value(run)) || std::isnan(metric.value(*other))) {
      ++unpaired;
      continue;
    }
    ours.push_back(metric.value(run));
    theirs.push_back(metric.value(*other));
  }
  Comparison comparison = judge(ours, theirs, lost, late, metric);
  comparison.unpaired = unpaired;
  return comparison;
}

/// "1.2 points more lost, 3 points fewer late": what was judged besides the metric.
std::string side_effects(const Comparison& comparison, const Metric& metric) {
  std::string text;
  const auto add = [&](const Estimate& share, const char* what) {
    const int direction = judges(metric, what) ? 0 : direction_of(share);
    if (direction == 0) return;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} points {} {}", report::plain(std::abs(share.mean) * 100),
                        direction > 0 ? "more" : "fewer", what);
  };
  add(comparison.lost, "lost");
  add(comparison.late, "late");
  return text;
}

/// Of mixed: how the metric itself stands.
std::string metric_side(const Comparison& comparison, const Metric& metric) {
  if (!comparison.difference.has_interval()) return "";
  const Estimate& difference = comparison.difference;
  if (difference.low > 0) return fmt::format("higher {}, but ", metric.name);
  if (difference.high < 0) return fmt::format("lower {}, but ", metric.name);
  return "";
}

std::string undecided_text(const Comparison& comparison) {
  if (!comparison.more_seeds) return "not decided (not by 10,000 more seeds either)";
  const std::size_t more = *comparison.more_seeds;
  return fmt::format("not decided ({} more seed{} would)", more, more == 1 ? "" : "s");
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::baseline:
      return "baseline";
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::no_difference:
      return "no difference that matters";
    case Verdict::undecided:
      return "not decided";
    case Verdict::mixed:
      return "mixed";
    case Verdict::too_few:
      break;
  }
  return "too few runs";
}

Comparison judge(std::span<const double> variant, std::span<const double> baseline,
                 std::span<const double> lost, std::span<const double> late, const Metric& metric) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < variant.size(); ++i) differences.push_back(variant[i] - baseline[i]);
  Comparison result{.value = estimate(variant, metric),
                    .difference = estimate(differences, metric),
                    .baseline_mean = t_estimate(baseline).mean,
                    .lost = t_estimate(lost),
                    .late = t_estimate(late)};
  const double margin =
      std::max(metric.least_margin, margin_that_matters * std::abs(result.baseline_mean));
  result.verdict = with_harm(metric_verdict(result.difference, margin, metric.higher_is_better),
                             judges(metric, "lost") ? 0 : direction_of(result.lost),
                             judges(metric, "late") ? 0 : direction_of(result.late));
  if (result.verdict == Verdict::undecided) result.more_seeds = more_to_decide(differences, margin);
  return result;
}

std::vector<std::size_t> baselines_of(std::span<const VariantRuns> variants,
                                      const std::string& baseline) {
  std::vector<std::size_t> result(variants.size());
  std::string path;
  for (const VariantRuns& variant : variants)
    for (const auto& [its_path, value] : variant.chosen)
      if (value == baseline && (path.empty() || its_path < path)) path = its_path;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    result[i] = i;
    Choice wanted = variants[i].chosen;
    if (!wanted.contains(path)) continue;
    wanted[path] = baseline;
    const auto found = std::ranges::find(variants, wanted, &VariantRuns::chosen);
    if (found != variants.end()) result[i] = static_cast<std::size_t>(found - variants.begin());
  }
  return result;
}

std::vector<Comparison> compare_variants(std::span<const VariantRuns> variants,
                                         const std::string& baseline, const Metric& metric) {
  const std::vector<std::size_t> baselines = baselines_of(variants, baseline);
  std::vector<Comparison> result;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    Comparison comparison;
    if (baselines[i] != i)
      comparison = compare_pair(variants[i], variants[baselines[i]], metric);
    else
      comparison.verdict = Verdict::baseline;
    comparison.value = estimate(values_of(variants[i], metric), metric);
    comparison.variant = i;
    comparison.baseline = baselines[i];
    result.push_back(comparison);
  }
  return result;
}

std::string verdict_text(const Comparison& comparison, const Metric& metric) {
  const std::string effects = side_effects(comparison, metric);
  std::string text{to_string(comparison.verdict)};
  if (comparison.verdict == Verdict::undecided) text = undecided_text(comparison);
  if (comparison.verdict == Verdict::too_few) text = "not decided (needs 2 seeds or more)";
  if (comparison.verdict == Verdict::mixed)
    text += ": " + metric_side(comparison, metric) + effects;
  else if (!effects.empty() && comparison.verdict != Verdict::baseline)
    text += "; " + effects;
  if (comparison.unpaired > 0)
    text += fmt::format("; {} seed{} left out, without a pair", comparison.unpaired,
                        comparison.unpaired == 1 ? "" : "s");
  return text;
}

std::vector<std::string> variant_names(std::span<const VariantRuns> variants) {
  std::map<std::string, std::set<std::string>> values;
  for (const VariantRuns& variant : variants)
    for (const auto& [path, value] : variant.chosen) values[path].insert(value);
  if (values.size() > 1)
    std::erase_if(values, [](const auto& one) { return one.second.size() < 2; });
  std::vector<std::string> names;
  for (const VariantRuns& variant : variants) {
    std::string name;
    for (const auto& [path, seen] : values) {
      const auto found = variant.chosen.find(path);
      std::string value = found == variant.chosen.end() ? "as written" : found->second;
      if (value.size() > 2 && value.front() == '{' && value.back() == '}')
        value = value.substr(1, value.size() - 2);
      if (!name.empty()) name += ", ";
      if (values.size() > 1) name += path.substr(path.rfind('.') + 1) + " ";
      name += value;
    }
    if (name.empty()) name = "as written";
    if (!variant.runs.empty()) name = variant.runs.front().mpc.labelled(std::move(name));
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<VariantRuns> read_variants(const ResultFile& file, const std::string& scenario_hash) {
  std::vector<VariantRuns> variants;
  for (const std::int64_t run : file.runs()) {
    const RunKey key = file.key(run);
    if (key.scenario_hash != scenario_hash) continue;
    auto found = std::ranges::find(variants, key.chosen, &VariantRuns::chosen);
    if (found == variants.end()) found = variants.insert(found, {.chosen = key.chosen});
    found->runs.push_back(file.read_run(run, ResultFile::Detail::scalars));
  }
  for (VariantRuns& variant : variants)
    std::ranges::stable_sort(variant.runs, {}, &RunResult::seed);
  return variants;
}

std::vector<ComparisonRow> comparison_rows(const ResultFile& file) {
  const std::vector<StudyInfo> studies = file.studies();
  if (studies.empty() || studies.front().baseline.empty()) return {};
  const StudyInfo& study = studies.front();
  const std::vector<VariantRuns> variants = read_variants(file, study.scenario_hash);
  const std::vector<std::string> names = variant_names(variants);
  const Metric metric = metric_named(study.metric.empty() ? "p99" : study.metric);
  std::vector<ComparisonRow> rows;
  for (const Comparison& one : compare_variants(variants, study.baseline, metric))
    rows.push_back({.variant = names[one.variant],
                    .metric = metric.name,
                    .unit = metric.unit,
                    .mean = one.value.mean,
                    .difference = one.difference.mean,
                    .low = one.difference.low,
                    .high = one.difference.high,
                    .verdict = verdict_text(one, metric)});
  return rows;
}

}  // namespace evenkeel

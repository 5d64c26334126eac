// What the runs of a study say: each variant against the baseline, paired over seeds. Nothing is
// called better that loses or delays more requests, and nothing is called a difference that the
// seeds do not show.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/metrics/result_file.h"
#include "sim/report/report.h"
#include "sim/study/metric.h"
#include "sim/study/statistics.h"

namespace evenkeel {

using Choice = std::map<std::string, std::string>;  // path -> value

/// All runs of one combination of values, in the order of their seeds.
struct VariantRuns {
  Choice chosen = {};
  std::vector<RunResult> runs = {};
};

/// mixed: one of the two has the better metric, the other loses fewer requests or is late less
/// often. too_few: less than two seeds, or runs without the metric.
enum class Verdict { baseline, better, worse, no_difference, undecided, mixed, too_few };
std::string_view to_string(Verdict verdict);

struct Comparison {
  std::size_t variant = 0;
  std::size_t baseline = 0;
  Verdict verdict = Verdict::too_few;
  Estimate value = {};              // of the metric
  Estimate difference = {};         // variant - baseline, paired over seeds, in the metric's unit
  double baseline_mean = no_value;  // over the same seeds
  Estimate lost = {};               // difference of the share lost
  Estimate late = {};               // difference of the share late
  std::size_t unpaired = 0;         // seeds that only one of the two has, or without the metric
  std::optional<std::size_t> more_seeds = {};  // that would decide, if undecided

  /// The difference as a share of the baseline's mean.
  double relative(double difference_) const { return difference_ / baseline_mean; }
};

/// The share of the baseline's mean up to which a difference does not matter.
inline constexpr double margin_that_matters = 0.02;

/// The verdict on paired values, by seed. `lost` and `late` are differences (variant - baseline) of
/// the shares lost and late; a metric about them is not judged by them once more.
Comparison judge(std::span<const double> variant, std::span<const double> baseline,
                 std::span<const double> lost, std::span<const double> late, const Metric& metric);

/// The variant that each is compared with: equal but for the setting that has the value `baseline`.
/// The index of itself for a baseline, and where no such variant is there.
std::vector<std::size_t> baselines_of(std::span<const VariantRuns> variants,
                                      const std::string& baseline);

/// One for each variant, in their order.
std::vector<Comparison> compare_variants(std::span<const VariantRuns> variants,
                                         const std::string& baseline, const Metric& metric);

/// "worse", "not decided (14 more seeds would)", "mixed: lower p99, but 1.2 points more lost".
std::string verdict_text(const Comparison& comparison, const Metric& metric);

/// "random"; or "policy random, rate 2 /s" where several settings differ; "as written" without any.
std::vector<std::string> variant_names(std::span<const VariantRuns> variants);

/// The runs of one study in a file (without series and requests), variants in the order of their
/// first runs.
std::vector<VariantRuns> read_variants(const ResultFile& file, const std::string& scenario_hash);

/// What a report shows of the file's first study.
std::vector<ComparisonRow> comparison_rows(const ResultFile& file);

}  // namespace evenkeel

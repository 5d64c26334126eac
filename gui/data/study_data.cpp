#include "gui/data/study_data.h"

#include <algorithm>

#include "models/runtime/user_error.h"
#include "sim/metrics/result_file.h"
#include "sim/scenario/scenario.h"

namespace evenkeel::gui {
namespace {

std::vector<VariantRuns> variantRuns(const StudyData& data) {
  std::vector<VariantRuns> variants;
  for (const report::Variant& variant : data.variants())
    variants.push_back({.chosen = variant.chosen, .runs = variant.runs});
  return variants;
}

/// Where the file keeps each run of the study, seeds rising.
void findRuns(StudyData& data, const ResultFile& file) {
  for (const report::Variant& variant : data.variants()) {
    std::vector<std::pair<std::uint64_t, std::int64_t>> found;
    for (const std::int64_t run : file.runs()) {
      const RunKey key = file.key(run);
      if (key.scenario_hash == data.study.info.scenario_hash && key.chosen == variant.chosen)
        found.emplace_back(key.seed, run);
    }
    std::ranges::sort(found);
    std::vector<std::int64_t>& numbers = data.runs.emplace_back();
    for (const auto& [seed, run] : found) numbers.push_back(run);
  }
}

StudyInfo chosenStudy(const ResultFile& file, StudyData& data) {
  std::vector<StudyInfo> studies = file.studies();
  const std::vector<std::int64_t> runs = file.runs();
  if (studies.empty() && runs.empty())
    throw UserError({.file = data.path}, "the result file holds no run yet");
  for (const StudyInfo& study : studies)
    for (const std::int64_t run : runs)
      if (file.key(run).scenario_hash == study.scenario_hash) {
        data.otherStudies = studies.size() - 1;
        return study;
      }
  if (!runs.empty()) return {.scenario_hash = file.key(runs.front()).scenario_hash};
  throw UserError({.file = data.path}, "none of the study's runs has finished yet");
}

void addTallies(report::Variant& variant) {
  for (const RunResult& run : variant.runs) {
    variant.tally.sent += run.tally.sent;
    variant.tally.completed += run.tally.completed;
    variant.tally.dropped += run.tally.dropped;
    variant.tally.timed_out += run.tally.timed_out;
    variant.tally.in_flight += run.tally.in_flight;
    variant.tally.deadline_misses += run.tally.deadline_misses;
  }
}

void addDetails(report::Variant& variant, RunResult run, std::size_t number) {
  if (number == 0) variant.events = std::move(run.events);
  for (const LatencyHistogram& histogram : run.histograms)
    if (histogram.scope == Scope::run) addBins(histogram.bins, variant.bins);
  for (const Series& one : run.series)
    variant.series[{one.name, one.scope, one.subject}].add(one.values);
  variant.runs[number].histograms = std::move(run.histograms);
}

}  // namespace

Metric metricOf(const StudyData& data) {
  const std::string& name = data.study.info.metric;
  const auto is = [&](const Metric& metric) { return metric.name == name; };
  const bool isKnown =
      name.starts_with(count_prefix) || std::ranges::any_of(comparison_metrics(), is);
  return metric_named(isKnown ? name : "p99");
}

std::vector<std::size_t> StudyData::shown() const {
  std::vector<std::size_t> positions;
  for (std::size_t v = 0; v < variants().size(); ++v)
    if (isShown(v)) positions.push_back(v);
  return positions;
}

void addBins(const std::vector<HistogramBin>& bins, std::map<double, HistogramBin>& sums) {
  for (const HistogramBin& bin : bins) {
    HistogramBin& sum = sums[bin.low_s];
    sum = {.low_s = bin.low_s, .high_s = bin.high_s, .count = sum.count + bin.count};
  }
}

StudyData readStudy(const std::string& path) {
  StudyData data{.path = path};
  const ResultFile file(path, ResultFile::Mode::read);
  data.study.info = chosenStudy(file, data);
  std::vector<VariantRuns> variants = read_variants(file, data.study.info.scenario_hash);
  const std::vector<std::string> names = variant_names(variants);
  for (std::size_t i = 0; i < variants.size(); ++i) {
    report::Variant variant{.name = names[i], .chosen = variants[i].chosen};
    variant.runs = std::move(variants[i].runs);
    addTallies(variant);
    data.study.variants.push_back(std::move(variant));
  }
  if (data.study.info.name.empty())
    data.study.info.name = data.study.variants.front().runs.front().scenario;
  findRuns(data, file);
  return data;
}

void readDetails(StudyData& data) {
  const ResultFile file(data.path, ResultFile::Mode::read);
  for (std::size_t v = 0; v < data.runs.size(); ++v)
    for (std::size_t r = 0; r < data.runs[v].size(); ++r)
      addDetails(data.study.variants[v],
                 file.read_run(data.runs[v][r], ResultFile::Detail::timelines), r);
  data.hasDetails = true;
}

RunResult readRun(const StudyData& data, std::size_t variant, std::size_t run) {
  const ResultFile file(data.path, ResultFile::Mode::read);
  return file.read_run(data.runs.at(variant).at(run));
}

std::vector<Comparison> verdictsOf(const StudyData& data, const Metric& metric) {
  return compare_variants(variantRuns(data), data.study.info.baseline, metric);
}

std::string shellCommand(const StudyData& data) {
  return "evenkeel report " + data.path + " -o report.html";
}

}  // namespace evenkeel::gui

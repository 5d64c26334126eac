#include "sim/report/variants.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <set>

namespace evenkeel::report {
namespace {

std::vector<double> known_values(const std::vector<RunResult>& runs,
                                 const std::function<double(const RunResult&)>& value) {
  std::vector<double> values;
  for (const RunResult& run : runs) {
    const double one = value(run);
    if (!std::isnan(one)) values.push_back(one);
  }
  return values;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? no_value : sum / static_cast<double>(values.size());
}

Study& study_of(std::vector<Study>& studies, const RunResult& run) {
  for (Study& study : studies) {
    if (study.info.scenario_hash == run.scenario_hash) return study;
  }
  studies.push_back({.info = {.scenario_hash = run.scenario_hash, .name = run.scenario}});
  return studies.back();
}

Variant& variant_of(Study& study, const RunResult& run) {
  for (Variant& variant : study.variants) {
    if (variant.chosen == run.chosen) return variant;
  }
  study.variants.push_back({.chosen = run.chosen});
  return study.variants.back();
}

void add(Variant& variant, RunResult&& run) {
  if (variant.runs.empty()) variant.events = std::move(run.events);
  variant.tally.sent += run.tally.sent;
  variant.tally.completed += run.tally.completed;
  variant.tally.dropped += run.tally.dropped;
  variant.tally.timed_out += run.tally.timed_out;
  variant.tally.in_flight += run.tally.in_flight;
  variant.tally.deadline_misses += run.tally.deadline_misses;
  for (const LatencyHistogram& histogram : run.histograms) {
    if (histogram.scope != Scope::run) continue;
    for (const HistogramBin& bin : histogram.bins) {
      HistogramBin& sum = variant.bins[bin.low_s];
      sum = {.low_s = bin.low_s, .high_s = bin.high_s, .count = sum.count + bin.count};
    }
  }
  for (const Series& one : run.series) {
    variant.series[{one.name, one.scope, one.subject}].add(one.values);
  }
  run.series = {};
  run.histograms = {};
  run.requests = {};
  run.events = {};
  variant.runs.push_back(std::move(run));
}

/// "random"; or "policy random, rate 2 /s" where several settings vary.
void name_variants(Study& study) {
  std::map<std::string, std::set<std::string>> values;
  for (const Variant& variant : study.variants) {
    for (const auto& [path, value] : variant.chosen) values[path].insert(value);
  }
  std::vector<std::string> varied;
  for (const auto& [path, seen] : values) {
    const auto has = [&](const Variant& variant) { return variant.chosen.contains(path); };
    const bool everywhere = std::all_of(study.variants.begin(), study.variants.end(), has);
    if (seen.size() > 1 || !everywhere) varied.push_back(path);
  }
  for (Variant& variant : study.variants) {
    for (const std::string& path : varied) {
      const auto found = variant.chosen.find(path);
      const std::string value = found == variant.chosen.end() ? "as written" : found->second;
      if (!variant.name.empty()) variant.name += ", ";
      if (varied.size() > 1) variant.name += path.substr(path.rfind('.') + 1) + " ";
      variant.name += value;
    }
    if (variant.name.empty()) variant.name = study.info.name.empty() ? "run" : study.info.name;
    if (!variant.runs.empty())
      variant.name = variant.runs.front().mpc.labelled(std::move(variant.name));
  }
}

}  // namespace

void MeanSeries::add(const std::vector<double>& values) {
  if (values.size() > sums_.size()) {
    sums_.resize(values.size());
    counts_.resize(values.size());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    sums_[i] += values[i];
    ++counts_[i];
  }
}

std::vector<double> MeanSeries::values() const {
  std::vector<double> means;
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    means.push_back(counts_[i] > 0 ? sums_[i] / static_cast<double>(counts_[i]) : no_value);
  }
  return means;
}

double Variant::mean(const std::function<double(const RunResult&)>& value) const {
  return mean_of(known_values(runs, value));
}

double Variant::ci95(const std::function<double(const RunResult&)>& value) const {
  const std::vector<double> values = known_values(runs, value);
  if (values.size() < 2) return no_value;
  const double mean = mean_of(values);
  double deviations = 0;
  for (const double one : values) deviations += (one - mean) * (one - mean);
  const auto count = static_cast<double>(values.size());
  const boost::math::students_t distribution(count - 1);
  return boost::math::quantile(distribution, 0.975) * std::sqrt(deviations / (count - 1) / count);
}

std::vector<double> Variant::series_values(const std::string& series_name, Scope scope,
                                           const std::string& subject) const {
  const auto found = series.find({series_name, scope, subject});
  return found == series.end() ? std::vector<double>() : found->second.values();
}

std::vector<double> Variant::over_classes(const std::string& series_name) const {
  std::vector<double> sum;
  for (const ClassResult& part : runs.front().classes) {
    const auto values = series_values(series_name, Scope::request_class, part.name);
    sum.resize(std::max(sum.size(), values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) sum[i] += values[i];
  }
  return sum;
}

double Variant::lost_share() const {
  const std::uint64_t ended = tally.completed + tally.lost();
  if (ended == 0) return no_value;
  return static_cast<double>(tally.lost()) / static_cast<double>(ended);
}

double Variant::late_share() const {
  const std::uint64_t ended = tally.completed + tally.lost();
  if (ended == 0) return no_value;
  return static_cast<double>(tally.deadline_misses) / static_cast<double>(ended);
}

std::vector<Study> gather(const ResultFile& file) {
  std::vector<Study> studies;
  for (StudyInfo& info : file.studies()) studies.push_back({.info = std::move(info)});
  for (const std::int64_t run : file.runs()) {
    RunResult result = file.read_run(run);
    Variant& variant = variant_of(study_of(studies, result), result);
    add(variant, std::move(result));
  }
  for (Study& study : studies) name_variants(study);
  return studies;
}

}  // namespace evenkeel::report

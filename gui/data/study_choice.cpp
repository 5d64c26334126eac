#include "gui/data/study_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/metrics/latency_bins.h"

namespace evenkeel::gui {
namespace {

void add(Tally& sum, const Tally& one) {
  sum.sent += one.sent;
  sum.completed += one.completed;
  sum.dropped += one.dropped;
  sum.timed_out += one.timed_out;
  sum.in_flight += one.in_flight;
  sum.deadline_misses += one.deadline_misses;
}

std::vector<HistogramBin> binsOf(const std::vector<LatencyHistogram>& histograms) {
  std::map<double, HistogramBin> sums;
  for (const LatencyHistogram& histogram : histograms) addBins(histogram.bins, sums);
  std::vector<HistogramBin> bins;
  for (const auto& [low, bin] : sums) bins.push_back(bin);
  return bins;
}

/// Mean values of the whole, of those of its parts, by how many requests each completed.
struct WeightedMean {
  double sum = 0, weight = 0;

  void add(double value, std::uint64_t count) {
    if (count == 0 || std::isnan(value)) return;
    sum += value * static_cast<double>(count);
    weight += static_cast<double>(count);
  }
  double value() const { return weight > 0 ? sum / weight : no_value; }
};

LatencySummary latencyOf(const RunResult& run) {
  LatencySummary all = summarise_bins(binsOf(run.histograms));
  all.samples = 0;
  WeightedMean mean;
  for (const ClassResult& part : run.classes) {
    mean.add(part.latency.mean, part.latency.samples);
    all.samples += part.latency.samples;
    all.max = std::fmax(all.max, part.latency.max);
  }
  all.mean = mean.value();
  return all;
}

PhaseMeans phasesOf(const RunResult& run) {
  PhaseMeans all;
  constexpr std::array fields = {&PhaseMeans::decision, &PhaseMeans::network, &PhaseMeans::queue,
                                 &PhaseMeans::compute, &PhaseMeans::reply};
  for (const auto field : fields) {
    WeightedMean mean;
    for (const ClassResult& part : run.classes) mean.add(part.phases.*field, part.latency.samples);
    all.*field = mean.value();
  }
  return all;
}

void keepClasses(report::Variant& variant, const std::set<std::string>& classes) {
  variant.tally = {};
  variant.bins.clear();
  for (RunResult& run : variant.runs) {
    run = ofClasses(std::move(run), classes);
    add(variant.tally, run.tally);
    for (const LatencyHistogram& histogram : run.histograms) addBins(histogram.bins, variant.bins);
  }
  std::erase_if(variant.series, [&](const auto& entry) {
    const auto& [name, scope, subject] = entry.first;
    return scope == Scope::request_class && !classes.contains(subject);
  });
}

}  // namespace

std::vector<std::string> classesOf(const StudyData& data) {
  std::vector<std::string> names;
  for (const report::Variant& variant : data.variants())
    for (const RunResult& run : variant.runs)
      for (const ClassResult& part : run.classes)
        if (std::ranges::find(names, part.name) == names.end()) names.push_back(part.name);
  return names;
}

StudyChoice within(StudyChoice choice, const StudyData& data) {
  const std::vector<std::string> classes = classesOf(data);
  std::erase_if(choice.classes, [&](const std::string& name) {
    return std::ranges::find(classes, name) == classes.end();
  });
  const std::size_t variants = data.variants().size();
  std::erase_if(choice.variants, [&](std::size_t variant) { return variant >= variants; });
  if (choice.classes.size() == classes.size()) choice.classes.clear();
  if (choice.variants.size() == variants) choice.variants.clear();
  return choice;
}

RunResult ofClasses(RunResult run, const std::set<std::string>& classes) {
  if (classes.empty()) return run;
  std::erase_if(run.classes, [&](const ClassResult& part) { return !classes.contains(part.name); });
  std::erase_if(run.histograms, [&](const LatencyHistogram& one) {
    return one.scope != Scope::request_class || !classes.contains(one.subject);
  });
  run.tally = {};
  run.throughput = run.goodput = 0;
  for (const ClassResult& part : run.classes) {
    add(run.tally, part.tally);
    run.throughput += part.throughput;
    run.goodput += part.goodput;
  }
  const bool isOne = run.classes.size() == 1;
  run.latency = isOne ? run.classes.front().latency : latencyOf(run);
  run.phases = isOne ? run.classes.front().phases : phasesOf(run);
  return run;
}

std::shared_ptr<const StudyData> chosenOf(std::shared_ptr<const StudyData> data,
                                          const StudyChoice& wanted) {
  const StudyChoice choice = within(wanted, *data);
  if (choice == StudyChoice{}) return data;
  auto chosen = std::make_shared<StudyData>(*data);
  if (!choice.classes.empty())
    for (report::Variant& variant : chosen->study.variants) keepClasses(variant, choice.classes);
  chosen->classes = choice.classes;
  if (choice.variants.empty()) return chosen;
  chosen->shownOnly = choice.variants;
  auto shown = std::make_shared<report::Study>(report::Study{.info = chosen->study.info});
  for (const std::size_t v : choice.variants) shown->variants.push_back(chosen->study.variants[v]);
  chosen->shownStudy = std::move(shown);
  return chosen;
}

std::string listed(const std::set<std::string>& names) {
  constexpr std::size_t mostNamed = 3;
  std::string text;
  std::size_t place = 0;
  const bool isCut = names.size() > mostNamed;
  for (const std::string& name : names) {
    if (isCut && place == mostNamed - 1)
      return text + fmt::format(" and {} more", names.size() - place);
    if (place > 0) text += place + 1 == names.size() ? " and " : ", ";
    text += name;
    ++place;
  }
  return text;
}

void noteClasses(const std::set<std::string>& classes, PlotSpec& spec) {
  if (classes.empty() || spec.isEmpty()) return;
  spec.notes.push_back(spec.isByClass ? fmt::format("Only requests of {}.", listed(classes))
                                      : "Not known by class: of all classes together.");
}

bool isByClass(const std::string& metric) {
  constexpr std::array byClass = {
      "mean",       "p50",     "p90",  "p95",     "p99",       "p999",           "max",
      "throughput", "goodput", "lost", "dropped", "timed_out", "deadline_misses"};
  return std::ranges::find(byClass, metric) != byClass.end();
}

}  // namespace evenkeel::gui

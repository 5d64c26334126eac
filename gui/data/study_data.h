// A study as the window knows it: what the result file says, read in two steps, so that the verdict
// is on the screen before the last histogram is read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/report/variants.h"
#include "sim/study/comparison.h"

namespace evenkeel::gui {

struct StudyData {
  std::string path = {};
  report::Study study = {};                          // of the file's first study that has runs
  std::vector<std::vector<std::int64_t>> runs = {};  // numbers in the file, by variant and seed
  bool hasDetails = false;                           // histograms, series and events
  std::size_t otherStudies = 0;                      // in the same file, not shown

  // What chosenOf() has left of it.
  std::set<std::size_t> shownOnly = {};  // variants by position; empty: all
  std::set<std::string> classes = {};    // of requests; empty: all
  std::shared_ptr<const report::Study> shownStudy = {};

  const std::vector<report::Variant>& variants() const { return study.variants; }
  bool isShown(std::size_t variant) const {
    return shownOnly.empty() || shownOnly.contains(variant);
  }
  /// The positions of the variants that plots draw; a position is an ink too.
  std::vector<std::size_t> shown() const;
  /// As a report would have it, of the shown variants.
  const report::Study& reported() const { return shownStudy ? *shownStudy : study; }
};

/// Scalars only. UserError as ResultFile throws it; a file without a study is a UserError too.
StudyData readStudy(const std::string& path);
/// Histograms, series and events of all runs, one run at a time; runs keep their histograms.
void readDetails(StudyData& data);
/// One run whole.
RunResult readRun(const StudyData& data, std::size_t variant, std::size_t run);

/// The metric that the study judges by; p99 where it names none that there is.
Metric metricOf(const StudyData& data);
/// What may be concluded, by a metric of metric_named().
std::vector<Comparison> verdictsOf(const StudyData& data, const Metric& metric);
/// Adds to the bins with the same lower bound.
void addBins(const std::vector<HistogramBin>& bins, std::map<double, HistogramBin>& sums);
/// What shows the same numbers without a window.
std::string shellCommand(const StudyData& data);

}  // namespace evenkeel::gui

// What a report knows of a study: the runs of each variant (all seeds of one choice of values),
// taken together.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sim/metrics/result_file.h"

namespace evenkeel::report {

/// Bucket by bucket, the mean over runs of those that have a value.
class MeanSeries {
 public:
  void add(const std::vector<double>& values);
  std::vector<double> values() const;

 private:
  std::vector<double> sums_;
  std::vector<std::size_t> counts_;
};

struct Variant {
  std::string name = {};
  std::map<std::string, std::string> chosen = {};
  std::vector<RunResult> runs = {};          // without series, histograms, requests and events
  Tally tally = {};                          // summed over runs
  std::map<double, HistogramBin> bins = {};  // by lower bound, summed over runs
  std::map<std::tuple<std::string, Scope, std::string>, MeanSeries> series = {};
  std::vector<RunEvent> events = {};  // of the first run

  /// Mean over the runs that have the value; NaN if none has.
  double mean(const std::function<double(const RunResult&)>& value) const;
  /// Half width of its 95 % interval over runs (Student t); NaN below two runs.
  double ci95(const std::function<double(const RunResult&)>& value) const;
  std::vector<double> series_values(const std::string& name, Scope scope,
                                    const std::string& subject) const;
  /// Bucket by bucket, the sum over the classes of requests.
  std::vector<double> over_classes(const std::string& name) const;
  double lost_share() const;
  double late_share() const;
};

struct Study {
  StudyInfo info = {};
  std::vector<Variant> variants = {};  // in the order of their first runs
};

/// One a scenario. Reads one run at a time.
std::vector<Study> gather(const ResultFile& file);

}  // namespace evenkeel::report

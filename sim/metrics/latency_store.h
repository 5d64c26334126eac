// The latencies of completed requests: one by one up to a limit, in log buckets beyond it; in both
// cases such that a warm-up can be cut off afterwards, at the start of a slice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/metrics/batch_means.h"
#include "sim/metrics/latency_bins.h"

namespace evenkeel {

class LatencyStore {
 public:
  LatencyStore(std::size_t classes, std::size_t sites, std::size_t slices, std::uint64_t limit);

  /// In the order in which the requests ended.
  void add(std::uint32_t request_class, std::uint32_t site, std::size_t slice, Time sent,
           Time ended);

  bool exact() const { return exact_; }
  /// Batch means of all latencies in the order of ending; MSER-5 runs on them.
  const BatchMeans& batches() const { return batches_; }

  struct Part {
    LatencySummary summary;  // mean and max are left to the caller's exact sums
    std::vector<HistogramBin> bins;
  };
  struct Summaries {
    Part all;
    std::vector<Part> classes;
    std::vector<Part> sites;  // without bins
  };
  /// Of requests sent at `from` or later, which is the start of slice `first`.
  Summaries summarise(std::size_t first, Time from) const;

 private:
  struct Sample {
    std::int64_t latency;
    Time sent;
    std::uint32_t request_class;
    std::uint32_t site;
    std::uint32_t slice;
  };
  using Counts = std::vector<std::optional<LatencyCounts>>;  // by slice, then class or site

  void spill();
  void fill(const Sample& sample);
  Summaries summarise_exact(Time from) const;
  Summaries summarise_counts(std::size_t first, Time from) const;

  std::size_t classes_;
  std::size_t sites_;
  std::size_t slices_;
  std::uint64_t limit_;
  bool exact_ = true;
  std::vector<Sample> samples_;  // while exact
  Counts class_counts_;          // from then on
  Counts site_counts_;
  BatchMeans batches_;
  std::vector<BatchMeans> class_batches_;
};

}  // namespace evenkeel

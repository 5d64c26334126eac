#include "sim/metrics/latency_bins.h"

#include <cmath>
#include <span>

namespace evenkeel {
namespace {

/// The middle of the bin that holds the value of rank ceil(p n).
double bin_percentile(std::span<const HistogramBin> bins, std::uint64_t total, double p) {
  const auto rank = static_cast<std::uint64_t>(std::ceil(p * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (const HistogramBin& bin : bins) {
    seen += bin.count;
    if (seen >= rank) return (bin.low_s + bin.high_s) / 2;
  }
  return no_value;
}

}  // namespace

std::vector<HistogramBin> filled_bins(const LatencyCounts& counts) {
  std::vector<HistogramBin> bins;
  for (int i = 0; i < LatencyAxis::size(); ++i) {
    const auto count = static_cast<std::uint64_t>(double{counts.at(i)});
    if (count == 0) continue;
    bins.push_back({.low_s = to_seconds(Duration{LatencyAxis::low(i)}),
                    .high_s = to_seconds(Duration{LatencyAxis::low(i + 1)}),
                    .count = count});
  }
  return bins;
}

LatencySummary summarise_bins(std::span<const HistogramBin> bins) {
  LatencySummary summary;
  for (const HistogramBin& bin : bins) summary.samples += bin.count;
  summary.p50 = bin_percentile(bins, summary.samples, 0.5);
  summary.p90 = bin_percentile(bins, summary.samples, 0.9);
  summary.p95 = bin_percentile(bins, summary.samples, 0.95);
  summary.p99 = bin_percentile(bins, summary.samples, 0.99);
  summary.p999 = bin_percentile(bins, summary.samples, 0.999);
  return summary;
}

}  // namespace evenkeel

// Log buckets for latencies, without a logarithm: 64 bins to each doubling, so that the middle of a
// bin is off by less than 0.8 %, and the same bin on every machine. Below 64 ns a bin is 1 ns.
#pragma once

#include <bit>
#include <boost/histogram.hpp>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "sim/metrics/run_result.h"

namespace evenkeel {

/// An axis for Boost.Histogram, over nanoseconds. Above 78 hours all is one: the last bin.
class LatencyAxis {
 public:
  int index(std::int64_t ns) const {
    if (ns < per_doubling) return ns < 0 ? 0 : static_cast<int>(ns);
    const int shift =
        static_cast<int>(std::bit_width(static_cast<std::uint64_t>(ns))) - 1 - log2_per_doubling;
    if (shift >= doublings) return size() - 1;
    return static_cast<int>((shift << log2_per_doubling) + (ns >> shift));
  }
  /// The first value of a bin.
  static std::int64_t low(int bin) {
    if (bin < per_doubling) return bin;
    const int shift = (bin >> log2_per_doubling) - 1;
    return static_cast<std::int64_t>(per_doubling + (bin & (per_doubling - 1))) << shift;
  }
  std::int64_t value(int bin) const { return low(bin); }
  static constexpr int size() { return (doublings + 1) << log2_per_doubling; }
  static constexpr bool inclusive() { return true; }
  bool operator==(const LatencyAxis&) const { return true; }

 private:
  static constexpr int log2_per_doubling = 6;
  static constexpr int per_doubling = 1 << log2_per_doubling;
  static constexpr int doublings = 42;
};

/// One byte a bin until a bin needs more.
using LatencyCounts =
    boost::histogram::histogram<std::tuple<LatencyAxis>, boost::histogram::unlimited_storage<>>;

inline LatencyCounts no_latencies() {
  return LatencyCounts(std::tuple<LatencyAxis>{}, boost::histogram::unlimited_storage<>{});
}

/// Only the bins that hold any.
std::vector<HistogramBin> filled_bins(const LatencyCounts& counts);

/// Percentiles by rank, as the middle of their bin; `max` and `mean` are left open.
LatencySummary summarise_bins(std::span<const HistogramBin> bins);

}  // namespace evenkeel

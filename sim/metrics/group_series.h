// What happened to the requests of each class and each site, bucket by bucket: sent (by the instant
// of sending), completed, lost and latencies (by the instant of ending).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/runtime/probe.h"
#include "models/runtime/random.h"
#include "sim/metrics/run_result.h"

namespace evenkeel {

/// A bucket's p50 and p99 are exact up to 2^18 requests in it, and of a uniform sample beyond.
class GroupSeries {
 public:
  GroupSeries(std::size_t classes, std::size_t sites, std::size_t buckets, std::uint64_t seed);

  void sent(std::size_t bucket, std::uint32_t request_class, std::uint32_t site) {
    ++cell(bucket, request_class).sent;
    ++cell(bucket, classes_ + site).sent;
  }
  void ended(std::size_t bucket, const RequestRecord& record);
  /// A bucket is over: its percentiles can be taken. Any number of times.
  void close(std::size_t bucket);

  /// Appends the series of every class and site: sent_rate, completed_rate, lost_rate (1/s),
  /// latency_mean, latency_p50, latency_p99 (s).
  void append_to(std::vector<Series>& series, const std::vector<std::string>& class_names,
                 const std::vector<std::string>& site_names,
                 const std::vector<double>& bucket_seconds) const;

 private:
  struct Cell {
    std::int64_t latency_sum = 0;
    std::uint32_t sent = 0;
    std::uint32_t completed = 0;
    std::uint32_t lost = 0;
    float p50 = 0;
    float p99 = 0;
  };
  struct Sample {
    std::int64_t latency;
    std::uint32_t request_class;
    std::uint32_t site;
  };

  Cell& cell(std::size_t bucket, std::size_t group) { return cells_[bucket * groups_ + group]; }
  void keep(const RequestRecord& record);
  template <class GroupOf>
  void take_percentiles(std::size_t bucket, std::size_t first, std::size_t count, GroupOf group_of);
  void append_group(std::vector<Series>& series, std::size_t group, Scope scope,
                    const std::string& subject, const std::vector<double>& bucket_seconds) const;

  std::size_t classes_;
  std::size_t sites_;
  std::size_t groups_;
  std::vector<Cell> cells_;      // by bucket, then group: classes first, then sites
  std::vector<Sample> samples_;  // of the open bucket
  std::uint64_t offered_ = 0;
  Random random_;
};

}  // namespace evenkeel

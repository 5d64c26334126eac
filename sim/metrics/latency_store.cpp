#include "sim/metrics/latency_store.h"

#include "sim/metrics/statistics.h"

namespace evenkeel {
namespace {

/// The sum over slices from `first` on of one of `width` histograms.
LatencyCounts sum_from(const std::vector<std::optional<LatencyCounts>>& counts, std::size_t first,
                       std::size_t width, std::size_t which) {
  LatencyCounts sum = no_latencies();
  for (std::size_t i = first * width + which; i < counts.size(); i += width) {
    if (counts[i]) sum += *counts[i];
  }
  return sum;
}

LatencyStore::Part part_of(std::vector<std::int64_t>& latencies, bool with_bins) {
  LatencyStore::Part part;
  if (with_bins) {
    part.summary.ci95_mean =
        batch_means_ci95(std::vector<double>(latencies.begin(), latencies.end())) * 1e-9;
    LatencyCounts counts = no_latencies();
    for (const std::int64_t latency : latencies) counts(latency);
    part.bins = filled_bins(counts);
  }
  const double interval = part.summary.ci95_mean;
  part.summary = summarise_latencies(latencies);
  part.summary.ci95_mean = interval;
  return part;
}

LatencyStore::Part part_of(const LatencyCounts& counts, const BatchMeans* batches, Time from) {
  LatencyStore::Part part;
  std::vector<HistogramBin> bins = filled_bins(counts);
  part.summary = summarise_bins(bins);
  if (!batches) return part;
  part.summary.ci95_mean = batch_means_ci95(batches->means(from)) * 1e-9;
  part.bins = std::move(bins);
  return part;
}

}  // namespace

LatencyStore::LatencyStore(std::size_t classes, std::size_t sites, std::size_t slices,
                           std::uint64_t limit)
    : classes_(classes), sites_(sites), slices_(slices), limit_(limit), class_batches_(classes) {}

void LatencyStore::add(std::uint32_t request_class, std::uint32_t site, std::size_t slice,
                       Time sent, Time ended) {
  const Sample sample{(ended - sent).count(), sent, request_class, site,
                      static_cast<std::uint32_t>(slice)};
  batches_.add(sample.latency, ended);
  class_batches_[request_class].add(sample.latency, ended);
  if (exact_ && samples_.size() == limit_) spill();
  if (exact_) {
    samples_.push_back(sample);
  } else {
    fill(sample);
  }
}

void LatencyStore::spill() {
  exact_ = false;
  class_counts_.resize(slices_ * classes_);
  site_counts_.resize(slices_ * sites_);
  for (const Sample& sample : samples_) fill(sample);
  samples_ = {};
}

void LatencyStore::fill(const Sample& sample) {
  auto& of_class = class_counts_[sample.slice * classes_ + sample.request_class];
  auto& of_site = site_counts_[sample.slice * sites_ + sample.site];
  if (!of_class) of_class = no_latencies();
  if (!of_site) of_site = no_latencies();
  (*of_class)(sample.latency);
  (*of_site)(sample.latency);
}

LatencyStore::Summaries LatencyStore::summarise(std::size_t first, Time from) const {
  return exact_ ? summarise_exact(from) : summarise_counts(first, from);
}

LatencyStore::Summaries LatencyStore::summarise_exact(Time from) const {
  std::vector<std::int64_t> all;
  std::vector<std::vector<std::int64_t>> by_class(classes_);
  std::vector<std::vector<std::int64_t>> by_site(sites_);
  for (const Sample& sample : samples_) {
    if (sample.sent < from) continue;
    all.push_back(sample.latency);
    by_class[sample.request_class].push_back(sample.latency);
    by_site[sample.site].push_back(sample.latency);
  }
  Summaries result;
  result.all = part_of(all, true);
  for (auto& latencies : by_class) result.classes.push_back(part_of(latencies, true));
  for (auto& latencies : by_site) result.sites.push_back(part_of(latencies, false));
  return result;
}

LatencyStore::Summaries LatencyStore::summarise_counts(std::size_t first, Time from) const {
  Summaries result;
  LatencyCounts all = no_latencies();
  for (std::size_t c = 0; c < classes_; ++c) {
    const LatencyCounts counts = sum_from(class_counts_, first, classes_, c);
    result.classes.push_back(part_of(counts, &class_batches_[c], from));
    all += counts;
  }
  result.all = part_of(all, &batches_, from);
  for (std::size_t s = 0; s < sites_; ++s) {
    result.sites.push_back(part_of(sum_from(site_counts_, first, sites_, s), nullptr, from));
  }
  return result;
}

}  // namespace evenkeel

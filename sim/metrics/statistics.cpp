// Each formula once, in the form that its source prints.
#include "sim/metrics/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr std::size_t batch_count = 30;

/// The p-quantile of `values`, of which those before `sorted_to` are the smallest already.
double quantile_from(std::span<std::int64_t> values, std::size_t sorted_to, double p) {
  const double rank = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(sorted_to), at, values.end());
  const auto low = static_cast<double>(*at);
  if (below + 1 == values.size()) return low;
  const auto high = static_cast<double>(*std::min_element(at + 1, values.end()));
  return low + (rank - static_cast<double>(below)) * (high - low);
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squared_deviations(std::span<const double> values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

}  // namespace

double percentile(std::span<std::int64_t> values, double p) {
  EVENKEEL_CHECK(p >= 0 && p <= 1, "a percentile outside 0..1");
  return values.empty() ? no_value : quantile_from(values, 0, p);
}

LatencySummary summarise_latencies(std::span<std::int64_t> latencies) {
  LatencySummary summary;
  summary.samples = latencies.size();
  if (latencies.empty()) return summary;
  const auto sum = std::accumulate(latencies.begin(), latencies.end(), std::int64_t{0});
  summary.mean = static_cast<double>(sum) / static_cast<double>(latencies.size()) * 1e-9;
  std::size_t sorted_to = 0;
  const auto next = [&](double p) {  // rising p: what lies below the last one is out of the way
    const double value = quantile_from(latencies, sorted_to, p);
    sorted_to = static_cast<std::size_t>(p * static_cast<double>(latencies.size() - 1));
    return value * 1e-9;
  };
  summary.p50 = next(0.5);
  summary.p90 = next(0.9);
  summary.p95 = next(0.95);
  summary.p99 = next(0.99);
  summary.p999 = next(0.999);
  summary.max = next(1);
  return summary;
}

double batch_means_ci95(std::span<const double> values) {
  const std::size_t size = values.size() / batch_count;
  if (size < 2) return no_value;
  values = values.last(size * batch_count);
  std::vector<double> means(batch_count);
  for (std::size_t i = 0; i < batch_count; ++i) means[i] = mean_of(values.subspan(i * size, size));
  const double deviations = squared_deviations(means, mean_of(means));
  constexpr auto batches = static_cast<double>(batch_count);
  const boost::math::students_t distribution(batches - 1);
  return boost::math::quantile(distribution, 0.975) *
         std::sqrt(deviations / (batches - 1) / batches);
}

Truncation mser(std::span<const double> batch_means) {
  const std::size_t count = batch_means.size();
  Truncation best;
  double least = std::numeric_limits<double>::infinity();
  double mean = 0;
  double deviations = 0;  // Welford's recurrence, from the last batch to the first
  for (std::size_t d = count; d-- > 0;) {
    const auto kept = static_cast<double>(count - d);
    const double step = batch_means[d] - mean;
    mean += step / kept;
    deviations += step * (batch_means[d] - mean);
    const double statistic = deviations / (kept * kept);
    if (d > count / 2 || statistic > least) continue;
    least = statistic;
    best.batches = d;
  }
  best.doubtful = count > 1 && best.batches == count / 2;
  return best;
}

Imbalance imbalance_of(std::span<const double> loads) {
  if (loads.empty()) return {};
  const double mean = mean_of(loads);
  if (!(mean > 0)) return {};
  const auto count = static_cast<double>(loads.size());
  const double squares = std::inner_product(loads.begin(), loads.end(), loads.begin(), 0.0);
  return {.max_over_mean = *std::max_element(loads.begin(), loads.end()) / mean,
          .cv = std::sqrt(squared_deviations(loads, mean) / count) / mean,
          .jain = mean * mean * count / squares};
}

}  // namespace evenkeel

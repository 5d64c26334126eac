#include "sim/study/statistics.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

constexpr std::size_t resamples = 10'000;
constexpr std::size_t least_resampled = 8;
constexpr std::size_t most_more = 10'000;

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double deviation(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// Student's 97.5 % point for n values.
double t_point(std::size_t n) {
  const boost::math::students_t distribution(static_cast<double>(n - 1));
  return boost::math::quantile(distribution, 0.975);
}

double half_width(double deviation, std::size_t n) {
  return t_point(n) * deviation / std::sqrt(static_cast<double>(n));
}

/// Means of values drawn with replacement, in rising order.
std::vector<double> resampled_means(std::span<const double> values) {
  Random random = Random::stream(0, "bootstrap", values.size());
  std::vector<double> means(resamples);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    mean = sum / static_cast<double>(values.size());
  }
  std::ranges::sort(means);
  return means;
}

}  // namespace

Estimate t_estimate(std::span<const double> values) {
  Estimate estimate{.values = values.size()};
  if (values.empty()) return estimate;
  estimate.mean = mean_of(values);
  if (values.size() < 2) return estimate;
  const double half = half_width(deviation(values), values.size());
  estimate.low = estimate.mean - half;
  estimate.high = estimate.mean + half;
  return estimate;
}

Estimate bootstrap_estimate(std::span<const double> values) {
  if (values.size() < least_resampled) return t_estimate(values);
  const std::vector<double> means = resampled_means(values);
  const auto n = static_cast<double>(values.size());
  const double tail =
      boost::math::cdf(boost::math::normal(), -std::sqrt(n / (n - 1)) * t_point(values.size()));
  const auto cut = static_cast<std::size_t>(tail * static_cast<double>(resamples));
  return {.mean = mean_of(values),
          .low = means[cut],
          .high = means[resamples - 1 - cut],
          .values = values.size()};
}

std::optional<std::size_t> more_to_decide(std::span<const double> differences, double margin) {
  if (differences.size() < 2) return std::nullopt;
  const double mean = std::abs(mean_of(differences));
  const double spread = deviation(differences);
  const double needed = std::max(mean, margin - mean);
  for (std::size_t more = 1; more <= most_more; ++more)
    if (half_width(spread, differences.size() + more) < needed) return more;
  return std::nullopt;
}

}  // namespace evenkeel

#include "sim/report/charts_common.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

using Make = std::optional<Chart> (*)(const Study&);
constexpr std::array<std::pair<std::string_view, Make>, 13> makers = {{
    {"latency_cdf", latency_cdf},
    {"latency_ccdf", latency_ccdf},
    {"percentiles", percentiles},
    {"phases", phases},
    {"p99_by_site", p99_by_site},
    {"utilisation_heat_map", utilisation_heat_map},
    {"queue_heat_map", queue_heat_map},
    {"load_over_time", load_over_time},
    {"latency_over_time", latency_over_time},
    {"imbalance", imbalance},
    {"energy", energy_used},
    {"events", events},
    {"privacy_strategies", privacy_strategies},
}};

template <class Value>
double largest(const Study& study, Value value) {
  double result = 0;
  for (const Variant& variant : study.variants) {
    for (const RunResult& run : variant.runs) result = std::max(result, value(run));
  }
  return result;
}

}  // namespace

std::optional<Chart> make_chart(std::string_view name, const Study& study) {
  for (const auto& [known, make] : makers) {
    if (known == name) return make(study);
  }
  return std::nullopt;
}

std::size_t drawn_variants(const Study& study) {
  return std::min(study.variants.size(), most_curves);
}

std::vector<LegendEntry> variant_legend(const Study& study) {
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < drawn_variants(study); ++i) {
    legend.push_back({study.variants[i].name, series_ink(i)});
  }
  return legend;
}

bool any_completed(const Study& study) {
  return std::any_of(study.variants.begin(), study.variants.end(),
                     [](const Variant& variant) { return !variant.bins.empty(); });
}

std::vector<std::string> variant_names(const Study& study) {
  std::vector<std::string> names;
  for (const Variant& variant : study.variants) names.push_back(variant.name);
  return names;
}

Axis time_axis(const std::vector<double>& seconds, const std::string& label) {
  double low = HUGE_VAL;
  double high = 0;
  for (const double value : seconds) {
    if (!(value > 0) || std::isinf(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (high == 0) return {Scale::log(1e-3, 1), label, time};
  return {Scale::log(low, high), label, time};
}

Axis clock_axis(double duration_s) {
  const double unit = duration_s > 2 * 86400 ? 86400
                      : duration_s > 7200    ? 3600
                      : duration_s > 180     ? 60
                                             : 1;
  const char* name = unit == 86400  ? "days"
                     : unit == 3600 ? "hours"
                     : unit == 60   ? "minutes"
                                    : "seconds";
  // Round values of the unit, not of seconds: the scale is made in units and then stretched.
  return {Scale::linear(0, duration_s / unit, 8).times(unit),
          fmt::format("time since the start, {}", name),
          [unit](double value) { return plain(value / unit); }};
}

double warm_up_of(const Study& study) {
  return largest(study, [](const RunResult& run) { return run.warm_up_s; });
}

double duration_of(const Study& study) {
  return largest(study, [](const RunResult& run) { return run.duration_s; });
}

double bucket_of(const Variant& variant) {
  return variant.runs.empty() ? 0 : variant.runs.front().bucket_s;
}

}  // namespace evenkeel::report

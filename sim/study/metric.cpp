#include "sim/study/metric.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/runtime/user_error.h"
#include "sim/scenario/mistake.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {
namespace {

constexpr double share_margin = 0.001;  // 0.1 percentage points

double share(std::uint64_t part, const Tally& tally) {
  const std::uint64_t ended = tally.completed + tally.lost();
  return ended == 0 ? no_value : static_cast<double>(part) / static_cast<double>(ended);
}

double bytes_sent(const RunResult& run) {
  double sum = 0;
  for (const LinkResult& link : run.links) sum += link.bytes;
  return sum;
}

using Run = const RunResult&;

const std::array<Metric, 17> metrics = {{
    {"mean", "s", "mean latency", false, false, 0, [](Run r) { return r.latency.mean; }},
    {"p50", "s", "50 % of requests", false, true, 0, [](Run r) { return r.latency.p50; }},
    {"p90", "s", "90 % of requests", false, true, 0, [](Run r) { return r.latency.p90; }},
    {"p95", "s", "95 % of requests", false, true, 0, [](Run r) { return r.latency.p95; }},
    {"p99", "s", "99 % of requests", false, true, 0, [](Run r) { return r.latency.p99; }},
    {"p999", "s", "99.9 % of requests", false, true, 0, [](Run r) { return r.latency.p999; }},
    {"max", "s", "all requests", false, true, 0, [](Run r) { return r.latency.max; }},
    {"throughput", "1/s", "requests completed", true, false, 0, [](Run r) { return r.throughput; }},
    {"goodput", "1/s", "requests completed in time", true, false, 0,
     [](Run r) { return r.goodput; }},
    {"lost", "share", "share of requests lost", false, false, share_margin, lost_share},
    {"dropped", "share", "share of requests dropped", false, false, share_margin,
     [](Run r) { return share(r.tally.dropped, r.tally); }},
    {"timed_out", "share", "share of requests timed out", false, false, share_margin,
     [](Run r) { return share(r.tally.timed_out, r.tally); }},
    {"deadline_misses", "share", "share of requests late", false, false, share_margin, late_share},
    {"imbalance", "", "load of the busiest node over the mean", false, false, 0,
     [](Run r) { return r.imbalance_utilisation.max_over_mean; }},
    {"energy", "J", "energy", false, false, 0, [](Run r) { return r.energy_j; }},
    {"cost", "EUR", "cost", false, false, 0, [](Run r) { return r.price; }},
    {"network_bytes", "bytes", "bytes on all links", false, false, 0, bytes_sent},
}};

// Of runs that counted none it is 0.
Metric count_metric(std::string_view count) {
  const bool is_bytes = count.find("bytes") != std::string_view::npos;
  return {.name = std::string{count},
          .unit = is_bytes ? "bytes" : "",
          .said = std::string{count},
          .value = [name = std::string{count}](Run r) { return total_of(r, name); }};
}

}  // namespace

double total_of(const RunResult& run, std::string_view count) {
  const auto found = std::ranges::find(run.counts, count, &CountResult::name);
  return found == run.counts.end() ? 0 : found->total;
}

double lost_share(const RunResult& run) { return share(run.tally.lost(), run.tally); }
double late_share(const RunResult& run) { return share(run.tally.deadline_misses, run.tally); }

double highest_utilisation(const RunResult& run) {
  double highest = no_value;
  for (const NodeResult& node : run.nodes)
    if (node.serves && !(node.utilisation <= highest)) highest = node.utilisation;
  return highest;
}

std::span<const Metric> comparison_metrics() { return metrics; }

Metric metric_named(std::string_view name) {
  if (name.starts_with(count_prefix)) return count_metric(name.substr(count_prefix.size()));
  const auto found = std::ranges::find(metrics, name, &Metric::name);
  if (found != metrics.end()) return *found;
  std::vector<std::string> names;
  for (const Metric& metric : metrics) names.push_back(metric.name);
  throw UserError("no metric '" + std::string(name) + "'" + suggestion(name, names));
}

}  // namespace evenkeel

// The end of a run: the warm-up is cut off, the laws are checked, the sums become a RunResult.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/runtime/check.h"
#include "sim/metrics/run_recorder_state.h"
#include "sim/metrics/statistics.h"

namespace evenkeel {
namespace {

/// Where counting begins: the start of a slice.
struct Cut {
  std::size_t slice = 0;
  Time at{};
  bool doubtful = false;
};

Cut find_cut(const RecorderSettings& settings, const TimeGrid& grid, const BatchMeans& batches) {
  if (!settings.mser5) return {.slice = 0, .at = grid.counts_from()};
  const Truncation found = mser(batches.means());
  const Time settled = found.batches > 0 ? batches.start(found.batches) : Time::zero();
  const std::size_t slice = grid.slice_from(settled);
  return {.slice = slice, .at = grid.slice_start(slice), .doubtful = found.doubtful};
}

/// The sums over all slices from the cut on, of one of `width` classes or sites.
Sums sum_slices(const std::vector<Sums>& by_slice, std::size_t first, std::size_t width,
                std::size_t which) {
  Sums total;
  for (std::size_t i = first * width + which; i < by_slice.size(); i += width) {
    const Sums& slice = by_slice[i];
    total.sent += slice.sent;
    total.completed += slice.completed;
    total.dropped += slice.dropped;
    total.timed_out += slice.timed_out;
    total.deadline_misses += slice.deadline_misses;
    total.slowest = std::max(total.slowest, slice.slowest);
    for (std::size_t p = 0; p < phase_count; ++p) total.phases[p] += slice.phases[p];
  }
  return total;
}

Tally tally_of(const Sums& sums) {
  const std::uint64_t ended = sums.completed + sums.dropped + sums.timed_out;
  EVENKEEL_CHECK(ended <= sums.sent, "more requests ended than were sent");
  return {.sent = sums.sent,
          .completed = sums.completed,
          .dropped = sums.dropped,
          .timed_out = sums.timed_out,
          .in_flight = sums.sent - ended,
          .deadline_misses = sums.deadline_misses};
}

PhaseMeans phases_of(const Sums& sums) {
  if (sums.completed == 0) return {};
  const auto mean = [&](std::size_t phase) {
    return static_cast<double>(sums.phases[phase]) / static_cast<double>(sums.completed) * 1e-9;
  };
  return {.decision = mean(0),
          .network = mean(1),
          .queue = mean(2),
          .compute = mean(3),
          .reply = mean(4)};
}

/// Mean and maximum are taken from the exact sums, whatever the percentiles come from.
LatencySummary with_exact(LatencySummary summary, const Sums& sums) {
  EVENKEEL_CHECK(summary.samples == sums.completed, "latencies and completions differ in number");
  if (sums.completed == 0) return summary;
  const auto total = std::accumulate(sums.phases.begin(), sums.phases.end(), std::int64_t{0});
  summary.mean = static_cast<double>(total) / static_cast<double>(sums.completed) * 1e-9;
  summary.max = static_cast<double>(sums.slowest) * 1e-9;
  for (double* p : {&summary.p50, &summary.p90, &summary.p95, &summary.p99, &summary.p999}) {
    *p = std::min(*p, summary.max);  // the middle of the last bin may lie above it
  }
  return summary;
}

/// Little's law over the whole run, as an identity: the integral of the number under way is the
/// time that those which ended spent inside, and what the others have spent until now.
void check_littles_law(const InSystem& in_system, Duration duration) {
  const std::uint64_t unfinished =
      in_system.now * static_cast<std::uint64_t>(duration.count()) - in_system.sent_sum;
  EVENKEEL_CHECK(in_system.integral == in_system.time_inside + unfinished,
                 "Little's law does not hold");
  EVENKEEL_CHECK(in_system.now == 0 ||
                     unfinished <= in_system.now * static_cast<std::uint64_t>(duration.count()),
                 "requests under way that were sent outside the run");
}

/// Turns the state into the result, part by part.
class Summing {
 public:
  Summing(const RunRecorder::State& state, const WorldUsage& usage);
  RunResult result();

 private:
  void add_totals();
  void add_classes();
  void add_sites();
  void add_nodes();
  void add_imbalance();
  void add_usage();
  void add_series();
  void add_node_series(std::size_t node, const std::vector<double>& bucket_seconds);
  double counted_seconds() const { return to_seconds(settings_.duration - cut_.at); }

  const RunRecorder::State& state_;
  const RecorderSettings& settings_;
  const WorldUsage& usage_;
  Cut cut_;
  LatencyStore::Summaries latencies_;
  RunResult result_;
};

Summing::Summing(const RunRecorder::State& state, const WorldUsage& usage)
    : state_(state),
      settings_(state.settings),
      usage_(usage),
      cut_(find_cut(settings_, state.grid, state.latencies.batches())),
      latencies_(state.latencies.summarise(cut_.slice, cut_.at)) {
  EVENKEEL_CHECK(
      usage.node_energy_j.empty() || usage.node_energy_j.size() == settings_.nodes.size(),
      "energy of some nodes only");
}

RunResult Summing::result() {
  result_.seed = settings_.seed;
  result_.duration_s = to_seconds(settings_.duration);
  result_.warm_up_s = to_seconds(cut_.at);
  result_.warm_up_doubtful = cut_.doubtful;
  result_.requests_in_all = state_.sent;
  result_.events = state_.events;
  result_.events_left_off = state_.events_left_off;
  result_.fingerprint = fmt::format("{:016x}", state_.fingerprint);
  result_.mean_in_system =
      static_cast<double>(state_.in_system.integral) * 1e-9 / result_.duration_s;
  result_.requests = state_.sample.kept(cut_.at, cut_.slice);
  add_classes();
  add_sites();
  add_totals();
  add_nodes();
  add_imbalance();
  add_usage();
  add_series();
  return std::move(result_);
}

void Summing::add_classes() {
  result_.histograms.push_back({.scope = Scope::run, .bins = latencies_.all.bins});
  for (std::size_t c = 0; c < settings_.classes.size(); ++c) {
    const Sums sums = sum_slices(state_.classes, cut_.slice, settings_.classes.size(), c);
    const double completed = static_cast<double>(sums.completed);
    const double late = static_cast<double>(sums.deadline_misses);
    result_.classes.push_back({.name = settings_.classes[c].name,
                               .tally = tally_of(sums),
                               .throughput = completed / counted_seconds(),
                               .goodput = (completed - late) / counted_seconds(),
                               .latency = with_exact(latencies_.classes[c].summary, sums),
                               .phases = phases_of(sums)});
    result_.histograms.push_back({.scope = Scope::request_class,
                                  .subject = settings_.classes[c].name,
                                  .bins = latencies_.classes[c].bins});
  }
}

void Summing::add_sites() {
  for (std::size_t s = 0; s < settings_.sites.size(); ++s) {
    const Sums sums = sum_slices(state_.sites, cut_.slice, settings_.sites.size(), s);
    result_.sites.push_back({.name = settings_.sites[s],
                             .tally = tally_of(sums),
                             .latency = with_exact(latencies_.sites[s].summary, sums)});
  }
}

void Summing::add_totals() {
  // One class in all: the slices from the cut on, of every class.
  const std::vector<Sums> counted(
      state_.classes.begin() + static_cast<std::ptrdiff_t>(cut_.slice * settings_.classes.size()),
      state_.classes.end());
  const Sums sums = sum_slices(counted, 0, 1, 0);
  result_.tally = tally_of(sums);
  result_.throughput = static_cast<double>(sums.completed) / counted_seconds();
  result_.goodput = static_cast<double>(sums.completed - sums.deadline_misses) / counted_seconds();
  result_.latency = with_exact(latencies_.all.summary, sums);
  result_.phases = phases_of(sums);
}

void Summing::add_nodes() {
  for (std::size_t n = 0; n < settings_.nodes.size(); ++n) {
    const RecorderSettings::Node& node = settings_.nodes[n];
    const auto mean = [&](std::size_t track) {
      return state_.levels.since_slice(track, cut_.slice, state_.grid) * 1e-9 / counted_seconds();
    };
    NodeResult result{.name = node.name,
                      .serves = node.serves,
                      .utilisation = mean(state_.busy_track(n)) / node.cores,
                      .mean_queue = mean(state_.queue_track(n))};
    const std::size_t width = settings_.nodes.size();
    for (std::size_t i = cut_.slice * width + n; i < state_.node_completed.size(); i += width) {
      result.completed += state_.node_completed[i];
    }
    if (!usage_.node_energy_j.empty()) result.energy_j = usage_.node_energy_j[n];
    result_.nodes.push_back(std::move(result));
  }
}

void Summing::add_imbalance() {
  std::vector<double> utilisation;
  std::vector<double> completed;
  for (const NodeResult& node : result_.nodes) {
    if (!node.serves) continue;
    utilisation.push_back(node.utilisation);
    completed.push_back(static_cast<double>(node.completed));
  }
  result_.imbalance_utilisation = imbalance_of(utilisation);
  result_.imbalance_completed = imbalance_of(completed);
}

void Summing::add_usage() {
  for (const auto& link : usage_.links)
    result_.links.push_back({link.name, link.bytes, link.mpc_bytes});
  if (!usage_.node_energy_j.empty()) {
    result_.energy_j = 0;
    for (const double joules : usage_.node_energy_j)
      if (!std::isnan(joules)) result_.energy_j += joules;  // NaN: a node of unstated power
  }
  result_.price = usage_.price;
  std::vector<std::string> names;
  for (const RecorderSettings::Node& node : settings_.nodes) names.push_back(node.name);
  result_.counts = state_.counts.totals(cut_.slice, names);
}

void Summing::add_series() {
  const TimeGrid& grid = state_.grid;
  result_.bucket_s = to_seconds(grid.bucket_width());
  std::vector<double> bucket_seconds;
  for (std::size_t b = 0; b < grid.buckets(); ++b) {
    bucket_seconds.push_back(to_seconds(grid.bucket_end(b) - grid.bucket_start(b)));
  }
  std::vector<std::string> class_names;
  for (const RecorderSettings::Class& one : settings_.classes) class_names.push_back(one.name);
  state_.series.append_to(result_.series, class_names, settings_.sites, bucket_seconds);
  for (std::size_t n = 0; n < settings_.nodes.size(); ++n) add_node_series(n, bucket_seconds);
}

void Summing::add_node_series(std::size_t node, const std::vector<double>& bucket_seconds) {
  const std::string& name = settings_.nodes[node].name;
  Series utilisation{.name = "utilisation", .unit = "1", .scope = Scope::node, .subject = name};
  Series queue{.name = "mean_queue", .unit = "requests", .scope = Scope::node, .subject = name};
  Series completed{.name = "completed_rate", .unit = "1/s", .scope = Scope::node, .subject = name};
  for (std::size_t b = 0; b < bucket_seconds.size(); ++b) {
    const double seconds = bucket_seconds[b];
    const double busy = state_.levels.in_bucket(state_.busy_track(node), b) * 1e-9;
    utilisation.values.push_back(busy / seconds / settings_.nodes[node].cores);
    queue.values.push_back(state_.levels.in_bucket(state_.queue_track(node), b) * 1e-9 / seconds);
    completed.values.push_back(state_.completed_series[b * settings_.nodes.size() + node] /
                               seconds);
  }
  for (Series* one : {&utilisation, &queue, &completed}) {
    result_.series.push_back(std::move(*one));
  }
}

}  // namespace

RunResult RunRecorder::finish(const WorldUsage& usage) {
  State& state = *state_;
  EVENKEEL_CHECK(!state.finished, "a run can be finished once");
  state.finished = true;
  state.touch(state.settings.duration);
  state.series.close(state.grid.bucket());
  state.levels.settle(state.settings.duration, state.grid);
  check_littles_law(state.in_system, state.settings.duration);
  RunResult result = Summing(state, usage).result();
  check_conservation(result);
  return result;
}

}  // namespace evenkeel

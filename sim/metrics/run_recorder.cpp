// The hot path. What a run's end makes of it is in run_recorder_finish.cpp.
#include "sim/metrics/run_recorder.h"

#include <xxhash.h>

#include <algorithm>

#include "models/runtime/check.h"
#include "sim/metrics/run_recorder_state.h"

namespace evenkeel {
namespace {

constexpr std::size_t events_limit = 100'000;

/// The least of 1, 2, 5, 10, 20, ... nanoseconds that is not below `least`.
Duration nice_ceiling(Duration least) {
  Duration power{1};
  while (true) {
    for (const int digit : {1, 2, 5}) {
      if (power * digit >= least) return power * digit;
    }
    power *= 10;
  }
}

TimeGrid make_grid(const RecorderSettings& settings) {
  const Duration bucket =
      settings.bucket > Duration::zero() ? settings.bucket : default_bucket(settings);
  if (!settings.mser5) return TimeGrid::fixed(settings.duration, bucket, settings.warm_up);
  const std::size_t groups =
      settings.nodes.size() + settings.sites.size() + settings.classes.size() + 1;
  return TimeGrid::sliced(settings.duration, bucket,
                          std::clamp<std::size_t>(20'000 / groups, 10, 200));
}

Duration phase_sum(const RequestRecord& record) {
  return record.decision + record.network + record.queue + record.compute + record.reply;
}

std::uint64_t bits(Duration value) { return static_cast<std::uint64_t>(value.count()); }

}  // namespace

Duration default_bucket(const RecorderSettings& settings) {
  constexpr std::int64_t values_limit = 200'000;
  const auto columns = static_cast<std::int64_t>(
      6 * (settings.classes.size() + settings.sites.size()) + 3 * settings.nodes.size() + 1);
  const std::int64_t buckets = std::clamp<std::int64_t>(values_limit / columns, 10, 200);
  return nice_ceiling(std::max(settings.duration / buckets, Duration{1}));
}

RunRecorder::State::State(RecorderSettings given)
    : settings(std::move(given)),
      grid(make_grid(settings)),
      classes(grid.slices() * settings.classes.size()),
      sites(grid.slices() * settings.sites.size()),
      node_completed(grid.slices() * settings.nodes.size()),
      completed_series(grid.buckets() * settings.nodes.size()),
      levels(2 * settings.nodes.size(), grid),
      series(settings.classes.size(), settings.sites.size(), grid.buckets(), settings.seed),
      latencies(settings.classes.size(), settings.sites.size(), grid.slices(),
                settings.exact_limit),
      sample(settings.kept_requests, settings.slowest, grid.slices(), settings.seed),
      counts(settings.nodes.size(), grid.slices()) {}

void RunRecorder::State::touch(Time at) {
  EVENKEEL_CHECK(at >= now, "an observation of the past");
  in_system.integral += in_system.now * bits(at - now);
  now = at;
  const std::size_t bucket = grid.bucket();
  if (grid.advance(at)) series.close(bucket);
}

void RunRecorder::State::leave_system(const RequestRecord& record) {
  EVENKEEL_CHECK(in_system.now > 0, "a request that ended and was never sent");
  --in_system.now;
  in_system.sent_sum -= bits(record.sent);
  in_system.time_inside += bits(record.latency());
  in_system.announced -= InSystem::hash(record.request_class, record.site, record.sent);
  EVENKEEL_CHECK(in_system.now > 0 || in_system.announced == 0,
                 "a request ended with another class, site or instant of sending than announced");
}

void RunRecorder::State::add_to_fingerprint(const RequestRecord& record) {
  const bool completed = record.end == RequestEnd::completed;
  const std::array<std::uint64_t, 10> words = {record.number,
                                               static_cast<std::uint64_t>(record.end),
                                               completed ? index(record.server) : 0,
                                               bits(record.sent),
                                               bits(record.ended),
                                               bits(record.decision),
                                               bits(record.network),
                                               bits(record.queue),
                                               bits(record.compute),
                                               bits(record.reply)};
  fingerprint = XXH3_64bits_withSeed(words.data(), sizeof words, fingerprint);
}

void RunRecorder::State::add_ended(const RequestRecord& record, std::size_t slice) {
  Sums& of_class = classes[slice * settings.classes.size() + record.request_class];
  Sums& of_site = sites[slice * settings.sites.size() + record.site];
  if (record.end != RequestEnd::completed) {
    const auto lost = record.end == RequestEnd::dropped ? &Sums::dropped : &Sums::timed_out;
    ++(of_class.*lost);
    ++(of_site.*lost);
    return;
  }
  const std::int64_t latency = record.latency().count();
  const bool missed =
      record.deadline_missed || record.latency() > settings.classes[record.request_class].deadline;
  const std::array phases = {record.decision, record.network, record.queue, record.compute,
                             record.reply};
  for (Sums* sums : {&of_class, &of_site}) {
    ++sums->completed;
    sums->deadline_misses += missed;
    sums->slowest = std::max(sums->slowest, latency);
    for (std::size_t i = 0; i < phase_count; ++i) sums->phases[i] += phases[i].count();
  }
  ++node_completed[slice * settings.nodes.size() + index(record.server)];
  latencies.add(record.request_class, record.site, slice, record.sent, record.ended);
}

RunRecorder::RunRecorder(RecorderSettings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}
RunRecorder::~RunRecorder() = default;

void RunRecorder::request_sent(std::uint32_t request_class, std::uint32_t site, Time at) {
  State& state = *state_;
  if (at > state.settings.duration) return;
  EVENKEEL_CHECK(request_class < state.settings.classes.size(), "a class that is not declared");
  EVENKEEL_CHECK(site < state.settings.sites.size(), "a site that is not declared");
  state.touch(at);
  ++state.sent;
  ++state.in_system.now;
  state.in_system.sent_sum += bits(at);
  state.in_system.announced += InSystem::hash(request_class, site, at);
  state.series.sent(state.grid.bucket(), request_class, site);
  const std::size_t slice = state.grid.slice_of(at);
  if (slice == TimeGrid::outside) return;
  ++state.classes[slice * state.settings.classes.size() + request_class].sent;
  ++state.sites[slice * state.settings.sites.size() + site].sent;
}

void RunRecorder::request_ended(const RequestRecord& record) {
  State& state = *state_;
  if (record.ended > state.settings.duration) return;
  const bool completed = record.end == RequestEnd::completed;
  EVENKEEL_CHECK(record.request_class < state.settings.classes.size() &&
                     record.site < state.settings.sites.size() &&
                     (!completed || index(record.server) < state.settings.nodes.size()),
                 "a class, site or node that is not declared");
  EVENKEEL_CHECK(record.sent <= record.ended, "a request that ended before it was sent");
  EVENKEEL_CHECK(!completed || phase_sum(record) == record.latency(),
                 "phases that do not add up to the latency");
  state.touch(record.ended);
  state.leave_system(record);
  ++state.ended;
  state.add_to_fingerprint(record);
  state.series.ended(state.grid.bucket(), record);
  if (completed) {
    ++state.completed_series[state.grid.bucket() * state.settings.nodes.size() +
                             index(record.server)];
  }
  const std::size_t slice = state.grid.slice_of(record.sent);
  if (slice == TimeGrid::outside) return;
  state.add_ended(record, slice);
  state.sample.offer(record, slice);
}

void RunRecorder::level_changed(Level level, NodeId node, Time at, double change) {
  State& state = *state_;
  if (at > state.settings.duration) return;
  EVENKEEL_CHECK(index(node) < state.settings.nodes.size(), "a level of an undeclared node");
  state.touch(at);
  const std::size_t track =
      level == Level::busy_cores ? state.busy_track(index(node)) : state.queue_track(index(node));
  state.levels.change(track, at, change, state.grid);
}

void RunRecorder::count(std::string_view name, NodeId node, double amount) {
  const std::size_t slice = state_->grid.slice_of(state_->now);
  if (slice != TimeGrid::outside) state_->counts.add(name, index(node), slice, amount);
}

void RunRecorder::event(Time at, NodeId node, std::string_view kind, std::string_view detail) {
  State& state = *state_;
  if (at > state.settings.duration) return;
  if (state.events.size() >= events_limit) {
    ++state.events_left_off;
    return;
  }
  const std::size_t n = index(node);
  state.events.push_back(
      {.at_s = to_seconds(at),
       .node = n < state.settings.nodes.size() ? state.settings.nodes[n].name : std::string(),
       .kind = std::string(kind),
       .detail = std::string(detail)});
}

Duration RunRecorder::bucket() const { return state_->grid.bucket_width(); }
std::uint64_t RunRecorder::ended() const { return state_->ended; }
std::uint64_t RunRecorder::in_flight() const { return state_->in_system.now; }

}  // namespace evenkeel

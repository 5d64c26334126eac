// What a RunRecorder keeps while the run goes on. Only run_recorder.cpp and run_recorder_finish.cpp
// know it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/runtime/random.h"
#include "sim/metrics/count_table.h"
#include "sim/metrics/group_series.h"
#include "sim/metrics/latency_store.h"
#include "sim/metrics/level_tracks.h"
#include "sim/metrics/request_sample.h"
#include "sim/metrics/run_recorder.h"
#include "sim/metrics/time_grid.h"

namespace evenkeel {

inline constexpr std::size_t phase_count = 5;

/// Requests of one class or site, sent in one slice of time.
struct Sums {
  std::uint64_t sent = 0;
  std::uint64_t completed = 0;
  std::uint64_t dropped = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t deadline_misses = 0;
  std::array<std::int64_t, phase_count> phases = {};  // ns, in the order of RequestRecord
  std::int64_t slowest = 0;                           // ns
};

/// Requests under way over the whole run, for Little's law. Sums are modulo 2^64, so that the law
/// can be checked to the last nanosecond however long the run is.
struct InSystem {
  std::uint64_t now = 0;          // requests under way
  std::uint64_t integral = 0;     // request-nanoseconds
  std::uint64_t sent_sum = 0;     // of the instants at which those under way were sent
  std::uint64_t time_inside = 0;  // of those that ended
  std::uint64_t announced = 0;    // sum of hashes of those under way: zero when there are none

  static std::uint64_t hash(std::uint32_t request_class, std::uint32_t site, Time sent) {
    const std::uint64_t where = (std::uint64_t{request_class} << 32) + site;
    return mix(static_cast<std::uint64_t>(sent.count()) + where * 0x9e3779b97f4a7c15ULL);
  }
};

struct RunRecorder::State {
  explicit State(RecorderSettings given);

  void touch(Time at);
  void leave_system(const RequestRecord& record);
  void add_to_fingerprint(const RequestRecord& record);
  void add_ended(const RequestRecord& record, std::size_t slice);
  std::size_t busy_track(std::size_t node) const { return 2 * node; }
  std::size_t queue_track(std::size_t node) const { return 2 * node + 1; }

  RecorderSettings settings;
  TimeGrid grid;
  Time now{};
  std::uint64_t sent = 0;
  std::uint64_t ended = 0;
  std::uint64_t fingerprint = 0;
  InSystem in_system;
  std::vector<Sums> classes;                    // by slice, then class
  std::vector<Sums> sites;                      // by slice, then site
  std::vector<std::uint64_t> node_completed;    // by slice, then node
  std::vector<std::uint32_t> completed_series;  // by bucket, then node
  LevelTracks levels;
  GroupSeries series;
  LatencyStore latencies;
  RequestSample sample;
  CountTable counts;
  std::vector<RunEvent> events;
  std::uint64_t events_left_off = 0;
  bool finished = false;
};

}  // namespace evenkeel

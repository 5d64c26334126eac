// Requests through one FIFO server, worked out by Lindley's recursion and told to a recorder: a run
// whose truth is known without any simulator.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/runtime/random.h"
#include "sim/metrics/run_recorder.h"

namespace evenkeel::test {

struct Job {
  Time sent{};
  Duration work{};
};

/// Settings of one class, one site and one node with one core.
inline RecorderSettings one_server(Duration duration) {
  return {.nodes = {{.name = "node"}},
          .sites = {"site"},
          .classes = {{.name = "class"}},
          .duration = duration};
}

/// The requests of `jobs` (by rising `sent`), each served as soon as the one before is done.
inline std::vector<RequestRecord> serve(const std::vector<Job>& jobs) {
  std::vector<RequestRecord> records;
  Time free{};
  for (const Job& job : jobs) {
    const Time start = std::max(free, job.sent);
    free = start + job.work;
    records.push_back({.number = records.size(),
                       .sent = job.sent,
                       .ended = free,
                       .queue = start - job.sent,
                       .compute = job.work});
  }
  return records;
}

/// Tells the recorder all of it in the order of time, levels of the node included.
inline void replay(RunRecorder& recorder, const std::vector<RequestRecord>& records) {
  enum class What { end, send, start };
  struct Step {
    Time at;
    What what;
    const RequestRecord* record;
  };
  std::vector<Step> steps;
  for (const RequestRecord& record : records) {
    steps.push_back({record.sent, What::send, &record});
    steps.push_back({record.sent + record.queue, What::start, &record});
    steps.push_back({record.ended, What::end, &record});
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Step& a, const Step& b) { return a.at < b.at; });
  for (const auto& [at, what, record] : steps) {
    if (what == What::send) {
      recorder.request_sent(record->request_class, record->site, at);
      recorder.level_changed(Level::queue, record->server, at, 1);
    } else if (what == What::start) {
      recorder.level_changed(Level::queue, record->server, at, -1);
      recorder.level_changed(Level::busy_cores, record->server, at, 1);
    } else {
      recorder.level_changed(Level::busy_cores, record->server, at, -1);
      recorder.request_ended(*record);
    }
  }
}

/// Poisson arrivals at `rate` until `duration`, all with the same work.
inline std::vector<Job> poisson_jobs(double rate, Duration work, Duration duration,
                                     std::uint64_t seed) {
  Random random(seed);
  std::vector<Job> jobs;
  Time at{};
  while (true) {
    at += seconds(random.exponential() / rate);
    if (at > duration) return jobs;
    jobs.push_back({at, work});
  }
}

}  // namespace evenkeel::test

// A result file with made-up runs whose numbers can be checked by hand: three policies, five seeds,
// four nodes of which the last is hot under `nearest`.
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include "gui/data/study_data.h"
#include "sim/metrics/result_file.h"

namespace evenkeel::gui::test {

/// What is waited for comes, however slow the machine: this only ends what hangs.
inline constexpr int patienceMs = 280'000;

inline const std::vector<std::string> policies = {"nearest", "random", "least_loaded"};
inline constexpr int seeds = 5;
inline constexpr int buckets = 20;

inline KeptRequest requestOf(std::uint64_t number, int server, double queueSeconds) {
  RequestRecord record{.number = number, .server = static_cast<NodeId>(server)};
  record.sent = seconds(static_cast<double>(number) * 0.01);
  record.network = seconds(0.010);
  record.queue = seconds(queueSeconds);
  record.compute = seconds(0.020);
  record.reply = seconds(0.005);
  record.ended = record.sent + record.network + record.queue + record.compute + record.reply;
  return {.record = record};
}

/// `nearest` is slow and loses 2 %, `least_loaded` is twice as fast as `random`.
inline RunResult sampleRun(std::size_t policy, std::uint64_t seed) {
  const double slow = policy == 0 ? 4 : policy == 1 ? 2 : 1;
  const double jitter = 1 + 0.01 * static_cast<double>(seed);
  RunResult run{.scenario = "sample", .scenario_hash = scenario_hash("sample"), .seed = seed};
  run.chosen = {{"balancing.policy", policies[policy]}};
  run.version = "test";
  run.duration_s = 20;
  run.warm_up_s = 2;
  run.wall_s = 0.5;
  run.fingerprint = "0123456789abcdef";
  run.tally = {
      .sent = 10000, .completed = policy == 0 ? 9800u : 10000u, .dropped = policy == 0 ? 200u : 0u};
  run.latency = {.mean = 0.05 * slow * jitter,
                 .p50 = 0.04 * slow,
                 .p90 = 0.08 * slow,
                 .p95 = 0.1 * slow,
                 .p99 = 0.2 * slow * jitter,
                 .p999 = 0.3 * slow,
                 .max = 0.5 * slow,
                 .samples = run.tally.completed};
  run.phases = {.decision = 0,
                .network = 0.01,
                .queue = 0.05 * slow * jitter - 0.035,
                .compute = 0.02,
                .reply = 0.005};
  run.energy_j = 1000 * slow * jitter;
  run.classes = {{.name = "ask", .tally = run.tally, .latency = run.latency}};
  run.sites = {{.name = "site 1", .tally = run.tally, .latency = run.latency}};
  for (int node = 0; node < 4; ++node) {
    const double busy = policy == 0 ? (node == 3 ? 0.95 : 0.1) : 0.3;
    run.nodes.push_back({.name = "edge/site " + std::to_string(node + 1),
                         .utilisation = busy,
                         .mean_queue = busy * 3});
    run.series.push_back({.name = "utilisation",
                          .unit = "share",
                          .scope = Scope::node,
                          .subject = run.nodes.back().name,
                          .values = std::vector<double>(buckets, busy)});
    run.series.push_back({.name = "mean_queue",
                          .unit = "requests",
                          .scope = Scope::node,
                          .subject = run.nodes.back().name,
                          .values = std::vector<double>(buckets, busy * 3)});
  }
  for (const char* name : {"sent_rate", "completed_rate", "lost_rate", "latency_p99"})
    run.series.push_back({.name = name,
                          .unit = "1/s",
                          .scope = Scope::request_class,
                          .subject = "ask",
                          .values = std::vector<double>(buckets, 0.5 * slow)});
  run.bucket_s = 1;
  run.links = {{.name = "link", .bytes = 1e6 * slow * jitter}};
  run.histograms = {
      {.bins = {{.low_s = 0.03, .high_s = 0.04 * slow + 0.01, .count = run.tally.completed - 100},
                {.low_s = 0.2 * slow, .high_s = 0.5 * slow, .count = 100}}}};
  for (std::uint64_t i = 0; i < 40; ++i)
    run.requests.push_back(
        requestOf(i, static_cast<int>(i % 4), 0.001 * slow * static_cast<double>(i)));
  run.events = {{.at_s = 5, .node = "edge/site 1", .kind = "crash", .detail = "power"},
                {.at_s = 8, .node = "edge/site 1", .kind = "restart", .detail = ""}};
  return run;
}

inline void writeSample(const std::string& path, int seedsWritten = seeds) {
  ResultFile file(path, ResultFile::Mode::write);
  StudyInfo info{.scenario_hash = scenario_hash("sample"),
                 .name = "sample",
                 .question = "Which is best?",
                 .scenario_text = "name: sample"};
  info.matrix = {{"balancing.policy", policies}};
  info.baseline = "nearest";
  info.metric = "p99";
  file.put_study(info);
  for (int seed = 1; seed <= seedsWritten; ++seed)
    for (std::size_t policy = 0; policy < policies.size(); ++policy)
      file.add_run(sampleRun(policy, static_cast<std::uint64_t>(seed)));
}

/// A folder that goes away with the test.
struct SampleFolder {
  QTemporaryDir folder;
  QString path(const QString& name) const { return folder.filePath(name); }
  QString study() const {
    const QString file = path("sample.evenkeel");
    if (!QFile::exists(file)) writeSample(file.toStdString());
    return file;
  }
  StudyData whole() const {
    StudyData data = readStudy(study().toStdString());
    readDetails(data);
    return data;
  }
};

}  // namespace evenkeel::gui::test

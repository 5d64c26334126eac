// The sample study with two classes of requests: `ask`, slow and with all that is lost, and `peek`,
// ten times as fast. Requests of odd numbers are peeks.
#pragma once

#include "tests/gui/sample_study.h"

namespace evenkeel::gui::test {

inline RunResult runOfTwoClasses(std::size_t policy, std::uint64_t seed) {
  RunResult run = sampleRun(policy, seed);
  ClassResult& ask = run.classes.front();
  ask.tally = {.sent = 4000, .completed = 4000 - run.tally.dropped, .dropped = run.tally.dropped};
  ask.latency.samples = ask.tally.completed;
  ask.phases = run.phases;
  ClassResult peek{.name = "peek", .tally = {.sent = 6000, .completed = 6000}};
  for (const auto field : {&LatencySummary::mean, &LatencySummary::p50, &LatencySummary::p90,
                           &LatencySummary::p95, &LatencySummary::p99, &LatencySummary::p999})
    peek.latency.*field = 0.1 * (run.latency.*field);
  peek.latency.samples = 6000;
  run.classes.push_back(peek);
  const std::vector<Series> before = run.series;
  for (Series one : before) {
    if (one.scope != Scope::request_class) continue;
    one.subject = "peek";
    for (double& value : one.values) value /= 10;
    run.series.push_back(std::move(one));
  }
  const std::vector<HistogramBin> slow = {
      {.low_s = 0.1, .high_s = 0.2, .count = ask.tally.completed}};
  const std::vector<HistogramBin> fast = {{.low_s = 0.01, .high_s = 0.02, .count = 6000}};
  run.histograms = {{.bins = {fast.front(), slow.front()}},
                    {.scope = Scope::request_class, .subject = "ask", .bins = slow},
                    {.scope = Scope::request_class, .subject = "peek", .bins = fast}};
  for (KeptRequest& request : run.requests)
    request.record.request_class = request.record.number % 2;
  return run;
}

inline QString studyOfTwoClasses(const SampleFolder& folder) {
  const QString path = folder.path("two-classes.evenkeel");
  ResultFile file(path.toStdString(), ResultFile::Mode::write);
  StudyInfo info{.scenario_hash = scenario_hash("sample"),
                 .name = "sample",
                 .scenario_text = "name: sample",
                 .charts = {"latency_cdf", "load_over_time", "energy"},
                 .baseline = "nearest",
                 .metric = "p99"};
  info.matrix = {{"balancing.policy", policies}};
  file.put_study(info);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    for (std::size_t policy = 0; policy < policies.size(); ++policy)
      file.add_run(runOfTwoClasses(policy, seed));
  return path;
}

}  // namespace evenkeel::gui::test

// A run with something in every field, for tests of what is written and read.
#pragma once

#include <string>

#include "sim/metrics/result_file.h"
#include "tests/folder.h"
#include "tests/metrics/fifo_trace.h"

namespace evenkeel::test {

/// Counts of ten computations, of which two failed: 100 bytes each offline and 400 online, 25 ms
/// each answered one offline and 75 ms online.
inline void count_computations(RunRecorder& recorder) {
  const auto count = [&recorder](std::string_view name, double amount) {
    recorder.count(name, NodeId{0}, amount);
  };
  count("mpc computations", 8);
  count("mpc failures", 2);
  count("mpc failures: timeout", 2);
  count("mpc bytes", 5000);
  count("mpc bytes offline", 1000);
  count("mpc header bytes", 480);
  count("mpc seconds", 0.8);
  count("mpc seconds offline", 0.2);
  count("mpc rounds", 24);
  count("mpc rounds offline", 8);
  count("mpc rounds online", 16);
}

/// Two classes, two sites, a node that did all and one that did nothing; losses, counts, an event.
inline RunResult sample_result(std::uint64_t seed, const std::string& policy) {
  RecorderSettings settings{
      .nodes = {{.name = "edge/A"}, {.name = "cloud <&>", .cores = 4}},
      .sites = {"Altstadt, \"old\"", "Hafen"},
      .classes = {{.name = "detect", .deadline = seconds(2)}, {.name = "monitor"}},
      .duration = seconds(1000),
      .warm_up = seconds(100),
      .seed = seed};
  RunRecorder recorder(settings);
  auto records = serve(poisson_jobs(0.7, seconds(1), settings.duration, seed));
  for (RequestRecord& record : records) {
    record.request_class = record.number % 3 == 0 ? 1 : 0;
    record.site = record.number % 5 == 0 ? 1 : 0;
    if (record.number % 50 == 7) record.end = RequestEnd::timed_out;
  }
  replay(recorder, records);
  recorder.count("probe messages", NodeId{1}, 12);
  count_computations(recorder);
  recorder.event(seconds(300), NodeId{0}, "crash", "power lost");
  RunResult result = recorder.finish({.node_energy_j = {1e4, 2e4},
                                      .links = {{"up", 1e9, 1000}, {"down", 5e8, 500}},
                                      .price = 0.25});
  result.scenario = "city cameras";
  result.scenario_hash = "0123";
  result.chosen = {{"balancing.policy", policy}};
  result.version = "0.1.0";
  result.mpc = {.protocol = "replicated3",
                .security = std::string{security_classes[2]},
                .corruptions = "1 of 3",
                .adversary = "semi-honest",
                .deviation = "goes unnoticed",
                .trusted = "nobody"};
  sum_up_mpc(result);
  set_wall_time(result, 0.125);
  return result;
}

/// A path in a folder that is removed with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name) : path_(folder_.file(name)) {}
  const std::string& path() const { return path_; }

 private:
  Folder folder_;
  std::string path_;
};

}  // namespace evenkeel::test

// What passes over links in the course of a run, as a result file has it.
#include <gmock/gmock.h>

#include <cmath>

#include "sim/metrics/result_file.h"
#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

RunResult run_of(const Folder& folder, const std::string& scenario, const std::string& world = "") {
  const std::string out = folder.file("flows.evenkeel");
  const Ended ended =
      program("run " + folder.write("flows.yaml", scenario) + " --seed 3 -o " + out + world);
  EXPECT_EQ(ended.code, 0) << ended.output;
  const ResultFile file(out, ResultFile::Mode::read);
  return file.read_run(file.runs().at(0));
}

const Series* flow(const RunResult& run, const std::string& link) {
  const auto is = [&](const Series& one) {
    return one.scope == Scope::link && one.name == "bytes_rate" && one.subject == link;
  };
  const auto found = std::ranges::find_if(run.series, is);
  return found == run.series.end() ? nullptr : &*found;
}

/// How many bytes the busiest link carried.
double expect_flows_add_up(const RunResult& run) {
  double busiest = 0;
  for (const LinkResult& link : run.links) {
    const Series* its = flow(run, link.name);
    EXPECT_NE(its, nullptr) << link.name;
    if (its == nullptr) continue;
    const auto buckets = static_cast<std::size_t>(std::ceil(run.duration_s / run.bucket_s - 1e-9));
    EXPECT_EQ(its->values.size(), buckets);
    double bytes = 0;
    for (const double rate : its->values) {
      EXPECT_GE(rate, 0);
      bytes += rate * run.bucket_s;
    }
    EXPECT_NEAR(bytes, link.bytes, 1e-6 * std::max(1.0, link.bytes));
    busiest = std::max(busiest, bytes);
  }
  return busiest;
}

TEST(LinkFlows, AddUpToWhatEachLinkCarried) {
  const Folder folder;
  const double busiest = expect_flows_add_up(run_of(folder, small_scenario));
  EXPECT_GT(busiest, 2000.0 * 5 * 10 * 20 * 0.8);  // inputs of 2 kB, 50 /s, 20 s
}

TEST(LinkFlows, AddUpInRealTime) {
  std::string quick = small_scenario;
  quick.replace(quick.find("duration: 20 s"), 14, "duration: 3 s");
  quick.replace(quick.find("warm_up: 2 s"), 12, "warm_up: 1 s");
  for (const std::string kind : {" --world sockets", " --processes"}) {
    const Folder folder;
    const RunResult run = run_of(folder, quick, kind);
    EXPECT_GT(expect_flows_add_up(run), 2000.0 * 5 * 10 * 3 * 0.5) << kind;
    for (const LinkResult& link : run.links) {
      const Series* its = flow(run, link.name);
      if (its == nullptr || link.bytes == 0) continue;
      const double most = std::ranges::max(its->values) * run.bucket_s;
      EXPECT_LT(most, link.bytes / 3) << kind << ": " << link.name;  // spread over the run
    }
  }
}

TEST(LinkFlows, AreNotNotedOfManyLinks) {
  const Folder folder;
  std::string many = small_scenario;
  many.replace(many.find("star: {n: 2}"), 12, "star: {n: 300}");
  many.replace(many.find("duration: 20 s"), 14, "duration: 3 s");
  const RunResult run = run_of(folder, many);
  EXPECT_GT(run.links.size(), 256u);
  EXPECT_EQ(flow(run, run.links.front().name), nullptr);
}

}  // namespace
}  // namespace evenkeel::test

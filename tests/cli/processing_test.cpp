// Streams, batches and offloaded models of whole scenarios, as the program runs them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

/// What a run counted, by name, and its figures under their own names.
struct Figures {
  std::map<std::string, double> counted = {};
  nlohmann::json all = {};
  std::string output = {};

  double operator[](const std::string& name) const {
    const auto found = counted.find(name);
    return found == counted.end() ? 0 : found->second;
  }
};

Figures run(const std::string& scenario, const std::string& arguments = "") {
  const Folder folder;
  const Ended ended = program("run " + folder.write("s.yaml", scenario) + " --json " + arguments);
  Figures figures{.output = ended.output};
  if (ended.code != 0) ADD_FAILURE() << ended.output;
  figures.all = nlohmann::json::parse(ended.output, nullptr, false);
  if (figures.all.is_object())
    for (const auto& [name, count] : figures.all["counts"].items())
      figures.counted[name] =
          count.is_object() ? count["total"].get<double>() : count.get<double>();
  return figures;
}

const std::string places = R"(name: processing
duration: 20 s
topology: {generate: {hierarchy: {regions: 1, sites: 3}}}
nodes:
  edge:  {at: every site, cores: 2, speed: 2 Gop/s}
  cloud: {at: {tier: cloud}, cores: 8, speed: 4 Gop/s}
devices:
  sensor: {per: site, count: 3}
)";

std::string stream(const std::string& more) {
  return places + R"(
processing:
  streams:
    power:
      events: [room integer, watts real]
      on: edge
      owners: cloud
      window: {tumbling: 1 s}
      out_of_order: 500 ms
      idle_after: 3 s
      group_by: room
      aggregates: [{aggregate: sum, of: watts}, {quantiles: {at: [0.5, 0.9]}, of: watts}]
)" + more;
}

std::string events(const std::string& settings) {
  return "workload:\n  event: {from: sensor, rate: 20 /s, does: {event: {stream: power, row: "
         "'integer(1 3), uniform(0 100)'" +
         settings + "}}}\n";
}

TEST(StreamScenario, TellsWindowsAndHowLateTheyAre) {
  const Figures figures = run(stream(events("")));
  EXPECT_EQ(figures.all["violations"], 0);
  EXPECT_NEAR(figures["stream events"], 20 * 9 * 20, 500);
  EXPECT_GT(figures["stream outputs"], 40);
  EXPECT_EQ(figures["stream late events"], 0);
  const double lag_s = figures["stream lag in s"] / figures["stream outputs"];
  EXPECT_GT(lag_s, 0.4);
  EXPECT_LT(lag_s, 2);
}

// F16: AnyLog put rows that came late into a later window.
TEST(StreamScenario, PutsRowsThatComeLateAsideNotIntoALaterWindow) {
  const Figures figures = run(stream(events(", age: 'uniform(0 3)'")));
  EXPECT_GT(figures["stream late events"], 100);
  EXPECT_LT(figures["stream late events"], 0.9 * figures["stream events"]);
  EXPECT_EQ(figures.all["violations"], 0);
}

// The cloud keeps up with 22 of the 60 events that each site takes in a second.
const std::string small_log = "  log_limit: 5 kB\n  count_work: 45 Mop\n";
const std::string slow_cloud = "--set 'nodes.cloud.speed=1 Gop/s'";

// F13: an EdgeX service took in more than its retention purged, until it had no memory left.
TEST(StreamScenario, PushesBackWhenTwiceAsMuchComesInAsItKeepsUpWith) {
  const Figures figures = run(stream(small_log + events("")), slow_cloud);
  EXPECT_GT(figures["events pushed back"], 100);
  EXPECT_EQ(figures["events pushed back"], figures["events refused"]);
  EXPECT_GT(figures["stream events"], 500);
  EXPECT_GT(figures.all["dropped"].get<double>(), 100);
  EXPECT_EQ(figures.all["violations"], 0);
}

TEST(StreamScenario, ChargesTakingAnEventInAndCountingItToThoseWhoDoIt) {
  const std::string taken = "  log_limit: 5 kB\n  work: 45 Mop\n";
  const Figures figures = run(stream(taken + events("")), slow_cloud);
  EXPECT_EQ(figures["events pushed back"], 0);
  EXPECT_GT(figures["stream events"], 3000);
}

TEST(StreamScenario, SendsAgainWhatWasPushedBackAndDropsWhatItIsTold) {
  const Figures again = run(stream(small_log + events(", retry: 500 ms")), slow_cloud);
  EXPECT_GT(again["events sent again"], 100);
  EXPECT_EQ(again.all["violations"], 0);
  const Figures drops =
      run(stream(small_log + "  when_full: drop_oldest\n" + events("")), slow_cloud);
  EXPECT_GT(drops["events dropped"], 100);
  EXPECT_EQ(drops["events pushed back"], 0);
}

TEST(StreamScenario, SaysWhatDoesNotFit) {
  const Folder folder;
  const auto says = [&](std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return program("run " + folder.write("s.yaml", text)).output;
  };
  const std::string good = stream(events(""));
  EXPECT_THAT(says(good, "of: watts}, {", "of: wats}, {"), HasSubstr("did you mean 'watts'?"));
  EXPECT_THAT(says(good, "owners: cloud", "owners: clod"), HasSubstr("did you mean 'cloud'?"));
  EXPECT_THAT(says(good, "stream: power", "stream: pow"), HasSubstr("no stream of"));
  EXPECT_THAT(says(good, "owners: cloud", "owners: cloud\n      standbys: edge"),
              HasSubstr("add 'storage'"));
  EXPECT_THAT(says(good, "tumbling", "tumblin"), HasSubstr("did you mean 'tumbling'?"));
  EXPECT_THAT(says(good, "row: 'integer(1 3), ", "row: '"), HasSubstr("has 2 values, not 1"));
}

std::string shipped(const std::string& name) {
  return std::string{EVENKEEL_SOURCE_DIR} + "/scenarios/" + name;
}

// F11: every row that was acknowledged is counted once, whatever restarts; and the same judge sees
// when it is not.
TEST(StreamTorture, CountsEveryAcknowledgedEventOnceWhateverBreaks) {
  const Ended fine =
      program("torture " + shipped("streams.yaml") + " --seeds 1..4 --set 'duration=12 s'");
  EXPECT_EQ(fine.code, 0) << fine.output;
  EXPECT_THAT(fine.output, HasSubstr("every invariant held"));
}

TEST(StreamTorture, SeesStateAndPositionThatAreStoredOneAfterTheOther) {
  const Ended flawed = program("torture " + shipped("streams.yaml") +
                               " --seeds 11..22 --set storage.flaw=split_transaction"
                               " --set swarm.kinds=[crash] --set swarm.intensity=5");
  EXPECT_EQ(flawed.code, 1) << flawed.output;
  EXPECT_THAT(flawed.output, HasSubstr("exactly_once"));
}

std::string batch(const std::string& where) {
  return places + R"(storage:
  on: edge
  copies: 2
  tables:
    traces: {columns: [machine text, at integer, load real, raw blob], key: 2}
processing:
  workers: [edge, cloud]
  jobs:
    load: {table: traces, group_by: machine, aggregates: [{aggregate: mean, of: load}], where: )" +
         where + R"(}
workload:
  record:  {from: sensor, rate: 1 /s, does: {put: {table: traces, row: 'device, now, uniform(0 1), bytes(2000)'}}}
  analyse: {from: sensor, rate: 0.05 /s, does: {map_reduce: {job: load}}}
balancing: {policy: nearest, knowledge: own}
)";
}

TEST(BatchScenario, MovesSumsWhereTheRowsAreAndRowsWhereItRuns) {
  const Figures data = run(batch("data"));
  const Figures here = run(batch("here"));
  ASSERT_GT(data["batches run"], 3);
  EXPECT_EQ(here["batches run"], data["batches run"]);
  EXPECT_GT(data["batch groups"], 9);
  EXPECT_GT(data["batch bytes moved"], 0);
  EXPECT_GT(here["batch bytes moved"], 5 * data["batch bytes moved"]);
  EXPECT_NEAR(here["batch rows"], data["batch rows"], 0.1 * data["batch rows"]);
}

TEST(BatchScenario, CountsTheWordsOfFilesWhereTheirChunksAre) {
  const Figures figures = run(places + R"(storage:
  on: edge
  copies: 2
  files: {texts: {data: 1, parity: 1}}
processing:
  workers: cloud
  jobs:
    words: {files: texts, map: words, aggregates: [{aggregate: count, of: '0'}]}
workload:
  write: {from: sensor, rate: 0.2 /s, does: {put_file: {space: texts, size: 20 kB, name: key}}, key: {over: 2}}
  count: {from: sensor, rate: 0.2 /s, does: {map_reduce: {job: words, name: key}}, key: {over: 2}}
balancing: {policy: nearest, knowledge: own}
)");
  EXPECT_GT(figures["batches run"], 5);
  EXPECT_GT(figures["batch groups"], 100);
}

std::string offload(const std::string& deadline, const std::string& more = "") {
  return places + R"(
processing:
  models:
    detector: {work: 400 Mop, size: 200 kB, on: [edge, cloud], home: cloud}
    glance:   {work: 10 Mop}
workload:
  detect:
    from: sensor
    rate: 2 /s
    input: 50 kB
    does: {offload: {model: detector, fall_back: glance}}
    deadline: )" +
         deadline + "\nbalancing: {policy: nearest, knowledge: own}\n" + more;
}

TEST(OffloadScenario, RunsModelsWhereTheBalancerChooses) {
  const Figures near = run(offload("2 s"));
  const Figures far = run(offload("2 s"), "--set balancing.policy=cloud_only");
  EXPECT_GT(near["offloads answered"], 300);
  EXPECT_EQ(near["models fetched"], 3);  // by each site's node, once
  EXPECT_EQ(far["models fetched"], 0);
  EXPECT_LT(near["offload fall-backs"], 10);
  for (const auto& node : far.all["nodes"]) {
    if (!node["name"].get<std::string>().starts_with("cloud/")) continue;
    EXPECT_GT(node["completed"].get<double>(), 300);
  }
  EXPECT_GT(near.all["phases"]["compute"].get<double>(), 0.1);
}

TEST(OffloadScenario, FallsBackInTimeWhereNobodyAnswers) {
  const Figures figures = run(offload("250 ms", "faults: [{at: 5 s, crash: edge, for: 10 s}]\n"));
  EXPECT_GT(figures["offload fall-backs"], 100);
  EXPECT_GT(figures["offloads answered"], 50);
  EXPECT_LT(figures.all["deadline_misses"].get<double>(), 0.05 * figures["offload fall-backs"]);
}

}  // namespace
}  // namespace evenkeel::test

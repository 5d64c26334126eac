// `evenkeel trace`: repeats a run, and tells the way of one of its requests.
#include <gmock/gmock.h>

#include "sim/metrics/result_file.h"
#include "sim/trace/request_trace.h"
#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

const std::string scenarios = EVENKEEL_SOURCE_DIR "/scenarios/";

class TraceCommand : public testing::Test {
 protected:
  RunResult run(const std::string& scenario, const std::string& settings) {
    const Ended ended = program("run " + scenario + " " + settings + " --fingerprint -o " + file_);
    EXPECT_EQ(ended.code, 0) << ended.output;
    const ResultFile result{file_, ResultFile::Mode::read};
    return result.read_run(result.runs().front());
  }
  RequestTrace trace(std::uint64_t request) const {
    const Ended ended = program(fmt::format("trace {} {} --json", file_, request));
    EXPECT_EQ(ended.code, 0) << ended.output;
    return parse_request_trace(ended.output);
  }
  void refuses(const std::string& arguments, const std::string& message) const {
    const Ended ended = program("trace " + arguments);
    EXPECT_EQ(ended.code, 2) << ended.output;
    EXPECT_THAT(ended.output, testing::HasSubstr(message));
  }

  Folder folder_;
  std::string file_ = folder_.file("result.evenkeel");
};

void expect_same(const RequestTrace& trace, const RequestRecord& kept) {
  ASSERT_TRUE(trace.record);
  EXPECT_EQ(trace.sent, kept.sent);
  EXPECT_EQ(trace.record->ended, kept.ended);
  EXPECT_EQ(trace.record->end, kept.end);
  EXPECT_EQ(trace.record->network, kept.network);
  EXPECT_EQ(trace.record->queue, kept.queue);
  EXPECT_EQ(trace.record->compute, kept.compute);
  EXPECT_EQ(trace.record->reply, kept.reply);
}

TEST_F(TraceCommand, RepeatsWhatWasKeptAndShowsWhereTheTimeWent) {
  for (const std::string name : {"three_servers", "smart_home", "registers", "private_queries"}) {
    SCOPED_TRACE(name);
    std::filesystem::remove(file_);
    const RunResult result = run(scenarios + name + ".yaml", "--set duration='20 s'");
    ASSERT_GT(result.requests.size(), 3U);
    for (const std::size_t place : {std::size_t{0}, result.requests.size() / 2}) {
      const RequestRecord& kept = result.requests[place].record;
      const RequestTrace followed = trace(kept.number);
      expect_same(followed, kept);
      EXPECT_FALSE(followed.steps.empty());
      for (const TraceStep& step : followed.steps) {
        EXPECT_GE(step.begin, followed.sent);
        EXPECT_LE(step.begin, followed.followed_until);
      }
    }
  }
}

// Where one server answers, the steps and the phases tell the same.
TEST_F(TraceCommand, AddsUpToThePhases) {
  const RunResult result = run(scenarios + "three_servers.yaml", "--set duration='20 s'");
  const RequestRecord& kept = result.requests.back().record;
  const RequestTrace followed = trace(kept.number);
  Duration computed{};
  for (const TraceStep& step : followed.steps)
    if (step.kind == TraceStep::Kind::computation) computed += step.end - step.begin;
  EXPECT_EQ(computed, kept.compute);
  const auto question = std::ranges::find(followed.steps, "requests", &TraceStep::what);
  ASSERT_NE(question, followed.steps.end());
  EXPECT_EQ(question->end - followed.sent, kept.decision + kept.network);
}

TEST_F(TraceCommand, TellsRoundsBytesAndWhatEachLearned) {
  const RunResult result =
      run(scenarios + "private_statistics.yaml", "--set mpc.protocol=replicated3");
  const auto kept = std::ranges::find_if(result.requests, [](const KeptRequest& request) {
    return request.record.end == RequestEnd::completed;
  });
  ASSERT_NE(kept, result.requests.end());
  const RequestTrace followed = trace(kept->record.number);
  const std::vector<TracedComputation> computations = computations_of(followed);
  ASSERT_EQ(computations.size(), 1U);
  std::uint32_t deepest = 0;
  double by_round = 0;
  for (const TracedComputation::Round& round : computations[0].rounds) {
    deepest = std::max(deepest, round.number);
    by_round += round.bytes;
  }
  EXPECT_GE(deepest, 2U);
  double sent = 0;
  double received = 0;
  int computing = 0;
  int answered = 0;
  for (const TracedComputation::Seat& seat : computations[0].seats) {
    sent += seat.sent_bytes;
    received += seat.received_bytes;
    computing += seat.roles.find("computes") != std::string::npos;
    answered += seat.roles.find("gets the answer") != std::string::npos;
    if (seat.roles == "computes") {
      EXPECT_THAT(seat.learned, testing::HasSubstr("nothing of others, while at most 1 of 3"));
    }
  }
  EXPECT_EQ(sent, by_round);
  EXPECT_EQ(received, sent);
  EXPECT_EQ(computing, 3);
  EXPECT_EQ(answered, 1);
  const Ended text = program(fmt::format("trace {} {}", file_, kept->record.number));
  EXPECT_THAT(text.output, testing::HasSubstr("multi-party computation 1 of 1"));
  EXPECT_THAT(text.output, testing::HasSubstr("learns"));
}

TEST_F(TraceCommand, FollowsARunOfAComparisonAlsoWhereTheFilesMoved) {
  namespace fs = std::filesystem;
  const std::string place = folder_.file("study");
  fs::create_directory(place);
  std::ofstream(place + "/at.csv") << "time,class\n0.1,ask\n0.2,ask\n0.5,ask\n";
  std::ofstream(place + "/s.yaml") << "name: traced\nduration: 5 s\nwarm_up: 0 s\n"
                                      "topology: {generate: {star: {n: 3, latency: 1 ms}}}\n"
                                      "nodes: {edge: {at: every site, cores: 1, speed: 1 Gop/s}}\n"
                                      "devices: {meter: {at: site 1, count: 1}}\n"
                                      "balancing: {policy: random}\n"
                                      "workload: {ask: {from: meter, arrivals: {trace: {file: "
                                      "at.csv}}, work: {fixed: 1 Mop}}}\n";
  const Ended compared = program("compare " + place +
                                 "/s.yaml --vary balancing.policy=random,"
                                 "round_robin --seeds 2 -o " +
                                 place + "/r.evenkeel");
  ASSERT_EQ(compared.code, 0) << compared.output;
  const std::string moved = folder_.file("moved");
  fs::rename(place, moved);
  const Ended ended = program("trace " + moved + "/r.evenkeel 2 --run 3");
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, testing::StartsWith("request 2 of class ask, from site 1, seed "));
  refuses(moved + "/r.evenkeel 2", "it holds 4 runs: say which with --run");
  refuses(moved + "/r.evenkeel 2 --run 9", "there is no run 9 in it");
  refuses(moved + "/r.evenkeel 3 --run 1", "there is no request 3: the run sends 3, from 0");
  refuses(moved + "/r.evenkeel 2 --run 1 --seed 4", "--seed and --set are for a scenario");
  std::ofstream(moved + "/at.csv") << "time,class\n0.1,ask\n0.3,ask\n0.5,ask\n";
  refuses(moved + "/r.evenkeel 2 --run 1", "are not what they were when it ran");
}

TEST_F(TraceCommand, SaysWhyItCannot) {
  refuses(scenarios + "three_servers.yaml 1 --set world=sockets", "does not repeat itself");
  refuses(scenarios + "three_servers.yaml 1 --run 1", "--run is for a result file");
  refuses(folder_.file("none.yaml") + " 1", "none.yaml");
}

TEST_F(TraceCommand, FollowsARequestOfAScenario) {
  const Ended ended =
      program("trace " + scenarios + "three_servers.yaml 10 --seed 5 --set duration='20 s'");
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, testing::HasSubstr("request 10 of class "));
  EXPECT_THAT(ended.output, testing::HasSubstr("seed 5: completed after "));
  EXPECT_THAT(ended.output, testing::HasSubstr("chose"));
}

}  // namespace
}  // namespace evenkeel::test

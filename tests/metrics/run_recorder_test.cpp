#include "sim/metrics/run_recorder.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/metrics/fifo_trace.h"

namespace evenkeel {
namespace {

using test::Job;
using test::one_server;
using test::poisson_jobs;
using test::replay;
using test::serve;
using testing::DoubleNear;
using testing::ElementsAre;

const Series& series_of(const RunResult& result, const std::string& name, Scope scope) {
  for (const Series& one : result.series) {
    if (one.name == name && one.scope == scope) return one;
  }
  throw std::runtime_error("no series " + name);
}

/// Three requests of 1 s each, sent at 0, 0.5 and 4 s: latencies 1, 1.5 and 1 s, in a run of 10 s.
RunResult three_requests(RecorderSettings settings) {
  RunRecorder recorder(std::move(settings));
  replay(recorder,
         serve({{seconds(0), seconds(1)}, {seconds(0.5), seconds(1)}, {seconds(4), seconds(1)}}));
  return recorder.finish({});
}

TEST(RunRecorder, SumsUpThreeRequestsByHand) {
  const RunResult result = three_requests(one_server(seconds(10)));
  EXPECT_EQ(result.tally.sent, 3U);
  EXPECT_EQ(result.tally.completed, 3U);
  EXPECT_DOUBLE_EQ(result.latency.mean, 3.5 / 3);
  EXPECT_DOUBLE_EQ(result.latency.p50, 1);
  EXPECT_DOUBLE_EQ(result.latency.max, 1.5);
  EXPECT_DOUBLE_EQ(result.phases.queue, 0.5 / 3);
  EXPECT_DOUBLE_EQ(result.phases.compute, 1);
  EXPECT_DOUBLE_EQ(result.throughput, 0.3);
  EXPECT_DOUBLE_EQ(result.mean_in_system, 0.35);
  EXPECT_DOUBLE_EQ(result.nodes[0].utilisation, 0.3);
  EXPECT_DOUBLE_EQ(result.nodes[0].mean_queue, 0.05);
  EXPECT_EQ(result.nodes[0].completed, 3U);
}

TEST(RunRecorder, KeepsSeriesByBucketByHand) {
  RecorderSettings settings = one_server(seconds(10));
  settings.bucket = seconds(1.5);  // the 7th bucket is 1 s long
  const RunResult result = three_requests(settings);
  EXPECT_THAT(series_of(result, "utilisation", Scope::node).values,
              ElementsAre(1, DoubleNear(0.5 / 1.5, 1e-12), DoubleNear(0.5 / 1.5, 1e-12),
                          DoubleNear(0.5 / 1.5, 1e-12), 0, 0, 0));
  EXPECT_THAT(series_of(result, "mean_queue", Scope::node).values,
              ElementsAre(DoubleNear(0.5 / 1.5, 1e-12), 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(series_of(result, "sent_rate", Scope::site).values,
              ElementsAre(2 / 1.5, 0, 1 / 1.5, 0, 0, 0, 0));
  EXPECT_THAT(series_of(result, "completed_rate", Scope::request_class).values,
              ElementsAre(1 / 1.5, 1 / 1.5, 0, 1 / 1.5, 0, 0, 0));
  const auto& mean = series_of(result, "latency_mean", Scope::request_class).values;
  EXPECT_DOUBLE_EQ(mean[1], 1.5);
  EXPECT_TRUE(std::isnan(mean[2]));
}

TEST(RunRecorder, LeavesOutWhatWasSentBeforeTheWarmUp) {
  RecorderSettings settings = one_server(seconds(10));
  settings.warm_up = seconds(0.5);  // the second request is sent just then, and counts
  const RunResult result = three_requests(settings);
  EXPECT_EQ(result.requests_in_all, 3U);
  EXPECT_EQ(result.tally.sent, 2U);
  EXPECT_DOUBLE_EQ(result.latency.mean, 1.25);
  EXPECT_DOUBLE_EQ(result.throughput, 2 / 9.5);
  EXPECT_DOUBLE_EQ(result.nodes[0].utilisation, 2.5 / 9.5);
  EXPECT_DOUBLE_EQ(result.nodes[0].mean_queue, 0.5 / 9.5);
  EXPECT_EQ(result.requests.size(), 2U);
  EXPECT_DOUBLE_EQ(result.mean_in_system, 0.35);  // of the whole run
}

TEST(RunRecorder, CountsWhatIsUnderWayAtTheEnd) {
  const RunResult result = three_requests(one_server(seconds(4.5)));
  EXPECT_EQ(result.tally.sent, 3U);
  EXPECT_EQ(result.tally.completed, 2U);
  EXPECT_EQ(result.tally.in_flight, 1U);
  EXPECT_DOUBLE_EQ(result.nodes[0].utilisation, 2.5 / 4.5);
}

TEST(RunRecorder, CountsLossesAndLateRequests) {
  RecorderSettings settings = one_server(seconds(10));
  settings.classes[0].deadline = seconds(1.2);
  RunRecorder recorder(settings);
  auto records = serve({{seconds(0), seconds(1)},
                        {seconds(0.5), seconds(1)},
                        {seconds(4), seconds(1)},
                        {seconds(6), seconds(1)}});
  records[2].end = RequestEnd::dropped;
  records[3].end = RequestEnd::timed_out;
  replay(recorder, records);
  const RunResult result = recorder.finish({});
  EXPECT_EQ(result.tally.completed, 2U);
  EXPECT_EQ(result.tally.dropped, 1U);
  EXPECT_EQ(result.tally.timed_out, 1U);
  EXPECT_EQ(result.tally.deadline_misses, 1U);
  EXPECT_DOUBLE_EQ(result.throughput, 0.2);
  EXPECT_DOUBLE_EQ(result.goodput, 0.1);
  EXPECT_EQ(result.latency.samples, 2U);
}

TEST(RunRecorder, IsNotANumberWhereNothingCompleted) {
  RunRecorder recorder(one_server(seconds(1)));
  const RunResult result = recorder.finish({});
  EXPECT_TRUE(std::isnan(result.latency.mean));
  EXPECT_TRUE(std::isnan(result.imbalance_completed.jain));
  EXPECT_TRUE(to_json(result).at("latency").at("mean").is_null());
  EXPECT_DOUBLE_EQ(result.throughput, 0);
}

TEST(RunRecorder, FollowsPollaczekKhinchineOnADeterministicQueue) {
  // M/D/1 at load 0.7: W = D (1 + rho / (2 (1 - rho))) = 2.1667 D, L = lambda W = 1.5167.
  RecorderSettings settings = one_server(seconds(400'000));
  settings.warm_up = seconds(100);
  RunRecorder recorder(settings);
  replay(recorder, serve(poisson_jobs(0.7, seconds(1), settings.duration, 7)));
  const RunResult result = recorder.finish({});
  EXPECT_NEAR(result.latency.mean, 1 + 0.7 / 0.6, 3 * result.latency.ci95_mean);
  EXPECT_LT(result.latency.ci95_mean, 0.03);
  EXPECT_NEAR(result.mean_in_system, 0.7 * (1 + 0.7 / 0.6), 0.04);
  EXPECT_NEAR(result.nodes[0].utilisation, 0.7, 0.01);
  EXPECT_NEAR(result.nodes[0].mean_queue, 0.7 * 0.7 / 0.6, 0.04);
}

TEST(RunRecorder, GivesTheSameWithHistogramsWithinOnePercent) {
  RecorderSettings settings = one_server(seconds(40'000));
  settings.warm_up = seconds(1000);
  const auto records = serve(poisson_jobs(0.7, seconds(1), settings.duration, 8));
  RunRecorder exact(settings);
  replay(exact, records);
  settings.exact_limit = 5000;
  RunRecorder binned(settings);
  replay(binned, records);
  const RunResult a = exact.finish({});
  const RunResult b = binned.finish({});
  EXPECT_EQ(a.tally.completed, b.tally.completed);
  EXPECT_DOUBLE_EQ(a.latency.mean, b.latency.mean);
  EXPECT_DOUBLE_EQ(a.latency.max, b.latency.max);
  EXPECT_NEAR(a.latency.p50, b.latency.p50, 0.01 * a.latency.p50);
  EXPECT_NEAR(a.latency.p99, b.latency.p99, 0.01 * a.latency.p99);
  EXPECT_NEAR(a.sites[0].latency.p999, b.sites[0].latency.p999, 0.01 * a.latency.p999);
  EXPECT_NEAR(a.latency.ci95_mean, b.latency.ci95_mean, 0.4 * a.latency.ci95_mean);
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.histograms[0].bins.size(), b.histograms[0].bins.size());
}

/// A queue that starts with 300 s of backlog, which it works off slowly.
std::vector<RequestRecord> backlog(Duration duration) {
  std::vector<Job> jobs(300, Job{Time::zero(), seconds(1)});
  const auto later = poisson_jobs(0.5, seconds(1), duration, 9);
  jobs.insert(jobs.end(), later.begin(), later.end());
  return serve(jobs);
}

TEST(RunRecorder, FindsTheWarmUpOfABacklog) {
  RecorderSettings settings = one_server(seconds(20'000));
  settings.mser5 = true;
  for (const std::uint64_t limit : {1'000'000U, 1000U}) {
    settings.exact_limit = limit;
    RunRecorder recorder(settings);
    replay(recorder, backlog(settings.duration));
    const RunResult result = recorder.finish({});
    EXPECT_GE(result.warm_up_s, 300);
    EXPECT_LE(result.warm_up_s, 2000);
    EXPECT_FALSE(result.warm_up_doubtful);
    EXPECT_NEAR(result.latency.mean, 1.5, 0.1);  // M/D/1 at 0.5, as if there had been no backlog
    EXPECT_NEAR(result.nodes[0].utilisation, 0.5, 0.03);
    EXPECT_LT(result.tally.sent, result.requests_in_all);
    for (const KeptRequest& kept : result.requests) {
      EXPECT_GE(to_seconds(kept.record.sent), result.warm_up_s);
    }
  }
}

TEST(RunRecorder, FingerprintsTheOrderAndEveryPhase) {
  const auto records = serve({{seconds(0), seconds(1)}, {seconds(0), seconds(1)}});
  const auto fingerprint_of = [](const std::vector<RequestRecord>& told) {
    RunRecorder recorder(one_server(seconds(10)));
    replay(recorder, told);
    return recorder.finish({}).fingerprint;
  };
  const std::string plain = fingerprint_of(records);
  EXPECT_EQ(plain.size(), 16U);
  EXPECT_EQ(plain, fingerprint_of(records));
  auto swapped = records;
  std::swap(swapped[0].number, swapped[1].number);
  EXPECT_NE(plain, fingerprint_of(swapped));
  auto shifted = records;
  shifted[0].compute -= Duration{1};
  shifted[0].network += Duration{1};
  EXPECT_NE(plain, fingerprint_of(shifted));
}

TEST(RunRecorder, CountsByNameAndNodeAfterTheWarmUp) {
  RecorderSettings settings = one_server(seconds(10));
  settings.nodes.push_back({.name = "other"});
  settings.warm_up = seconds(1);
  RunRecorder recorder(settings);
  recorder.count("probes", NodeId{0}, 5);  // during the warm-up
  recorder.level_changed(Level::queue, NodeId{0}, seconds(2), 0);
  recorder.count("steals", NodeId{1}, 1);
  recorder.count("probes", NodeId{1}, 2);
  recorder.count("probes", NodeId{~0U}, 3);
  const RunResult result = recorder.finish({});
  ASSERT_EQ(result.counts.size(), 2U);
  EXPECT_EQ(result.counts[0].name, "probes");
  EXPECT_DOUBLE_EQ(result.counts[0].total, 5);
  EXPECT_DOUBLE_EQ(result.counts[0].nodes.at("other"), 2);
  EXPECT_DOUBLE_EQ(result.counts[1].total, 1);
}

TEST(RunRecorder, PassesOnWhatTheWorldMeasured) {
  RunRecorder recorder(one_server(seconds(10)));
  const RunResult result = recorder.finish(
      {.node_energy_j = {42}, .links = {{.name = "up", .bytes = 1e6}}, .price = 0.5});
  EXPECT_DOUBLE_EQ(result.energy_j, 42);
  EXPECT_DOUBLE_EQ(result.nodes[0].energy_j, 42);
  EXPECT_DOUBLE_EQ(result.links[0].bytes, 1e6);
  EXPECT_DOUBLE_EQ(result.price, 0.5);
}

TEST(RunRecorder, NamesItsJsonAsPromised) {
  RunResult result = three_requests(one_server(seconds(10)));
  set_wall_time(result, 0.5);
  const nlohmann::json json = to_json(result);
  for (const char* key : {"sent",        "completed",       "dropped",   "timed_out",
                          "in_flight",   "throughput",      "goodput",   "latency",
                          "phases",      "nodes",           "imbalance", "links",
                          "energy_j",    "deadline_misses", "wall_s",    "requests_per_wall_s",
                          "fingerprint", "counts",          "classes",   "price",
                          "seed"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  for (const char* key : {"mean", "p50", "p90", "p95", "p99", "p999", "max", "ci95_mean"}) {
    EXPECT_TRUE(json["latency"].contains(key)) << key;
  }
  for (const char* key : {"decision", "network", "queue", "compute", "reply"}) {
    EXPECT_TRUE(json["phases"].contains(key)) << key;
  }
  EXPECT_TRUE(json["imbalance"]["utilisation"].contains("jain"));
  EXPECT_DOUBLE_EQ(json["nodes"][0]["mean_queue"], 0.05);
  EXPECT_EQ(json["sent"], 3);
  EXPECT_DOUBLE_EQ(json["requests_per_wall_s"], 6);
}

TEST(RunRecorderDeathTest, AbortsWhereARequestWasSentAtAnotherInstant) {
  RunRecorder recorder(one_server(seconds(10)));
  recorder.request_sent(0, 0, seconds(1));
  EXPECT_DEATH(
      recorder.request_ended({.sent = seconds(2), .ended = seconds(3), .compute = seconds(1)}),
      "than announced");
}

TEST(RunRecorderDeathTest, AbortsWherePhasesDoNotAddUp) {
  RunRecorder recorder(one_server(seconds(10)));
  recorder.request_sent(0, 0, seconds(1));
  EXPECT_DEATH(recorder.request_ended({.sent = seconds(1), .ended = seconds(3)}), "phases");
}

TEST(DefaultBucket, IsNiceAndBounded) {
  EXPECT_EQ(default_bucket(one_server(seconds(600))), seconds(5));
  RecorderSettings wide = one_server(seconds(600));
  wide.sites.assign(10'000, "site");
  EXPECT_EQ(default_bucket(wide), seconds(100));
}

}  // namespace
}  // namespace evenkeel

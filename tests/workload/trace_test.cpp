// Replay of recorded requests: the Azure traces with their quirks, and small files made by hand.
#include <gmock/gmock.h>

#include "sim/workload/csv.h"
#include "tests/workload/settings.h"
#include "tests/workload/statistics.h"

namespace evenkeel {
namespace {

std::vector<Demand> all_of(Arrivals& arrivals, std::size_t limit = 1'000'000) {
  std::vector<Demand> requests;
  for (; requests.size() < limit && arrivals.peek(); arrivals.pop())
    requests.push_back(*arrivals.peek());
  return requests;
}
std::vector<Demand> replayed(const std::string& process, Values values, const std::string& path,
                             const ArrivalContext& context = {}, std::size_t limit = 1'000'000) {
  values["file"] = path;
  return all_of(*arrivals_of(process, values, context), limit);
}
std::vector<double> times_of(const std::vector<Demand>& requests) {
  std::vector<double> times;
  for (const Demand& request : requests)
    times.push_back(static_cast<double>(request.at.count()) / 1e9);  // exact for whole seconds
  return times;
}

TEST(Trace, PlaysTheAzureLlmTraceExactly) {
  const std::string path = trace_path("AzureLLMInferenceTrace_conv.csv");
  EVENKEEL_NEEDS(path);
  const auto requests = replayed("trace",
                                 {{"time", "TIMESTAMP"},
                                  {"time_unit", "date"},
                                  {"input", "ContextTokens"},
                                  {"input_unit", "4"},
                                  {"work", "GeneratedTokens"},
                                  {"work_unit", "1e9"}},
                                 path, {.devices = 7, .seed = 1});
  ASSERT_EQ(requests.size(), 19'366u);
  EXPECT_TRUE(std::ranges::is_sorted(requests, {}, &Demand::at));
  // 18:15:46.6805900, then 18:15:50.9951690, and at the end 19:14:08.4025270.
  EXPECT_EQ(requests[0].at.count(), 0);
  EXPECT_EQ(requests[1].at.count(), 4'314'579'000);
  EXPECT_EQ(requests.back().at.count(), 3'501'721'937'000);
  double input = 0, work = 0;
  for (const Demand& request : requests) {
    input += *request.input_bytes;
    work += *request.work;
    EXPECT_FALSE(request.output_bytes || request.key);
  }
  EXPECT_EQ(input, 4.0 * 22'361'870);
  EXPECT_EQ(work, 1e9 * 4'088'665);
}

TEST(Trace, TakesDurationsOffTheAzure2021EndsAndSorts) {
  const std::string path = trace_path("Azure2021_200.csv");
  EVENKEEL_NEEDS(path);
  const auto requests = replayed("trace",
                                 {{"time", "end_timestamp"},
                                  {"duration", "duration"},
                                  {"work", "duration"},
                                  {"work_unit", "2e9"},
                                  {"key", "func"}},
                                 path, {.devices = 3, .seed = 1});
  ASSERT_EQ(requests.size(), 199u);  // 200 lines, of which one is the header
  EXPECT_TRUE(std::ranges::is_sorted(requests, {}, &Demand::at));
  // From the earliest start, 0.07949090003967285 - 0.078, to the latest, 1260.0557980537415
  // - 60.041.
  EXPECT_EQ(requests.front().at.count(), 0);
  EXPECT_NEAR(to_seconds(requests.back().at), 1200.0147980537415 - 0.0014909000396728517, 2e-9);
  std::map<std::uint64_t, int> functions;
  double work = 0;
  for (const Demand& request : requests) {
    ++functions[*request.key];
    work += *request.work;
  }
  EXPECT_EQ(functions.size(), 31u);
  EXPECT_NEAR(work, 2e9 * 10'599.17, 1);
}

TEST(TraceCounts, PlaysTheAzure2019InvocationsOfEachFunctionAndMinute) {
  const std::string path = trace_path("10_inv.csv");
  EVENKEEL_NEEDS(path);
  for (const std::string spread : {"random", "even", "start"}) {
    const auto requests = replayed("trace_counts", {{"key", "HashFunction"}, {"spread", spread}},
                                   path, {.devices = 10, .seed = 1});
    ASSERT_EQ(requests.size(), 28'432u);
    EXPECT_TRUE(std::ranges::is_sorted(requests, {}, &Demand::at));
    std::map<std::pair<std::uint64_t, std::int64_t>, double> counts;
    for (const Demand& request : requests)
      ++counts[{*request.key, request.at / std::chrono::minutes{1}}];
    CsvFile csv{path};
    std::size_t cells = 0;
    while (csv.next_row())
      for (std::int64_t minute = 0; minute < 1440; ++minute) {
        const double expected =
            csv.number(csv.column("minute_1") + static_cast<std::size_t>(minute), 0, 1e9);
        if (expected == 0) continue;
        ++cells;
        EXPECT_EQ((counts[{key_of(csv.field(0)), minute}]), expected);
      }
    EXPECT_EQ(counts.size(), cells);
  }
}

TEST(TraceCounts, SpreadsWithinTheIntervalAsTold) {
  const TemporaryFile file{"f,m1,m2\na,4,0\nb,0,2000\n"};
  const Values values = {{"prefix", "m"}, {"interval", "8"}, {"start", "100"}};
  Values even = values;
  even["spread"] = "even";
  const auto evenly = times_of(replayed("trace_counts", even, file.path()));
  EXPECT_THAT(std::vector(evenly.begin(), evenly.begin() + 4),
              testing::ElementsAre(101, 103, 105, 107));
  Values start = values;
  start["spread"] = "start";
  const auto begun = times_of(replayed("trace_counts", start, file.path()));
  EXPECT_EQ(begun[3], 100);
  EXPECT_EQ(begun[4], 108);
  auto random = times_of(replayed("trace_counts", values, file.path()));
  ASSERT_EQ(random.size(), 2004u);
  random.erase(random.begin(), random.begin() + 4);
  EXPECT_LT(kolmogorov_smirnov(random, [](double x) { return (x - 108) / 8; }),
            kolmogorov_smirnov_limit);
}

TEST(TraceCounts, SkipsCutsAndLoops) {
  const TemporaryFile file{"f,m1,m2,m3\na,1,2,3\n"};
  const auto requests = replayed("trace_counts",
                                 {{"prefix", "m"},
                                  {"interval", "10"},
                                  {"spread", "start"},
                                  {"skip", "1"},
                                  {"intervals", "1"},
                                  {"loop", "true"}},
                                 file.path(), {}, 5);
  EXPECT_THAT(times_of(requests), testing::ElementsAre(0, 0, 10, 10, 20));
}

TEST(TraceCounts, SaysWhereTheFileIsWrong) {
  const auto error = [](const std::string& text) {
    const TemporaryFile file{text};
    const std::string message = user_error_of([&] {
      replayed("trace_counts", {{"prefix", "m"}}, file.path());
    });
    return message.substr(std::min(message.size(), file.path().size()));
  };
  EXPECT_EQ(error("f,m1,m2\na,1,2.5\n"), ":2:5: m2: a number of requests is whole");
  EXPECT_EQ(error("f,m1,m2\na,1,-1\n"),
            ":2:5: m2: '-1' is out of range; 0 to 10000000 is possible");
  EXPECT_EQ(error("f,m1,m3\na,1,1\n"),
            ":1:1: the interval before 'm3' is missing, or it is there twice");
  EXPECT_EQ(error("f,m1,m1\na,1,1\n"),
            ":1:1: the interval before 'm1' is missing, or it is there twice");
  EXPECT_EQ(error("f,n1\na,1\n"), ":1:1: no column 'm1', 'm2', ...");
  EXPECT_EQ(error("f,m1\na,0\n"), ": has no request in what is played");
  EXPECT_EQ(error("f,m1\na,9000000\nb,9000000\n"),
            ": more than 10 million requests in one interval");
}

TEST(Trace, SortsStartsAnywhereAndCuts) {
  const TemporaryFile file{"time\n7\n5\n6\n10\n8.5\n"};
  EXPECT_THAT(times_of(replayed("trace", {}, file.path())), testing::ElementsAre(0, 1, 2, 3.5, 5));
  EXPECT_THAT(
      times_of(replayed("trace", {{"start", "2"}, {"skip", "1"}, {"length", "3"}}, file.path())),
      testing::ElementsAre(2, 3, 4.5));
  EXPECT_THAT(times_of(replayed("trace", {{"stretch", "0.5"}, {"time_unit", "min"}}, file.path())),
              testing::ElementsAre(0, 30, 60, 105, 150));
}

TEST(Trace, LoopsAfterItsLengthOrOneMeanGap) {
  const TemporaryFile file{"time\n1\n2\n5\n"};
  EXPECT_THAT(times_of(replayed("trace", {{"loop", "true"}}, file.path(), {}, 7)),
              testing::ElementsAre(0, 1, 4, 6, 7, 10, 12));
  EXPECT_THAT(times_of(replayed("trace", {{"loop", "true"}, {"length", "10"}}, file.path(), {}, 4)),
              testing::ElementsAre(0, 1, 4, 10));
}

TEST(Trace, GivesRequestsToTheDevicesItNames) {
  const TemporaryFile file{"time,who\n0,3\n1,13\n2,anna\n3,anna\n"};
  const auto requests = replayed("trace", {{"device", "who"}}, file.path(), {.devices = 10});
  EXPECT_EQ(requests[0].device, 3u);
  EXPECT_EQ(requests[1].device, 3u);
  EXPECT_EQ(requests[2].device, requests[3].device);
}

TEST(Trace, IsThinnedAndThickened) {
  std::string text = "time,n\n";
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + "," + std::to_string(i) + "\n";
  const TemporaryFile file{text};
  const Values values = {{"work", "n"}};
  const auto thin = replayed("trace", values, file.path(), {.scale = 0.3});
  EXPECT_NEAR(static_cast<double>(thin.size()), 6000, 4 * std::sqrt(20'000 * 0.3 * 0.7));
  for (const Demand& request : thin) EXPECT_EQ(request.at, seconds(*request.work));
  const auto thick = replayed("trace", values, file.path(), {.scale = 2.5});
  EXPECT_NEAR(static_cast<double>(thick.size()), 50'000, 4 * std::sqrt(20'000 * 0.25));
  EXPECT_TRUE(std::ranges::is_sorted(thick, {}, &Demand::at));
  // A copy comes before the next request of the file.
  for (const Demand& request : thick)
    EXPECT_EQ(request.at / std::chrono::seconds{1}, *request.work);
}

TEST(Trace, SendsMoreFromHotSpots) {
  std::string text = "time\n";
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i) + "\n";
  const TemporaryFile file{text};
  // Of 10 devices one asks 11 times as often: twice as many requests, of which 11 in 20 are its.
  const auto requests =
      replayed("trace", {}, file.path(),
               {.devices = 10, .seed = 3, .hot = {{.devices = {{4, 1}}, .factor = 11}}});
  EXPECT_EQ(requests.size(), 20'000u);
  const auto its = std::ranges::count(requests, 4u, &Demand::device);
  EXPECT_NEAR(static_cast<double>(its), 11'000, 4 * std::sqrt(20'000 * 0.55 * 0.45));
}

TEST(Trace, SaysWhereTheFileIsWrong) {
  const auto error = [](const std::string& text, const Values& values = {}) {
    const TemporaryFile file{text};
    const std::string message = user_error_of([&] { replayed("trace", values, file.path()); });
    return message.substr(std::min(message.size(), file.path().size()));
  };
  EXPECT_EQ(error("when\n1\n"), ":1:1: no column 'time'; the columns are 'when'");
  EXPECT_EQ(error("time\n1\n1 s\n"), ":3:1: time: '1 s' is no number");
  EXPECT_EQ(error("time\n"), ": has no rows below its header");
  EXPECT_EQ(error("time,w\n1,-2\n", {{"work", "w"}}).substr(0, 33),
            ":2:3: w: '-2' is out of range; 0 ");
  EXPECT_EQ(error("time,d\n1,-2\n", {{"duration", "d"}}), ":2:3: d: a duration is at least 0");
  EXPECT_EQ(error("time\n1\n2\n", {{"skip", "5"}}),
            ": has no request left after 'skip' and within 'length'");
  EXPECT_EQ(error("time\n1\n1\n", {{"loop", "true"}}),
            ": cannot be looped: all its requests come at one time; give 'length'");
  EXPECT_EQ(error("time\n0\n2e9\n"), ": is longer than 30 years; see 'time_unit', 'stretch'");
  EXPECT_THAT(error("time\n2023-01-01 00:00:00\n"), testing::HasSubstr("must then be 'date'"));
}

TEST(Trace, RefusesToRepeatARequestAMillionTimes) {
  const TemporaryFile file{"time\n1\n"};
  EXPECT_THAT(user_error_of([&] { replayed("trace", {}, file.path(), {.scale = 1e7}); }),
              testing::HasSubstr("at most a million times"));
}

}  // namespace
}  // namespace evenkeel

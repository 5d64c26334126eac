#include "sim/metrics/result_file.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "models/runtime/random.h"
#include "models/runtime/user_error.h"
#include "tests/metrics/sample_result.h"

namespace evenkeel {
namespace {

using test::sample_result;
using test::TemporaryFile;
using testing::HasSubstr;
using Mode = ResultFile::Mode;

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Everything there is to read.
void read_all(const std::string& path) {
  const ResultFile file(path, Mode::read);
  (void)file.studies();
  for (const std::int64_t run : file.runs()) (void)file.read_run(run);
}

void expect_same_values(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) << i;
  }
}

TEST(ResultFile, GivesBackARunInFull) {
  const TemporaryFile place("full.evk");
  const RunResult written = sample_result(3, "nearest");
  ResultFile file(place.path(), Mode::write);
  file.add_run(written);
  ASSERT_EQ(file.runs().size(), 1U);
  const RunResult read = file.read_run(file.runs()[0]);

  EXPECT_EQ(to_json(read), to_json(written));
  ASSERT_EQ(read.series.size(), written.series.size());
  for (std::size_t i = 0; i < read.series.size(); ++i) {
    EXPECT_EQ(read.series[i].name, written.series[i].name);
    EXPECT_EQ(read.series[i].unit, written.series[i].unit);
    EXPECT_EQ(read.series[i].scope, written.series[i].scope);
    EXPECT_EQ(read.series[i].subject, written.series[i].subject);
    expect_same_values(read.series[i].values, written.series[i].values);
  }
  ASSERT_EQ(read.histograms.size(), written.histograms.size());
  for (std::size_t i = 0; i < read.histograms.size(); ++i) {
    EXPECT_EQ(read.histograms[i].subject, written.histograms[i].subject);
    ASSERT_EQ(read.histograms[i].bins.size(), written.histograms[i].bins.size());
    EXPECT_EQ(read.histograms[i].bins.back().high_s, written.histograms[i].bins.back().high_s);
    EXPECT_EQ(read.histograms[i].bins.back().count, written.histograms[i].bins.back().count);
  }
  ASSERT_EQ(read.requests.size(), written.requests.size());
  for (std::size_t i = 0; i < read.requests.size(); ++i) {
    const RequestRecord& a = read.requests[i].record;
    const RequestRecord& b = written.requests[i].record;
    EXPECT_EQ(a.number, b.number);
    EXPECT_EQ(a.end, b.end);
    EXPECT_EQ(a.sent, b.sent);
    EXPECT_EQ(a.ended, b.ended);
    EXPECT_EQ(a.queue, b.queue);
    EXPECT_EQ(a.compute, b.compute);
    EXPECT_EQ(a.site, b.site);
  }
  ASSERT_EQ(read.events.size(), 1U);
  EXPECT_EQ(read.events[0].detail, "power lost");
  EXPECT_EQ(read.counts[0].nodes, written.counts[0].nodes);
}

TEST(ResultFile, ReadsScalarsAlone) {
  const TemporaryFile place("scalars.evk");
  ResultFile file(place.path(), Mode::write);
  const RunResult written = sample_result(3, "nearest");
  file.add_run(written);
  const RunResult read = file.read_run(1, ResultFile::Detail::scalars);
  EXPECT_EQ(to_json(read), to_json(written));
  EXPECT_TRUE(read.series.empty());
}

TEST(ResultFile, ReadsTimelinesWithoutRequests) {
  const TemporaryFile place("timelines.evk");
  ResultFile file(place.path(), Mode::write);
  file.add_run(sample_result(3, "nearest"));
  const RunResult run = file.read_run(1, ResultFile::Detail::timelines);
  EXPECT_FALSE(run.series.empty());
  EXPECT_FALSE(run.histograms.empty());
  EXPECT_TRUE(run.requests.empty());
}

TEST(ResultFile, KnowsWhichRunsItHas) {
  const TemporaryFile place("keys.evk");
  ResultFile file(place.path(), Mode::write);
  const RunResult result = sample_result(3, "nearest");
  EXPECT_FALSE(file.has_run(key_of(result)));
  file.add_run(result);
  EXPECT_TRUE(file.has_run(key_of(result)));
  for (const auto& change : std::vector<std::function<void(RunKey&)>>{
           [](RunKey& key) { key.seed = 4; }, [](RunKey& key) { key.version = "0.1.1"; },
           [](RunKey& key) { key.scenario_hash = "0124"; },
           [](RunKey& key) { key.chosen["balancing.policy"] = "random"; },
           [](RunKey& key) { key.chosen["duration"] = "1 s"; }}) {
    RunKey other = key_of(result);
    change(other);
    EXPECT_FALSE(file.has_run(other));
  }
}

TEST(ResultFile, ReplacesARunWithTheSameKey) {
  const TemporaryFile place("replace.evk");
  ResultFile file(place.path(), Mode::write);
  RunResult result = sample_result(3, "nearest");
  file.add_run(result);
  result.wall_s = 77;
  file.add_run(result);
  ASSERT_EQ(file.runs().size(), 1U);
  const RunResult read = file.read_run(file.runs()[0]);
  EXPECT_DOUBLE_EQ(read.wall_s, 77);
  EXPECT_EQ(read.requests.size(), result.requests.size());
}

TEST(ResultFile, KeepsWhatAStudyIsAbout) {
  const TemporaryFile place("study.evk");
  ResultFile file(place.path(), Mode::write);
  StudyInfo study{.scenario_hash = scenario_hash("name: x"),
                  .name = "x",
                  .question = "Does it?",
                  .scenario_text = "name: x",
                  .matrix = {{"balancing.policy", {"random", "nearest"}}},
                  .charts = {"latency_cdf"},
                  .baseline = "random",
                  .metric = "p99"};
  file.put_study(study);
  study.question = "Does it not?";
  file.put_study(study);
  const auto read = ResultFile(place.path(), Mode::read).studies();
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].question, "Does it not?");
  EXPECT_EQ(read[0].matrix, study.matrix);
  EXPECT_EQ(read[0].charts, study.charts);
}

TEST(ResultFile, LosesAtMostTheRunInProgressWhenKilled) {
  const TemporaryFile place("killed.evk");
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    ResultFile file(place.path(), Mode::write);
    for (std::uint64_t seed = 1;; ++seed) {
      file.add_run(sample_result(seed, "nearest"));
      const char done = 1;
      if (write(pipe_ends[1], &done, 1) != 1) _exit(1);
    }
  }
  std::uint64_t finished = 0;
  char byte = 0;
  while (finished < 3 && read(pipe_ends[0], &byte, 1) == 1) ++finished;
  usleep(3000);  // most likely in the middle of the next one
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(pipe_ends[1]);
  while (read(pipe_ends[0], &byte, 1) == 1) ++finished;
  close(pipe_ends[0]);
  ResultFile file(place.path(), Mode::write);
  EXPECT_GE(file.runs().size(), finished);
  EXPECT_LE(file.runs().size(), finished + 1);
  for (const std::int64_t run : file.runs()) check_conservation(file.read_run(run));
  for (std::uint64_t seed = 1; seed <= finished; ++seed) {
    EXPECT_TRUE(file.has_run(key_of(sample_result(seed, "nearest"))));
  }
  file.add_run(sample_result(1000, "nearest"));  // and goes on
}

TEST(ResultFile, IsReadWhileItIsWritten) {
  const TemporaryFile place("concurrent.evk");
  ResultFile writer(place.path(), Mode::write);
  writer.add_run(sample_result(1, "nearest"));
  const ResultFile reader(place.path(), Mode::read);
  EXPECT_EQ(reader.runs().size(), 1U);
  writer.add_run(sample_result(2, "nearest"));
  EXPECT_EQ(reader.runs().size(), 2U);
}

TEST(ResultFile, SaysWhatIsWrongWithAFileThatIsNone) {
  const TemporaryFile place("wrong.evk");
  const auto opening = [&] { ResultFile(place.path(), Mode::read); };
  EXPECT_THAT(error_of(opening), HasSubstr(place.path() + ": there is no such file"));
  write_bytes(place.path(), "");
  EXPECT_THAT(error_of(opening), HasSubstr("empty"));
  write_bytes(place.path(), "name: a scenario\nduration: 10 s\n");
  EXPECT_THAT(error_of(opening), HasSubstr("not a result file"));
  EXPECT_THAT(error_of([&] { ResultFile(place.path(), Mode::write); }),
              HasSubstr("not a result file"));
  EXPECT_THAT(error_of([] { ResultFile("/", Mode::read); }), HasSubstr("no regular file"));
  EXPECT_THAT(error_of([] { ResultFile("/no/such/folder/x", Mode::write); }), HasSubstr("open"));
}

TEST(ResultFile, RefusesOtherDatabasesAndNewerFormats) {
  const TemporaryFile place("format.evk");
  { Database(place.path(), Mode::write).execute("CREATE TABLE contacts(name TEXT)"); }
  EXPECT_THAT(error_of([&] { read_all(place.path()); }), HasSubstr("another program"));
  const TemporaryFile newer("newer.evk");
  { ResultFile(newer.path(), Mode::write); }
  { Database(newer.path(), Mode::write).execute("PRAGMA user_version = 9"); }
  EXPECT_THAT(error_of([&] { read_all(newer.path()); }), HasSubstr("format 9"));
  { Database(newer.path(), Mode::write).execute("PRAGMA user_version = 2"); }
  EXPECT_THAT(error_of([&] { read_all(newer.path()); }), HasSubstr("older evenkeel"));
  const TemporaryFile altered("altered.evk");
  { ResultFile(altered.path(), Mode::write); }
  { Database(altered.path(), Mode::write).execute("DROP VIEW series"); }
  EXPECT_THAT(error_of([&] { read_all(altered.path()); }), HasSubstr("damaged"));
}

TEST(ResultFile, NoticesAChangedValue) {
  const TemporaryFile place("changed.evk");
  ResultFile(place.path(), Mode::write).add_run(sample_result(1, "nearest"));
  Database(place.path(), Mode::write)
      .execute("UPDATE scalars SET value = value + 1 WHERE name = 'latency.p99'");
  EXPECT_THAT(error_of([&] { read_all(place.path()); }), HasSubstr("not what was written"));
}

TEST(ResultFile, NoticesAChangedRequestOnlyWhereItReadsRequests) {
  for (const char* change :
       {"UPDATE requests SET queue_s = queue_s + 1e-12 WHERE rowid = 1",
        "UPDATE requests SET number = number + 1 WHERE rowid = 1", "DELETE FROM requests",
        "INSERT INTO requests SELECT * FROM requests LIMIT 1"}) {
    const TemporaryFile place("changed.evk");
    ResultFile(place.path(), Mode::write).add_run(sample_result(1, "nearest"));
    Database(place.path(), Mode::write).execute(change);
    EXPECT_THAT(error_of([&] { read_all(place.path()); }), HasSubstr("not what was written"))
        << change;
    const ResultFile file(place.path(), Mode::read);
    EXPECT_FALSE(file.read_run(1, ResultFile::Detail::timelines).series.empty());
  }
}

TEST(ResultFile, NoticesChangedTimelinesWithoutReadingRequests) {
  for (const char* change :
       {"UPDATE series_points SET value = value + 1 WHERE bucket = 0",
        "UPDATE histograms SET count = count + 1 WHERE rowid = 1", "DELETE FROM events"}) {
    const TemporaryFile place("changed.evk");
    ResultFile(place.path(), Mode::write).add_run(sample_result(1, "nearest"));
    Database(place.path(), Mode::write).execute(change);
    const ResultFile file(place.path(), Mode::read);
    EXPECT_THAT(error_of([&] { (void)file.read_run(1, ResultFile::Detail::timelines); }),
                HasSubstr("not what was written"))
        << change;
  }
}

TEST(ResultFile, KeepsTheRequestsOfRunsApart) {
  const TemporaryFile place("two.evk");
  ResultFile file(place.path(), Mode::write);
  for (const std::uint64_t seed : {1, 2, 3}) file.add_run(sample_result(seed, "nearest"));
  file.add_run(sample_result(1, "nearest"));  // again: its rows go to the end
  for (const std::int64_t run : file.runs())
    EXPECT_EQ(file.read_run(run).requests.size(),
              sample_result(file.key(run).seed, "nearest").requests.size());
}

TEST(ResultFile, NeverCrashesOnADamagedFile) {
  const TemporaryFile place("damaged.evk");
  {
    ResultFile file(place.path(), Mode::write);
    file.put_study({.scenario_hash = "0123", .name = "x", .charts = {"latency_cdf"}});
    file.add_run(sample_result(1, "nearest"));
  }
  const std::string good = bytes_of(place.path());
  const std::string truth = [&] {
    return to_json(ResultFile(place.path(), Mode::read).read_run(1)).dump();
  }();
  Random random(5);
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bad = good;
    if (round % 3 == 0) {
      bad.resize(random.below(bad.size()));
    } else {
      for (int flip = 0; flip <= round % 7; ++flip) {
        const std::uint64_t bound = round % 3 == 1 ? bad.size() : 4096;
        bad[random.below(bound)] ^= static_cast<char>(1 << random.below(8));
      }
    }
    write_bytes(place.path(), bad);
    try {
      const ResultFile file(place.path(), Mode::read);
      (void)file.studies();
      for (const std::int64_t run : file.runs()) {
        EXPECT_EQ(to_json(file.read_run(run)).dump(), truth) << "silent nonsense in " << round;
      }
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr(place.path()));
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace evenkeel

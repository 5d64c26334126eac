// Children, jobs, stops and kills, with runs that need no simulation.
#include "sim/study/run_cells.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "models/runtime/user_error.h"
#include "sim/study/progress.h"
#include "tests/folder.h"

namespace evenkeel {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RunCellsTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name = "study.evenkeel") const { return folder_.file(name); }

  /// Each run leaves a line in `started`, so that it is seen how often it was run.
  RunResult result(const Cell& cell) const {
    std::ofstream(file("started"), std::ios::app)
        << cell.key.seed << ' ' << ::getpid() << std::endl;
    RunResult result{.scenario = "test", .duration_s = 1};
    result.fingerprint = "print of " + std::to_string(cell.key.seed);
    result.latency.p99 = static_cast<double>(cell.key.seed);
    return result;
  }

  RunCells study(int jobs, std::size_t cells = 8) const {
    RunCells study{.out = file(), .jobs = jobs, .run = [this](const Cell& c, const ShareTold&) {
                     return result(c);
                   }};
    for (std::size_t i = 0; i < cells; ++i)
      study.cells.push_back({.key = {"hash", i + 1, {{"policy", i % 2 == 0 ? "a" : "b"}}, "1"}});
    return study;
  }

  std::vector<std::string> lines(const std::string& name) const {
    std::ifstream in(file(name));
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }

  std::vector<std::string> prints(const std::string& path) const {
    const ResultFile results(path, ResultFile::Mode::read);
    std::vector<std::string> found;
    for (const std::int64_t run : results.runs())
      found.push_back(results.read_run(run).fingerprint);
    return found;
  }

  test::Folder folder_;
};

TEST_F(RunCellsTest, GivesTheSameFileForAnyNumberOfJobs) {
  RunCells one = study(1);
  RunCells four = study(4);
  four.out = file("four.evenkeel");
  four.run = [this](const Cell& cell, const ShareTold&) {  // the later, the sooner done
    std::this_thread::sleep_for(std::chrono::milliseconds(80 - 10 * cell.key.seed));
    return result(cell);
  };
  run_cells(one);
  run_cells(four);
  EXPECT_THAT(prints(one.out), SizeIs(8));
  EXPECT_EQ(prints(one.out), prints(four.out));
  EXPECT_EQ(prints(one.out).front(), "print of 1");
  EXPECT_FALSE(fs::exists(four.out + ".parts"));
}

TEST_F(RunCellsTest, RunsNothingTwice) {
  run_cells(study(2, 4));
  const CellsOutcome outcome = run_cells(study(2, 6));
  EXPECT_EQ(outcome.progress.kept, 4u);
  EXPECT_EQ(outcome.progress.done, 2u);
  EXPECT_THAT(lines("started"), SizeIs(6));
}

TEST_F(RunCellsTest, GoesOnAfterFailuresAndTellsThem) {
  RunCells failing = study(2, 5);
  failing.run = [this](const Cell& cell, const ShareTold&) {
    if (cell.key.seed == 2) throw UserError("no server is left");
    if (cell.key.seed == 4) std::abort();
    return result(cell);
  };
  const CellsOutcome outcome = run_cells(failing);
  ASSERT_THAT(outcome.failures, SizeIs(2));
  EXPECT_EQ(outcome.failures[0].cell, 1u);
  EXPECT_EQ(outcome.failures[0].end.exit_code, 2);
  EXPECT_EQ(outcome.failures[0].end.output, "no server is left\n");
  EXPECT_EQ(outcome.failures[1].end.signal, SIGABRT);
  EXPECT_THAT(prints(file()), SizeIs(3));
}

TEST_F(RunCellsTest, AStopKeepsWhatIsDoneAndEndsTheRest) {
  RunCells stopped = study(2);
  stopped.run = [this](const Cell& cell, const ShareTold&) {
    const RunResult done = result(cell);
    if (cell.key.seed != 2) return done;
    while (true) ::pause();
  };
  stopped.is_stopped = [this] { return lines("started").size() >= 6; };
  const CellsOutcome outcome = run_cells(stopped);
  EXPECT_TRUE(outcome.stopped);
  EXPECT_GE(prints(file()).size(), 3u);  // 1, 3, 4, though 2 never ended
  const std::size_t kept = prints(file()).size();
  const CellsOutcome rest = run_cells(study(2));
  EXPECT_EQ(rest.progress.kept, kept);
  EXPECT_THAT(prints(file()), SizeIs(8));
}

/// Waits up to 20 s.
bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

/// A process that is gone, or dead and not yet waited for.
bool is_dead(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return !(stat >> number >> name >> state) || state == "Z";
}

TEST_F(RunCellsTest, AKillLosesNothingFinishedAndLeavesNoChildren) {
  RunCells killed = study(2);
  killed.run = [this](const Cell& cell, const ShareTold&) {
    const RunResult done = result(cell);
    if (cell.key.seed != 1 && cell.key.seed != 5) return done;
    while (true) ::pause();  // 1 blocks the merge of 2, 3 and 4; 5 the rest
  };
  const pid_t pid = ::fork();
  if (pid == 0) {
    run_cells(killed);
    ::_exit(0);
  }
  ASSERT_TRUE(eventually([&] { return lines("started").size() == 5; }));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  for (const std::string& line : lines("started")) {
    const pid_t child = std::stoi(line.substr(line.find(' ')));
    EXPECT_TRUE(eventually([&] { return is_dead(child); })) << line;
  }
  const CellsOutcome outcome = run_cells(study(2));
  EXPECT_EQ(outcome.progress.kept, 3u);  // 2, 3, 4
  EXPECT_THAT(outcome.failures, IsEmpty());
  EXPECT_THAT(prints(file()), SizeIs(8));
  EXPECT_THAT(lines("started"), SizeIs(5 + 5));
}

TEST_F(RunCellsTest, RefusesAFileThatAnotherStudyWritesTo) {
  fs::create_directory(file() + ".parts");
  RunCells inner = study(1, 1);
  RunCells outer = study(1, 1);
  std::string message;
  outer.on_progress = [&](const CellProgress&) {
    try {
      run_cells(inner);
    } catch (const UserError& error) {
      message = error.what();
    }
  };
  run_cells(outer);
  EXPECT_THAT(message, HasSubstr("another comparison is writing to this file"));
}

TEST_F(RunCellsTest, IgnoresDamagedRestsOfAnEarlierStudy) {
  fs::create_directory(file() + ".parts");
  std::ofstream(file() + ".parts/0.run") << "SQLite format 3 and then nonsense";
  std::ofstream(file() + ".parts/1.run") << "";
  run_cells(study(1, 2));
  EXPECT_THAT(prints(file()), SizeIs(2));
}

TEST_F(RunCellsTest, TellsWhatBecomesOfEachCell) {
  run_cells(study(1, 1));
  RunCells more = study(2, 3);
  std::map<std::size_t, std::string> told;
  more.on_cell = [&](std::size_t cell, CellState state) {
    told[cell] += "ksfx"[static_cast<int>(state)];
  };
  more.run = [this](const Cell& cell, const ShareTold&) {
    if (cell.key.seed == 3) std::exit(1);
    return result(cell);
  };
  run_cells(more);
  EXPECT_EQ(told, (std::map<std::size_t, std::string>{{0, "k"}, {1, "sf"}, {2, "sx"}}));
}

TEST_F(RunCellsTest, TellsHowFarARunHasCome) {
  RunCells halfway = study(1, 2);
  halfway.run = [this](const Cell& cell, const ShareTold& tell) {
    for (const double share : {0.25, 0.5}) {
      tell(share);
      while (!fs::exists(file("seen " + std::to_string(share))))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return result(cell);
  };
  double now = 0;
  halfway.now_s = [&] { return now; };
  std::vector<std::pair<std::size_t, double>> told;
  std::vector<CellProgress> progress;
  halfway.on_share = [&](std::size_t cell, double share) {
    told.emplace_back(cell, share);
    now += 5;
  };
  halfway.on_progress = [&](const CellProgress& its) {
    progress.push_back(its);
    if (its.underway > 0) std::ofstream(file("seen " + std::to_string(its.underway)));
  };
  run_cells(halfway);
  ASSERT_GE(told.size(), 2u);
  EXPECT_EQ(told[0], std::pair(std::size_t{0}, 0.25));
  EXPECT_EQ(told[1], std::pair(std::size_t{0}, 0.5));
  EXPECT_TRUE(std::isnan(progress.front().left_s));
  // The second quarter took 5 s: with the first, which took none, that makes 15 s a run. When it
  // was told, 10 s of them were over.
  const auto half = std::ranges::find(progress, 0.5, &CellProgress::underway);
  ASSERT_NE(half, progress.end());
  EXPECT_NEAR(half->left_s, 5 + 15, 1e-9);
  EXPECT_EQ(progress.back().underway, 0);
  EXPECT_EQ(progress.back().left_s, 0);
}

TEST(ProgressLines, ArePlanCellsAndWhatIsLeft) {
  std::ostringstream out;
  double now = 100;
  ProgressLines lines(out, [&] { return now; });
  lines.plan("r.evenkeel", {{.key = {"hash", 7, {{"policy", "a"}}, "1"}}});
  lines.show({.all = 4});
  now += 0.1;
  lines.show({.all = 4});  // nothing new, too soon
  lines.share(0, 0.4199);
  lines.cell(0, CellState::finished);
  now += 9.9;
  lines.show({.all = 4, .done = 1, .running = 1});
  std::vector<nlohmann::json> told;
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) told.push_back(nlohmann::json::parse(line));
  ASSERT_THAT(told, SizeIs(5));
  EXPECT_EQ(told[0]["cells"][0]["seed"], 7);
  EXPECT_EQ(told[0]["cells"][0]["chosen"]["policy"], "a");
  EXPECT_TRUE(told[1]["left_s"].is_null());
  EXPECT_EQ(told[2]["event"], "share");
  EXPECT_EQ(told[2]["share"], 0.42);
  EXPECT_EQ(told[3]["state"], "finished");
  EXPECT_DOUBLE_EQ(told[4]["left_s"].get<double>(), 30);
}

TEST(ProgressText, FollowsTheRateOfFinishedRuns) {
  EXPECT_EQ(progress_text({.all = 40, .kept = 4, .done = 6, .running = 2}, 60),
            "10 of 40 runs (4 from before), 2 running, about 5 min left");
  EXPECT_EQ(progress_text({.all = 2, .running = 1, .underway = 0.5, .left_s = 7.5}, 5),
            "0 of 2 runs, 1 running, about 8 s left");
  EXPECT_EQ(progress_text({.all = 2, .running = 1}, 5), "0 of 2 runs, 1 running");
}

}  // namespace
}  // namespace evenkeel

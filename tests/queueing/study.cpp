// The long form of the queueing tests: `queueing_study [FILE]`. Runs every known system for ten
// seeds into a result file, and prints what is known, what came out, and with what interval. What
// the file has already is not run again.
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <map>
#include <thread>

#include "models/runtime/user_error.h"
#include "sim/scenario/reader.h"
#include "sim/study/progress.h"
#include "sim/study/run.h"
#include "sim/study/statistics.h"
#include "tests/queueing/cases.h"

namespace evenkeel::test {
namespace {

constexpr std::uint64_t seeds = 10;
constexpr double requests_a_run = 2e6;

void run_all(const std::vector<Case>& all, const std::string& out) {
  RunCells study{.out = out, .jobs = static_cast<int>(std::thread::hardware_concurrency())};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
      study.cells.push_back(
          {.key = {.scenario_hash = scenario_hash(all[i].scenario), .seed = seed}, .variant = i});
  study.run = [&](const Cell& cell, const ShareTold& tell) {
    const std::string& text = all[cell.variant].scenario;
    const Scenario scenario = read(parse_scenario(text, "queue.yaml", ".", catalogues()));
    return run_scenario(scenario, {.seed = cell.key.seed, .kept_requests = 0, .on_progress = tell});
  };
  ProgressBar bar{std::cerr, isatty(STDERR_FILENO) != 0, steady_now_s};
  study.on_progress = [&](const CellProgress& progress) { bar.show(progress); };
  const CellsOutcome outcome = run_cells(study);
  if (!outcome.failures.empty())
    throw UserError(fmt::format("{} runs failed", outcome.failures.size()));
}

std::map<std::string, std::vector<double>> means_by_scenario(const std::string& path) {
  std::map<std::string, std::vector<double>> means;
  const ResultFile file{path, ResultFile::Mode::read};
  for (const std::int64_t run : file.runs())
    means[file.key(run).scenario_hash].push_back(
        file.read_run(run, ResultFile::Detail::scalars).latency.mean);
  return means;
}

void print(const std::vector<Case>& all, const std::string& path) {
  const auto means = means_by_scenario(path);
  std::size_t inside = 0;
  fmt::print("| System | Source | Reference, s | Ours, s | 95 % interval | Off by | Inside |\n");
  fmt::print("|---|---|---|---|---|---|---|\n");
  for (const Case& each : all) {
    const Estimate ours = t_estimate(means.at(scenario_hash(each.scenario)));
    // Two intervals of independent means overlap as their widths' root of squares says.
    const double reach = std::hypot((ours.high - ours.low) / 2, each.give);
    const bool is_inside = std::abs(ours.mean - each.reference) <= reach;
    inside += is_inside;
    const std::string give = each.give > 0 ? fmt::format(" ± {}", each.give) : "";
    fmt::print("| {} | {} | {:.4f}{} | {:.4f} | {:.4f} to {:.4f} | {:+.2f} % | {} |\n", each.name,
               each.source, each.reference, give, ours.mean, ours.low, ours.high,
               100 * (ours.mean / each.reference - 1), is_inside ? "yes" : "no");
  }
  fmt::print("\n{} of {} inside their intervals; of right ones 95 in 100 are.\n", inside,
             all.size());
}

}  // namespace
}  // namespace evenkeel::test

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "result-queueing.evenkeel";
  try {
    const auto all = evenkeel::test::cases(evenkeel::test::requests_a_run);
    evenkeel::test::run_all(all, path);
    evenkeel::test::print(all, path);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  return 0;
}

#include "sim/cli/compare_command.h"

#include <fmt/format.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "models/runtime/user_error.h"
#include "sim/cli/signals.h"
#include "sim/study/compare.h"
#include "sim/study/comparison_text.h"
#include "sim/study/progress.h"
#include "sim/study/recorded_run.h"
#include "sim/study/run.h"
#include "sim/study/setup.h"

namespace evenkeel {
namespace {

constexpr std::uint64_t kept_requests = 2000;  // of each run
constexpr int most_jobs = 1024;
constexpr int failed = 1;

int jobs_of(const CompareOptions& options) {
  if (!options.jobs) return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (*options.jobs < 1 || *options.jobs > most_jobs)
    throw UserError(fmt::format("--jobs {}: from 1 to {}", *options.jobs, most_jobs));
  return *options.jobs;
}

// Runs in real time would take the processor from each other.
int jobs_for(const ComparePlan& plan, int wanted) {
  const bool real = std::ranges::any_of(
      plan.variants, [](const Scenario& variant) { return variant.world == WorldKind::sockets; });
  return real ? 1 : wanted;
}

CellsOutcome run_plan(const ComparePlan& plan, const std::string& out, int jobs, bool as_json) {
  const SignalsNoted noted;
  RunCells study{
      .out = out,
      .jobs = jobs,
      .cells = plan.cells,
      .run =
          [&](const Cell& cell, const ShareTold& tell) {
            return run_scenario(
                plan.variants[cell.variant],
                {.seed = cell.key.seed, .kept_requests = kept_requests, .on_progress = tell});
          },
      .is_stopped = [] { return stop_signal != 0; }};
  if (as_json) {
    ProgressLines lines(std::cerr, steady_now_s);
    lines.plan(out, plan.cells);
    study.on_cell = [&](std::size_t cell, CellState state) { lines.cell(cell, state); };
    study.on_share = [&](std::size_t cell, double share) { lines.share(cell, share); };
    study.on_progress = [&](const CellProgress& progress) { lines.show(progress); };
    return run_cells(study);
  }
  ProgressBar bar(std::cerr, ::isatty(STDERR_FILENO) != 0, steady_now_s);
  study.on_progress = [&](const CellProgress& progress) { bar.show(progress); };
  return run_cells(study);
}

void report_failures(const ComparePlan& plan, const CompareRequest& request,
                     const std::vector<CellFailure>& failures) {
  for (const CellFailure& failure : failures) {
    const ChildEnd& end = failure.end;
    const std::string how = end.signal != 0
                                ? fmt::format("was ended by {}", ::strsignal(end.signal))
                                : fmt::format("failed with exit code {}", end.exit_code);
    std::cerr << "A run " << how << ":\n"
              << end.output << (end.output.empty() || end.output.ends_with('\n') ? "" : "\n")
              << "  replay it with: " << replay_command(request, plan.cells[failure.cell]) << "\n";
  }
}

/// The plan's own runs, and no others that the file may hold.
ComparisonView view_of(const ComparePlan& plan, const std::string& out) {
  ComparisonView view{.info = plan.info, .result_path = out};
  const ResultFile file(out, ResultFile::Mode::read);
  for (const Choice& chosen : plan.chosen) view.variants.push_back({.chosen = chosen});
  for (const std::int64_t run : file.runs()) {
    const RunKey key = file.key(run);
    const RunKey& ours = plan.cells.front().key;
    if (key.scenario_hash != ours.scenario_hash || key.version != ours.version) continue;
    if (key.seed < ours.seed || key.seed - ours.seed >= plan.seeds) continue;
    const auto found = std::ranges::find(view.variants, key.chosen, &VariantRuns::chosen);
    if (found != view.variants.end())
      found->runs.push_back(file.read_run(run, ResultFile::Detail::scalars));
  }
  for (VariantRuns& variant : view.variants) std::ranges::sort(variant.runs, {}, &RunResult::seed);
  return view;
}

}  // namespace

int compare_command(const CompareOptions& options) {
  const CompareRequest request{.scenario = options.scenario,
                               .vary = options.vary,
                               .sets = options.sets,
                               .seeds = options.seeds,
                               .baseline = options.baseline,
                               .version = EVENKEEL_VERSION};
  const ComparePlan plan = plan_comparison(request, catalogues(), build_topology);
  const int jobs = jobs_for(plan, jobs_of(options));
  const std::string out = options.out.value_or(default_result_path(plan.scenario));
  StudyInfo info = plan.info;
  info.directory = directory_seen_from(out, plan.directory);
  ResultFile(out, ResultFile::Mode::write).put_study(info);
  const CellsOutcome outcome = run_plan(plan, out, jobs, options.progress == "json");
  report_failures(plan, request, outcome.failures);
  if (outcome.stopped) {
    std::cerr << fmt::format(
        "Stopped. {} of {} runs are done and kept in {}; the same command "
        "continues there.\n",
        outcome.progress.kept + outcome.progress.done - outcome.failures.size(),
        outcome.progress.all, out);
    return interrupted;
  }
  const ComparisonView view = view_of(plan, out);
  if (options.json)
    std::cout << to_json(view).dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << '\n';
  else
    std::cout << to_text(view);
  return outcome.failures.empty() ? 0 : failed;
}

}  // namespace evenkeel

#include "sim/cli/trace_command.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "models/runtime/user_error.h"
#include "sim/cli/share_line.h"
#include "sim/scenario/reader.h"
#include "sim/study/recorded_run.h"
#include "sim/study/trace_run.h"
#include "sim/study/trace_text.h"

namespace evenkeel {
namespace {

/// The one that was asked for, or the only one that there is.
std::int64_t run_in(const ResultFile& file, const TraceOptions& options) {
  if (options.run) return *options.run;
  const std::vector<std::int64_t> runs = file.runs();
  if (runs.size() == 1) return runs.front();
  throw UserError({.file = options.file},
                  fmt::format("it holds {} runs: say which with --run", runs.size()));
}

/// The request as the result file has it, if it was kept.
std::optional<RequestRecord> kept_record(const ResultFile& file, std::int64_t run,
                                         std::uint64_t request) {
  for (const KeptRequest& kept : file.read_run(run).requests)
    if (kept.record.number == request) return kept.record;
  return std::nullopt;
}

void check_same(const TraceOptions& options, const RequestTrace& trace,
                const std::optional<RequestRecord>& kept) {
  if (!kept) return;
  const bool is_same = trace.record && trace.record->end == kept->end &&
                       trace.record->sent == kept->sent && trace.record->ended == kept->ended;
  if (!is_same)
    throw UserError({.file = options.file},
                    "the run does not repeat itself: the request fared differently; run the study "
                    "again");
}

RequestTrace trace_of_result(const TraceOptions& options, TraceWish wish) {
  if (options.seed || !options.sets.empty())
    throw UserError(
        "--seed and --set are for a scenario; of a result file, a run is followed as "
        "it was");
  const ResultFile file{options.file, ResultFile::Mode::read};
  const std::int64_t run = run_in(file, options);
  const RecordedRun recorded = recorded_run(file, run, EVENKEEL_VERSION);
  wish.seed = recorded.key.seed;
  RequestTrace trace = trace_request(recorded.scenario, wish);
  check_same(options, trace, kept_record(file, run, options.request));
  return trace;
}

RequestTrace trace_of_scenario(const TraceOptions& options, TraceWish wish) {
  if (options.run) throw UserError("--run is for a result file; of a scenario, say --seed");
  ScenarioDocument document = load_scenario(options.file);
  for (const std::string& setting : options.sets) document.set(setting);
  const Scenario scenario = read(document);
  wish.seed = options.seed.value_or(static_cast<std::uint64_t>(scenario.seed));
  return trace_request(scenario, wish);
}

}  // namespace

int trace_command(const TraceOptions& options) {
  TraceWish wish{.request = options.request};
  ShareLine line{ShareLine::Tells::share};  // the run may end long before its time is over
  wish.on_progress = line.on_progress();
  const RequestTrace trace = looks_like_result_file(options.file)
                                 ? trace_of_result(options, wish)
                                 : trace_of_scenario(options, wish);
  line.clear();
  if (options.json)
    std::cout << to_json(trace).dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << '\n';
  else
    std::cout << trace_text(trace);
  return 0;
}

}  // namespace evenkeel

#include "sim/study/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "models/runtime/check.h"
#include "sim/faults/checks/sessions.h"
#include "sim/faults/invariant.h"
#include "sim/metrics/run_recorder.h"
#include "sim/study/link_watch.h"
#include "sim/study/progress_ticks.h"
#include "sim/study/promises.h"
#include "sim/study/simulation.h"
#include "sim/study/socket_run.h"

namespace evenkeel {
namespace {

std::vector<double> energy_of(const SimgridWorld& world) {
  std::vector<double> energy_j;
  for (std::uint32_t i = 0; i < world.size(); ++i) energy_j.push_back(world.energy_j(NodeId{i}));
  return energy_j;
}

void add_violations(RunResult& result, const std::vector<Violation>& violations) {
  result.violations = violations.size();
  for (const Violation& violation : violations)
    result.events.push_back({.at_s = std::min(to_seconds(violation.at), result.duration_s),
                             .kind = violation_event,
                             .detail = describe(violation)});
}

// How old what was read was, where some answer was out of date.
void add_staleness(RunResult& result, const Witness& witness) {
  double stale = 0;
  Duration worst{};
  for (const Witness::Key& key : witness.keys()) {
    if (witness.promises_of(key.space).linearizable) continue;
    for (const Duration age : staleness_of(key.history)) {
      stale += age > Duration{} ? 1 : 0;
      worst = std::max(worst, age);
    }
  }
  if (stale == 0) return;
  result.counts.push_back({.name = "stale answers", .total = stale});
  result.counts.push_back(
      {.name = "stale answers: seconds out of date, at most", .total = to_seconds(worst)});
  std::ranges::sort(result.counts, {}, &CountResult::name);
}

/// When the last fault is over.
Time quiet_from(const std::vector<Fault>& faults) {
  Time last{};
  for (const Fault& fault : faults)
    last = std::max(last, fault.lasts == never ? fault.at : time_after(fault.at, fault.lasts));
  return last;
}

RunResult run_on_simgrid(const Scenario& scenario, const RunOptions& options) {
  const Setup setup = set_up(scenario);
  const Platform& platform = setup.platform;
  RunRecorder recorder{recorder_settings(scenario, setup, options.seed, options.kept_requests)};
  Simulation simulation{scenario, setup, options.seed, recorder};
  SimgridWorld& world = simulation.world;
  Witness& witness = simulation.witness;
  const ProgressTicks ticks{world, scenario.duration, options.on_progress};
  LinkWatch links{world, platform.links().size(), recorder.bucket(),
                  [&world] { return world.link_bytes(); }};
  witness.quiet_from(quiet_from(simulation.breaks));
  world.run(scenario.duration, [&witness] { witness.look_at_end(); });
  RunResult result = recorder.finish(usage_of(platform, scenario.duration, energy_of(world),
                                              world.link_bytes(), world.mpc_link_bytes()));
  std::ranges::move(
      link_series(platform, links.bucket(), scenario.duration, links.finish(scenario.duration)),
      std::back_inserter(result.series));
  add_violations(result, judge(witness));
  add_staleness(result, witness);
  return result;
}

}  // namespace

RunResult run_scenario(const Scenario& scenario, const RunOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  set_check_context(fmt::format("scenario '{}', seed {}", scenario.name, options.seed));
  const bool simulated = scenario.world == WorldKind::simgrid;
  RunResult result =
      simulated ? run_on_simgrid(scenario, options) : run_on_sockets(scenario, options);
  result.scenario = scenario.name;
  result.seed = options.seed;
  result.world = simulated ? "simgrid" : "sockets";
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  set_wall_time(result, wall.count());
  state_promises(result.mpc, scenario);
  sum_up_mpc(result);
  check_conservation(result);
  return result;
}

}  // namespace evenkeel

#include "sim/study/socket_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/runtime/user_error.h"
#include "sim/study/idle_loop.h"
#include "sim/study/node_group.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_nodes = 500;  // each has a thread or a process

LinkBytes nothing_noted(const Platform& platform, Duration duration, Duration bucket) {
  const std::size_t links = platform.links().size();
  if (links > LinkWatch::most_links) return {};
  return LinkBytes(buckets_in(duration, bucket), std::vector<double>(links));
}

void add_up(LinkBytes& until, const NodeOutcome& outcome) {
  for (const auto& [link, its] : outcome.link_bytes_until)
    for (std::size_t b = 0; b < std::min(until.size(), its.size()); ++b)
      if (link < until[b].size()) until[b][link] += its[b];
}

RunResult sum_up(const Scenario& scenario, const Setup& setup, const RunOptions& options,
                 std::vector<NodeOutcome> outcomes) {
  RunRecorder recorder{recorder_settings(scenario, setup, options.seed, options.kept_requests)};
  std::vector<ProbeLog> logs;
  std::vector<double> energy_j;
  std::vector<double> link_bytes(setup.platform.links().size());
  std::vector<double> mpc_link_bytes(link_bytes.size());
  const auto add = [](std::vector<double>& to, const std::vector<double>& bytes) {
    for (std::size_t i = 0; i < std::min(to.size(), bytes.size()); ++i) to[i] += bytes[i];
  };
  LinkBytes until = nothing_noted(setup.platform, scenario.duration, recorder.bucket());
  for (NodeOutcome& outcome : outcomes) {
    add_up(until, outcome);
    logs.push_back(std::move(outcome.log));
    energy_j.push_back(outcome.energy_j);
    add(link_bytes, outcome.link_bytes);
    add(mpc_link_bytes, outcome.mpc_link_bytes);
  }
  replay(logs, recorder);
  RunResult result = recorder.finish(
      usage_of(setup.platform, scenario.duration, energy_j, link_bytes, mpc_link_bytes));
  std::ranges::move(link_series(setup.platform, recorder.bucket(), scenario.duration, until),
                    std::back_inserter(result.series));
  return result;
}

}  // namespace

RunResult run_on_sockets(const Scenario& scenario, const RunOptions& options) {
  const Setup setup = set_up(scenario);
  if (setup.platform.size() > most_nodes)
    throw UserError(fmt::format("{} nodes are too many for one machine in real time (at most {})",
                                setup.platform.size(), most_nodes));
  const bool apart =
      scenario.sockets.processes || scenario.sockets.netns || !scenario.sockets.hosts.empty();
  const std::unique_ptr<NodeGroup> nodes =
      apart ? make_processes(scenario, setup, options) : make_threads(scenario, setup, options);
  IdleLoop idle;
  nodes->run(scenario.duration, [&options](double share) {
    if (options.on_progress) options.on_progress(share);
    return !options.is_stopped || !options.is_stopped();
  });
  if (options.is_stopped && options.is_stopped()) throw Stopped();
  const std::vector<double>& lateness_s = idle.stop();
  RunResult result = sum_up(scenario, setup, options, nodes->outcomes());
  if (!lateness_s.empty()) {
    result.lateness_p50 = lateness_s[lateness_s.size() / 2];
    result.lateness_p99 = lateness_s[lateness_s.size() * 99 / 100];
  }
  return result;
}

}  // namespace evenkeel

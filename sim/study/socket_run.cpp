#include "sim/study/socket_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <random>
#include <thread>

#include "models/runtime/user_error.h"
#include "sim/study/idle_loop.h"
#include "sim/study/node_run.h"
#include "sim/study/scratch_folder.h"
#include "sim/study/setup.h"

namespace evenkeel {
namespace {

using Clock = SocketWorld::Clock;

constexpr std::size_t most_nodes = 500;  // each has a thread

SocketSettings socket_settings(const Scenario& scenario, std::uint64_t seed) {
  SocketSettings settings{.burn = scenario.sockets.burn, .seed = seed};
  settings.network.links_are_shared = scenario.network.model == NetworkSettings::Model::fluid;
  settings.network.small_message = scenario.network.small_message;
  settings.run = std::random_device{}();  // a number that a run before this one did not have
  return settings;
}

// All nodes of a run as threads of this process.
class Threads {
 public:
  Threads(const Scenario& scenario, const Setup& setup, std::uint64_t seed)
      : clocks_(setup.platform) {
    SocketSettings settings = socket_settings(scenario, seed);
    std::optional<Authority> authority;
    if (!scenario.sockets.plain) authority.emplace();
    std::vector<Address> addresses;
    for (std::uint32_t i = 0; i < setup.platform.size(); ++i) {
      const std::string& name = setup.platform.nodes()[i].name;
      if (authority) settings.credentials = authority->issue(name);
      settings.directory = scratch_.path() + "/" + std::to_string(i);
      nodes_.push_back(std::make_unique<NodeRun>(scenario, setup.deployment, setup.platform.twin(),
                                                 NodeId{i}, settings, clocks_));
      addresses.push_back({"127.0.0.1", nodes_.back()->world().listen("127.0.0.1", 0)});
    }
    for (const auto& node : nodes_) node->world().meet(addresses);
    failures_.resize(nodes_.size());
  }

  /// Until the end, or the first failure.
  void run(Duration duration, const std::function<void(double)>& on_progress) {
    const Clock::time_point start = Clock::now() + std::chrono::milliseconds{100};
    running_ = nodes_.size();
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      threads_.emplace_back([this, i, start] { run_one(i, start); });
    while (running_ > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      const double passed = std::chrono::duration<double>(Clock::now() - start).count();
      if (on_progress) on_progress(std::clamp(passed / to_seconds(duration), 0.0, 1.0));
      if (failed_)
        for (const auto& node : nodes_) node->world().interrupt();
    }
    for (std::thread& thread : threads_) thread.join();
    for (const std::exception_ptr& failure : failures_)
      if (failure) std::rethrow_exception(failure);
  }

  std::vector<NodeOutcome> outcomes() {
    std::vector<NodeOutcome> all;
    for (const auto& node : nodes_) all.push_back(std::move(*node).outcome());
    return all;
  }

 private:
  void run_one(std::size_t number, Clock::time_point start) {
    try {
      nodes_[number]->run(start);
    } catch (...) {
      failures_[number] = std::current_exception();
      failed_ = true;
    }
    --running_;
  }

  ScratchFolder scratch_;
  LinkClocks clocks_;
  std::vector<std::unique_ptr<NodeRun>> nodes_;
  std::vector<std::thread> threads_;
  std::vector<std::exception_ptr> failures_;
  std::atomic<std::size_t> running_ = 0;
  std::atomic<bool> failed_ = false;
};

RunResult sum_up(const Scenario& scenario, const Setup& setup, const RunOptions& options,
                 std::vector<NodeOutcome> outcomes) {
  RunRecorder recorder{recorder_settings(scenario, setup, options.seed, options.kept_requests)};
  std::vector<ProbeLog> logs;
  std::vector<double> energy_j;
  std::vector<double> link_bytes(setup.platform.links().size());
  for (NodeOutcome& outcome : outcomes) {
    logs.push_back(std::move(outcome.log));
    energy_j.push_back(outcome.energy_j);
    std::ranges::transform(link_bytes, outcome.link_bytes, link_bytes.begin(), std::plus{});
  }
  replay(logs, recorder);
  return recorder.finish(usage_of(setup.platform, scenario.duration, energy_j, link_bytes));
}

}  // namespace

RunResult run_on_sockets(const Scenario& scenario, const RunOptions& options) {
  const Setup setup = set_up(scenario);
  if (setup.platform.size() > most_nodes)
    throw UserError(fmt::format("{} nodes are too many for one machine in real time (at most {})",
                                setup.platform.size(), most_nodes));
  Threads threads{scenario, setup, options.seed};
  IdleLoop idle;
  threads.run(scenario.duration, options.on_progress);
  const std::vector<double>& lateness_s = idle.stop();
  RunResult result = sum_up(scenario, setup, options, threads.outcomes());
  if (!lateness_s.empty()) {
    result.lateness_p50 = lateness_s[lateness_s.size() / 2];
    result.lateness_p99 = lateness_s[lateness_s.size() * 99 / 100];
  }
  return result;
}

}  // namespace evenkeel

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "sim/study/node_group.h"
#include "sim/study/scratch_folder.h"

namespace evenkeel {
namespace {

using Clock = SocketWorld::Clock;

// All nodes of a run as threads of this process.
class Threads final : public NodeGroup {
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
      nodes_.push_back(std::make_unique<NodeRun>(scenario, setup, NodeId{i}, settings, clocks_));
      addresses.push_back({"127.0.0.1", nodes_.back()->world().listen("127.0.0.1", 0)});
    }
    for (const auto& node : nodes_) node->world().meet(addresses);
    failures_.resize(nodes_.size());
  }

  void run(Duration duration, const std::function<bool(double)>& watch) override {
    const Clock::time_point start = Clock::now() + std::chrono::milliseconds{100};
    running_ = nodes_.size();
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      threads_.emplace_back([this, i, start] { run_one(i, start); });
    while (running_ > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      if (!watch(share_passed(start, duration)) || failed_)
        for (const auto& node : nodes_) node->world().interrupt();
    }
    for (std::thread& thread : threads_) thread.join();
    for (const std::exception_ptr& failure : failures_)
      if (failure) std::rethrow_exception(failure);
  }

  std::vector<NodeOutcome> outcomes() override {
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

}  // namespace

std::unique_ptr<NodeGroup> make_threads(const Scenario& scenario, const Setup& setup,
                                        const RunOptions& options) {
  return std::make_unique<Threads>(scenario, setup, options.seed);
}

}  // namespace evenkeel

#include "sim/study/idle_loop.h"

#include <algorithm>
#include <chrono>

namespace evenkeel {

IdleLoop::IdleLoop() : thread_([this] { run(); }) {}

void IdleLoop::run() {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t most = 10'000'000;
  while (!over_ && lateness_s_.size() < most) {
    const Clock::time_point due = Clock::now() + std::chrono::milliseconds{1};
    std::this_thread::sleep_until(due);
    lateness_s_.push_back(std::chrono::duration<double>(Clock::now() - due).count());
  }
}

const std::vector<double>& IdleLoop::stop() {
  over_ = true;
  if (thread_.joinable()) {
    thread_.join();
    std::ranges::sort(lateness_s_);
  }
  return lateness_s_;
}

}  // namespace evenkeel

// How late the machine wakes a thread that only sleeps: what no program on it can do better.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace evenkeel {

class IdleLoop {
 public:
  /// Sleeps 1 ms at a time, in a thread of its own, until it is destroyed or asked.
  IdleLoop();
  ~IdleLoop() { stop(); }
  IdleLoop(const IdleLoop&) = delete;

  /// Ends it. Seconds by which the sleeps were too long, ascending.
  const std::vector<double>& stop();

 private:
  void run();

  std::atomic<bool> over_ = false;
  std::vector<double> lateness_s_;
  std::thread thread_;
};

}  // namespace evenkeel

#include "tests/bench/measured.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace evenkeel::bench {
namespace {

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

rusage usage_of(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return usage;
}

double cpu_seconds() {
  double total = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    const rusage usage = usage_of(who);
    total += in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
  }
  return total;
}

Measured measured(const std::function<std::uint64_t()>& work) {
  const auto began = std::chrono::steady_clock::now();
  const double cpu_before = cpu_seconds();
  Measured result{.requests = work()};
  result.cpu_s = cpu_seconds() - cpu_before;
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  result.peak_bytes = static_cast<std::uint64_t>(usage_of(RUSAGE_SELF).ru_maxrss) * 1024;
  return result;
}

[[noreturn]] void be_the_child(const std::function<std::uint64_t()>& work, int out) {
  try {
    const Measured result = measured(work);
    const bool told = write(out, &result, sizeof result) == sizeof result;
    _exit(told ? 0 : 1);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    _exit(1);
  }
}

}  // namespace

Measured in_a_child(const std::function<std::uint64_t()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe to a child process");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) be_the_child(work, ends[1]);
  close(ends[1]);
  Measured result;
  const bool told = read(ends[0], &result, sizeof result) == sizeof result;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!told) throw std::runtime_error("a measured child process failed");
  return result;
}

}  // namespace evenkeel::bench

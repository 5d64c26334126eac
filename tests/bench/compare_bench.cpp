// `evenkeel compare` with two jobs against one. The machine must have two idle cores: the ratio is
// of wall times.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/bench/scenarios.h"
#include "tests/bench/targets.h"
#include "tests/folder.h"

namespace evenkeel::bench {
namespace {

std::uint64_t compare_with_jobs(const test::Folder& folder, int jobs) {
  const std::string out = folder.file("result.evenkeel");
  std::filesystem::remove(out);
  const std::string command = fmt::format(
      "{} compare {} --vary balancing.policy=random,round_robin,power_of_d,least_loaded --seeds 3 "
      "--jobs {} --out {} > /dev/null 2>&1",
      EVENKEEL_PROGRAM, folder.file("bench.yaml"), jobs, out);
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  return 12;
}

void compare_jobs(benchmark::State& state) {
  constexpr double target = 1.8;
  const test::Folder folder;
  folder.write("bench.yaml", text_of({.requests = 500'000}));
  try {
    compare_with_jobs(folder, 1);  // and the processor's caches are warm
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
    return;
  }
  const Pair pair = compare(
      state, [&] { return compare_with_jobs(folder, 2); },
      [&] { return compare_with_jobs(folder, 1); });
  const double ratio = pair.baseline.wall_s / pair.ours.wall_s;
  state.counters["ratio"] = ratio;
  add_row({"compare: 12 runs, 2 jobs against 1, wall time", "at least 1.8",
           fmt::format("{:.2f} s", pair.ours.wall_s),
           fmt::format("{:.2f} s with one job", pair.baseline.wall_s), ratio, ratio >= target});
}
BENCHMARK(compare_jobs)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenkeel::bench

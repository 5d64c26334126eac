// `evenkeel compare` with two jobs against one. The machine must have two idle cores: the ratio is
// of wall times.
#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/bench/scenarios.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

namespace fs = std::filesystem;

std::uint64_t compare_with_jobs(const fs::path& folder, int jobs) {
  const fs::path out = folder / "result.evenkeel";
  fs::remove(out);
  const std::string command = fmt::format(
      "{} compare {} --vary balancing.policy=random,round_robin,power_of_d,least_loaded --seeds 3 "
      "--jobs {} --out {} > /dev/null 2>&1",
      EVENKEEL_PROGRAM, (folder / "bench.yaml").string(), jobs, out.string());
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  return 12;
}

void compare_jobs(benchmark::State& state) {
  constexpr double target = 1.8;
  const fs::path folder = fs::temp_directory_path() / fmt::format("evenkeel-bench-{}", getpid());
  fs::create_directories(folder);
  std::ofstream{folder / "bench.yaml"} << text_of({.requests = 500'000});
  try {
    compare_with_jobs(folder, 1);  // and the processor's caches are warm
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
    fs::remove_all(folder);
    return;
  }
  const Pair pair = compare(
      state, [&] { return compare_with_jobs(folder, 2); },
      [&] { return compare_with_jobs(folder, 1); });
  fs::remove_all(folder);
  const double ratio = pair.baseline.wall_s / pair.ours.wall_s;
  state.counters["ratio"] = ratio;
  add_row({"compare: 12 runs, 2 jobs against 1, wall time", "at least 1.8",
           fmt::format("{:.2f} s", pair.ours.wall_s),
           fmt::format("{:.2f} s with one job", pair.baseline.wall_s), ratio, ratio >= target});
}
BENCHMARK(compare_jobs)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenkeel::bench

#include "sim/cli/torture_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <iostream>
#include <thread>

#include "sim/cli/signals.h"
#include "sim/faults/swarm.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/reader.h"
#include "sim/study/compare.h"
#include "sim/study/progress.h"
#include "sim/study/run.h"
#include "sim/study/setup.h"
#include "sim/study/torture.h"

namespace evenkeel {
namespace {

constexpr std::uint64_t usual_seeds = 100;
constexpr std::uint64_t most_seeds = 100'000'000;
constexpr int most_jobs = 1024;

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t last = usual_seeds;
};

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Seeds seeds_of(const TortureOptions& options) {
  if (!options.seeds) return {1, options.time ? most_seeds : usual_seeds};
  const std::string_view text = *options.seeds;
  const std::size_t dots = text.find("..");
  const auto first = whole(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : whole(text.substr(dots + 2));
  if (!first || !last || *last < *first || *last - *first >= most_seeds)
    throw UserError(fmt::format("--seeds {}: write for instance 1..1000, or one seed", text));
  return {*first, *last};
}

int jobs_of(const TortureOptions& options) {
  if (!options.jobs) return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (*options.jobs < 1 || *options.jobs > most_jobs)
    throw UserError(fmt::format("--jobs {}: from 1 to {}", *options.jobs, most_jobs));
  return *options.jobs;
}

std::optional<double> time_of(const TortureOptions& options) {
  if (!options.time) return std::nullopt;
  const auto read = parse_quantity(*options.time, Unit::time);
  if (const auto* bad = std::get_if<BadQuantity>(&read))
    throw UserError("--for " + *options.time + ": " + bad->message);
  return std::get<double>(read);
}

double now_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// The scenario with a swarm, if it has none of its own.
Scenario read_scenario(const TortureOptions& options, std::vector<std::string>& sets) {
  ScenarioDocument document = load_scenario(options.scenario);
  for (const std::string& setting : options.sets) document.set(setting);
  sets = options.sets;
  if (!read(document).swarm) {
    document.set("swarm=true");
    sets.emplace_back("swarm=true");
  }
  Scenario scenario = read(document);
  if (scenario.world != WorldKind::simgrid)
    throw UserError("torture runs in virtual time, where a seed repeats; add --set world=simgrid");
  return scenario;
}

void print_plans(const Scenario& scenario, const Seeds& seeds) {
  const Setup setup = set_up(scenario);
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    std::cout << "# seed " << seed << "\nfaults:\n";
    for (const std::string& line : draw_swarm(scenario, setup.platform, seed))
      std::cout << "  - " << line << '\n';
  }
}

}  // namespace

int torture_command(const TortureOptions& options) {
  const Seeds seeds = seeds_of(options);
  std::vector<std::string> sets;
  const Scenario scenario = read_scenario(options, sets);
  set_up(scenario);  // finds names that its topology lacks
  if (options.plan) {
    print_plans(scenario, seeds);
    return 0;
  }
  TortureRequest request{.first_seed = seeds.first,
                         .last_seed = seeds.last,
                         .jobs = jobs_of(options),
                         .time_s = time_of(options),
                         .keep_going = options.keep_going,
                         .run =
                             [&](std::uint64_t seed) {
                               return run_scenario(scenario, {.seed = seed, .kept_requests = 0});
                             },
                         .is_stopped = [] { return stop_signal != 0; },
                         .now_s = now_s};
  TortureOutcome outcome;
  {
    const SignalsNoted noted;
    ProgressBar bar(std::cerr, ::isatty(STDERR_FILENO) != 0, now_s);
    request.on_progress = [&](const CellProgress& progress) { bar.show(progress); };
    outcome = torture(request);
  }
  const auto replay = [&](std::uint64_t seed) {
    Cell cell;
    cell.key.seed = seed;
    std::string command = fmt::format("evenkeel torture {} --seeds {}..{}",
                                      quoted_for_shell(options.scenario), seed, seed);
    for (const std::string& setting : options.sets)
      command += " --set " + quoted_for_shell(setting);
    return command + "\n       or alone: " +
           replay_command({.scenario = options.scenario, .sets = sets}, cell);
  };
  std::cout << torture_text(outcome, replay);
  if (outcome.stopped) return interrupted;
  return outcome.failures.empty() ? 0 : 1;
}

}  // namespace evenkeel

#include "sim/cli/run_command.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/cli/share_line.h"
#include "sim/cli/signals.h"
#include "sim/metrics/result_file.h"
#include "sim/report/format.h"
#include "sim/scenario/reader.h"
#include "sim/study/recorded_run.h"
#include "sim/study/run.h"
#include "sim/study/study_hash.h"

namespace evenkeel {
namespace {

std::string duration_text(double seconds_) {
  if (std::isnan(seconds_)) return "-";
  if (seconds_ >= 1) return fmt::format("{:.3f} s", seconds_);
  if (seconds_ >= 1e-3) return fmt::format("{:.2f} ms", seconds_ * 1e3);
  return fmt::format("{:.1f} us", seconds_ * 1e6);
}

void print_classes(const RunResult& result) {
  fmt::print("\n{:<20} {:>10} {:>11} {:>11} {:>11} {:>11} {:>8} {:>8}\n", "class", "completed",
             "mean", "p50", "p95", "p99", "lost", "missed");
  const auto row = [](const std::string& name, const Tally& tally, const LatencySummary& latency) {
    fmt::print("{:<20} {:>10} {:>11} {:>11} {:>11} {:>11} {:>8} {:>8}\n", name, tally.completed,
               duration_text(latency.mean), duration_text(latency.p50), duration_text(latency.p95),
               duration_text(latency.p99), tally.lost(), tally.deadline_misses);
  };
  for (const ClassResult& its_class : result.classes)
    row(its_class.name, its_class.tally, its_class.latency);
  if (result.classes.size() > 1) row("all", result.tally, result.latency);
}

void print_violations(const RunResult& result) {
  if (result.violations == 0) return;
  fmt::print("\n{} PROMISES WERE BROKEN:\n", result.violations);
  constexpr int most = 10;
  int told = 0;
  for (const RunEvent& event : result.events)
    if (event.kind == violation_event && ++told <= most)
      fmt::print("  at {:.6f} s: {}\n", event.at_s, event.detail);
}

void print_nodes(const RunResult& result) {
  constexpr std::size_t most = 20;
  std::vector<const NodeResult*> serving;
  for (const NodeResult& node : result.nodes)
    if (node.serves) serving.push_back(&node);
  fmt::print("\n{:<32} {:>12} {:>11} {:>10}\n", "node", "utilisation", "mean queue", "completed");
  for (std::size_t i = 0; i < std::min(most, serving.size()); ++i)
    fmt::print("{:<32} {:>11.1f}% {:>11.2f} {:>10}\n", serving[i]->name,
               100 * serving[i]->utilisation, serving[i]->mean_queue, serving[i]->completed);
  if (serving.size() > most) fmt::print("... and {} more\n", serving.size() - most);
}

void print_counts(const RunResult& result) {
  if (result.counts.empty()) return;
  fmt::print("\n{:<48} {:>14}\n", "counted", "in all");
  for (const CountResult& count : result.counts)
    fmt::print("{:<48} {:>14}\n", count.name, report::number(count.total));
}

// A timeout that nobody wrote down should not lose requests unseen.
void print_timeouts(const Scenario& scenario, const RunResult& result) {
  for (std::size_t i = 0; i < result.classes.size(); ++i) {
    const ClassResult& its_class = result.classes[i];
    if (its_class.tally.timed_out == 0) continue;
    if (!scenario.workload[i].does.name.empty()) {
      fmt::print("{} of class {} failed, since too few of those who keep the data answered\n",
                 its_class.tally.timed_out, its_class.name);
      continue;
    }
    fmt::print("{} of class {} had no answer within their timeout of {:g} s\n",
               its_class.tally.timed_out, its_class.name, to_seconds(scenario.workload[i].timeout));
  }
}

// What belongs beside numbers from real time: what went wrong, and how punctual the machine was.
void print_world(const RunResult& result) {
  for (const RunEvent& event : result.events)
    if (event.kind == "died")
      fmt::print("\nnode {} died after {:.1f} s: {}\n", event.node, event.at_s, event.detail);
  for (const RunEvent& event : result.events)
    if (event.kind == "network")
      fmt::print("\neach node in a network namespace: {}\n", event.detail);
  if (std::isnan(result.lateness_p50)) return;
  fmt::print("\nin real time, on sockets; an idle loop of 1 ms was woken {} late (p50), {} (p99)\n",
             duration_text(result.lateness_p50), duration_text(result.lateness_p99));
}

void print_text(const Scenario& scenario, const RunResult& result) {
  fmt::print("{}\n", scenario.name);
  if (!scenario.question.empty()) fmt::print("{}\n", scenario.question);
  fmt::print("seed {}, {:g} s of which {:g} s warm-up{}", result.seed, result.duration_s,
             result.warm_up_s, result.warm_up_doubtful ? " (never steady: run longer)" : "");
  if (!scenario.balancing.policy.name.empty())
    fmt::print("; policy {}, knowledge {}", scenario.balancing.policy.name,
               scenario.balancing.knowledge.name);
  fmt::print("\n");
  print_violations(result);
  print_classes(result);
  print_timeouts(scenario, result);
  fmt::print("\nwhere the mean goes: decision {}, network {}, queue {}, compute {}, reply {}\n",
             duration_text(result.phases.decision), duration_text(result.phases.network),
             duration_text(result.phases.queue), duration_text(result.phases.compute),
             duration_text(result.phases.reply));
  print_nodes(result);
  print_counts(result);
  if (!std::isnan(result.energy_j)) fmt::print("\nenergy {:.0f} J\n", result.energy_j);
  print_world(result);
  fmt::print("\n{} requests in {:.2f} s of wall time ({:.0f} a second); fingerprint {}\n",
             result.requests_in_all, result.wall_s, result.requests_per_wall_s, result.fingerprint);
}

void keep(const std::string& path, const ScenarioDocument& document, const Scenario& scenario,
          const RunResult& result) {
  ResultFile file{path, ResultFile::Mode::write};
  file.put_study({.scenario_hash = result.scenario_hash,
                  .name = scenario.name,
                  .question = scenario.question,
                  .scenario_text = document.canonical(),
                  .charts = scenario.charts,
                  .directory = directory_seen_from(path, document.directory())});
  file.add_run(result);
}

// The flags are settings like any other.
std::vector<std::string> settings_of(const RunCommandOptions& options) {
  std::vector<std::string> settings = options.sets;
  if (options.world) settings.push_back("world=" + *options.world);
  if (options.plain) settings.push_back("sockets.plain=true");
  if (options.burn) settings.push_back("sockets.burn=true");
  if (options.processes) settings.push_back("sockets.processes=true");
  if (options.netns) settings.push_back("sockets.netns=true");
  const bool real = options.plain || options.burn || options.processes || options.netns;
  if (real && !options.world) settings.push_back("world=sockets");
  return settings;
}

}  // namespace

int run_command(const RunCommandOptions& options) {
  ScenarioDocument document = load_scenario(options.scenario);
  std::map<std::string, std::string> chosen;
  for (const std::string& setting : settings_of(options)) {
    const auto [path, value] = document.set(setting);
    chosen[path] = value;
  }
  const Scenario scenario = read(document);
  RunOptions run{.seed = options.seed.value_or(static_cast<std::uint64_t>(scenario.seed))};
  ShareLine line{ShareLine::Tells::time_left_too};
  run.on_progress = line.on_progress();
  std::optional<SignalsNoted> noted;  // a run on sockets has things to take away
  if (scenario.world == WorldKind::sockets) {
    noted.emplace();
    run.is_stopped = [] { return stop_signal != 0; };
  }
  RunResult result;
  try {
    result = run_scenario(scenario, run);
  } catch (const Stopped&) {
    fmt::print(stderr, "\nStopped; nothing is kept of this run.\n");
    return interrupted;
  }
  line.clear();
  result.scenario_hash = study_hash(document, scenario.files);
  result.chosen = chosen;
  result.version = EVENKEEL_VERSION;
  if (options.out) keep(*options.out, document, scenario, result);
  if (options.fingerprint)
    fmt::print("{}\n", result.fingerprint);
  else if (options.json)
    std::cout << to_json(result).dump(2) << '\n';
  else
    print_text(scenario, result);
  return 0;
}

}  // namespace evenkeel

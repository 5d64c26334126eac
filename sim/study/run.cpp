#include "sim/study/run.h"

#include <fmt/format.h>
#include <chrono>

#include "models/runtime/check.h"
#include "sim/faults/faults.h"
#include "sim/metrics/run_recorder.h"
#include "sim/scenario/names.h"
#include "sim/study/experiment.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

RecorderSettings recorder_settings(const Scenario& scenario, const Deployment& deployment,
                                   const RunOptions& options, const Graph& graph) {
  RecorderSettings settings{.duration = scenario.duration,
                            .mser5 = scenario.warm_up.mser5,
                            .warm_up = scenario.warm_up.fixed,
                            .seed = options.seed,
                            .kept_requests = options.kept_requests};
  for (const PlatformNode& node : deployment.nodes)
    settings.nodes.push_back(
        {.name = node.name, .cores = static_cast<double>(node.cores), .serves = false});
  for (const DeployedServer& server : deployment.servers)
    settings.nodes[index(server.node)].serves = true;
  for (const DeployedSite& site : deployment.sites)
    settings.sites.push_back(graph.place(site.vertex).name);
  for (const RequestClass& its_class : scenario.workload)
    settings.classes.push_back({.name = its_class.name, .deadline = its_class.deadline});
  return settings;
}

// Tells the caller about a hundred times how far the run has come.
class ProgressTicks final : public Waiter {
 public:
  ProgressTicks(SimgridWorld& world, Time end, const std::function<void(double)>& tell)
      : world_(world), end_(end), tell_(tell) {
    if (tell_) arm();
  }
  void wake() override {
    tell_(to_seconds(world_.now()) / to_seconds(end_));
    arm();
  }

 private:
  void arm() { world_.set_timer(world_.now() + std::max(end_ / 100, Duration{1}), *this); }

  SimgridWorld& world_;
  Time end_;
  const std::function<void(double)>& tell_;
};

WorldUsage usage_of(const SimgridWorld& world, const Platform& platform, Duration duration) {
  WorldUsage usage;
  bool measured = false;
  bool priced = false;
  double price = 0;
  for (std::uint32_t i = 0; i < platform.size(); ++i) {
    const PlatformNode& node = platform.nodes()[i];
    measured |= node.power.has_value();
    usage.node_energy_j.push_back(node.power ? world.energy_j(NodeId{i}) : no_value);
    priced |= node.price > 0;
    price += node.price * node.cores * to_seconds(duration) / 3600;
  }
  if (!measured) usage.node_energy_j.clear();
  if (priced) usage.price = price;
  const std::vector<double> bytes = world.link_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    usage.links.push_back({platform.links()[i].name, bytes[i]});
  return usage;
}

}  // namespace

Graph build_topology(const Scenario& scenario) {
  Random random = Random::stream(static_cast<std::uint64_t>(scenario.seed), "topology");
  const auto& make = std::any_cast<const MakeGraph&>(scenario.topology.source.made);
  Graph graph = make(scenario.topology.links, random);
  check_names(scenario, graph);
  return graph;
}

RunResult run_scenario(const Scenario& scenario, const RunOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  set_check_context(fmt::format("scenario '{}', seed {}", scenario.name, options.seed));
  Graph graph = build_topology(scenario);
  const Deployment deployment = deploy(scenario, graph);
  RunRecorder recorder{recorder_settings(scenario, deployment, options, graph)};
  const Platform platform{std::move(graph), deployment.nodes};
  const bool fluid = scenario.network.model == NetworkSettings::Model::fluid;
  SimgridWorld world{
      platform,
      {.network = fluid ? WorldSettings::Network::fluid : WorldSettings::Network::latency,
       .small_message = scenario.network.small_message,
       .tcp_calibration = scenario.network.tcp_calibration,
       .seed = options.seed},
      recorder};
  const Experiment experiment{scenario, deployment, platform, world, options.seed};
  const FaultPlan faults{scenario.faults, platform, world};
  const ProgressTicks ticks{world, scenario.duration, options.on_progress};
  world.run(scenario.duration);
  RunResult result = recorder.finish(usage_of(world, platform, scenario.duration));
  result.scenario = scenario.name;
  result.seed = options.seed;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  set_wall_time(result, wall.count());
  check_conservation(result);
  return result;
}

}  // namespace evenkeel

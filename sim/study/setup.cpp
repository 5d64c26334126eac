#include "sim/study/setup.h"

#include <algorithm>

#include "sim/scenario/names.h"
#include "sim/topology/sources.h"

namespace evenkeel {

Graph build_topology(const Scenario& scenario) {
  Random random = Random::stream(static_cast<std::uint64_t>(scenario.seed), "topology");
  const auto& make = std::any_cast<const MakeGraph&>(scenario.topology.source.made);
  Graph graph = make(scenario.topology.links, random);
  check_names(scenario, graph);
  return graph;
}

Setup set_up(const Scenario& scenario) {
  Graph graph = build_topology(scenario);
  Deployment deployment = deploy(scenario, graph);
  Platform platform{std::move(graph), deployment.nodes};
  return {std::move(deployment), std::move(platform)};
}

RecorderSettings recorder_settings(const Scenario& scenario, const Setup& setup, std::uint64_t seed,
                                   std::uint64_t kept_requests) {
  RecorderSettings settings{.duration = scenario.duration,
                            .mser5 = scenario.warm_up.mser5,
                            .warm_up = scenario.warm_up.fixed,
                            .seed = seed,
                            .kept_requests = kept_requests};
  for (const PlatformNode& node : setup.platform.nodes())
    settings.nodes.push_back(
        {.name = node.name, .cores = static_cast<double>(node.cores), .serves = false});
  for (const DeployedServer& server : setup.deployment.servers)
    settings.nodes[index(server.node)].serves = true;
  for (const DeployedSite& site : setup.deployment.sites)
    settings.sites.push_back(setup.platform.graph().place(site.vertex).name);
  for (const RequestClass& its_class : scenario.workload)
    settings.classes.push_back({.name = its_class.name, .deadline = its_class.deadline});
  return settings;
}

WorldUsage usage_of(const Platform& platform, Duration duration, std::span<const double> energy_j,
                    std::span<const double> link_bytes, std::span<const double> mpc_link_bytes) {
  WorldUsage usage;
  bool measured = false;
  bool priced = false;
  double price = 0;
  for (std::size_t i = 0; i < platform.size(); ++i) {
    const PlatformNode& node = platform.nodes()[i];
    measured |= node.power.has_value();
    usage.node_energy_j.push_back(node.power ? energy_j[i] : no_value);
    priced |= node.price > 0;
    price += node.price * node.cores * to_seconds(duration) / 3600;
  }
  if (!measured) usage.node_energy_j.clear();
  if (priced) usage.price = price;
  for (std::size_t i = 0; i < link_bytes.size(); ++i)
    usage.links.push_back({platform.links()[i].name, link_bytes[i], mpc_link_bytes[i]});
  return usage;
}

}  // namespace evenkeel

#include "sim/study/workload_plan.h"

#include <algorithm>

namespace evenkeel {
namespace {

// Where devices may walk: along the links, as long as light would need the link's latency.
std::shared_ptr<const Map> make_map(const Graph& graph) {
  constexpr double metres_per_second = 1000 / 4.9e-6;
  auto map = std::make_shared<Map>();
  map->ways.resize(graph.places().size());
  for (const Location& place : graph.places()) map->names.push_back(place.name);
  for (const Link& link : graph.links()) {
    const auto& from = graph.place(link.from).coordinates;
    const auto& to = graph.place(link.to).coordinates;
    const double length =
        from && to ? distance_m(*from, *to) : to_seconds(link.latency) * metres_per_second;
    map->ways[link.from].push_back({link.to, length});
    map->ways[link.to].push_back({link.from, length});
  }
  for (VertexId vertex = 0; vertex < graph.places().size(); ++vertex)
    if (graph.place(vertex).tier == "site") map->destinations.push_back(vertex);
  return map;
}

std::shared_ptr<const Distribution> distribution(const Chosen& chosen) {
  if (chosen.name.empty()) return nullptr;
  return std::any_cast<const MakeDistribution&>(chosen.made)();
}

}  // namespace

WorkloadPlan plan_workload(const Scenario& scenario, const Deployment& deployment,
                           const Graph& graph, std::uint64_t seed) {
  WorkloadPlan plan{.seed = seed};
  for (std::size_t p = 0; p < scenario.devices.size(); ++p) {
    Population population{.name = scenario.devices[p].name};
    for (const Deployment::Homes& homes : deployment.homes[p])
      population.placements.push_back({deployment.sites[homes.site].vertex, homes.count});
    const Chosen& moves = scenario.devices[p].moves;
    if (!moves.name.empty()) population.movement = std::any_cast<const MakeMovement&>(moves.made);
    plan.populations.push_back(std::move(population));
  }
  for (const RequestClass& spec : scenario.workload) {
    WorkloadClass its_class{.name = spec.name,
                            .arrivals = std::any_cast<const MakeArrivals&>(spec.arrivals.made),
                            .rate = spec.rate,
                            .scale = spec.scale,
                            .work = distribution(spec.work),
                            .input = distribution(spec.input),
                            .output = distribution(spec.output)};
    const auto from = std::ranges::find(scenario.devices, spec.from.text, &DevicePopulation::name);
    its_class.population = static_cast<std::uint32_t>(from - scenario.devices.begin());
    const bool zipf = spec.key.distribution == KeyChoice::Distribution::zipf;
    its_class.keys = Keys{static_cast<std::uint64_t>(spec.key.over), zipf ? spec.key.exponent : 0};
    for (const Hot& hot : spec.hot)
      its_class.hot.push_back({*graph.find(hot.site.text), hot.factor, hot.from, hot.to});
    plan.classes.push_back(std::move(its_class));
  }
  plan.map = make_map(graph);
  return plan;
}

}  // namespace evenkeel

#include "sim/deployment/deployment.h"

#include <fmt/format.h>
#include <algorithm>
#include <numeric>

#include "models/balancing/policy.h"
#include "sim/topology/analysis.h"

namespace evenkeel {
namespace {

std::vector<VertexId> of_tier(const Graph& graph, std::string_view tier) {
  std::vector<VertexId> found;
  for (VertexId vertex = 0; vertex < graph.places().size(); ++vertex)
    if (graph.place(vertex).tier == tier) found.push_back(vertex);
  return found;
}

std::vector<VertexId> all(const Graph& graph) {
  std::vector<VertexId> vertices(graph.places().size());
  std::iota(vertices.begin(), vertices.end(), 0);
  return vertices;
}

std::vector<VertexId> most_central(const Graph& graph, std::size_t count) {
  const Reach reach = reach_of(graph);
  std::vector<VertexId> vertices = all(graph);
  std::ranges::stable_sort(vertices, std::greater{},
                           [&](VertexId vertex) { return reach.betweenness[vertex]; });
  vertices.resize(std::min(count, vertices.size()));
  std::ranges::sort(vertices);
  return vertices;
}

// Fills a Deployment, node by node.
class Deployer {
 public:
  Deployer(const Scenario& scenario, const Graph& graph)
      : scenario_(scenario), graph_(graph), seed_(static_cast<std::uint64_t>(scenario.seed)) {}

  Deployment run() {
    for (std::size_t kind = 0; kind < scenario_.nodes.size(); ++kind) place_kind(kind);
    const bool needs_servers = std::ranges::any_of(
        scenario_.workload,
        [](const RequestClass& requests) { return requests.does.name.empty(); });
    if (needs_servers && result_.servers.empty())
      throw UserError("no node of the scenario serves requests");
    result_.site_of_vertex.assign(graph_.places().size(), Deployment::no_site);
    for (const DevicePopulation& population : scenario_.devices) place_devices(population);
    place_passing_devices();
    if (scenario_.balancing.at == Balancing::At::central) place_central();
    return std::move(result_);
  }

 private:
  NodeId add(PlatformNode node) {
    result_.nodes.push_back(std::move(node));
    return NodeId{static_cast<std::uint32_t>(result_.nodes.size() - 1)};
  }

  void place_kind(std::size_t kind) {
    const NodeKind& spec = scenario_.nodes[kind];
    for (const VertexId vertex : select(spec.at, graph_, seed_))
      for (std::int64_t number = 1; number <= spec.count; ++number) {
        std::string name = fmt::format("{}/{}", spec.name, graph_.place(vertex).name);
        if (spec.count > 1) name = fmt::format("{}/{}", name, number);
        const NodeId id = add(node_of(spec, std::move(name), vertex));
        result_.of_kinds.push_back({id, kind});
        if (serves(spec)) result_.servers.push_back({id, kind, vertex});
      }
  }

  bool serves(const NodeKind& spec) const {
    if (!spec.serves.all && spec.serves.classes.empty()) return false;
    const std::vector<Name>& only = scenario_.balancing.servers;
    return only.empty() ||
           std::ranges::any_of(only, [&](const Name& name) { return name.text == spec.name; });
  }

  static PlatformNode node_of(const NodeKind& spec, std::string name, VertexId vertex) {
    PlatformNode node{.name = std::move(name),
                      .vertex = vertex,
                      .cores = static_cast<std::uint32_t>(spec.cores),
                      .speed = spec.speed,
                      .discipline = spec.discipline == NodeKind::Discipline::fifo
                                        ? Discipline::fifo
                                        : Discipline::processor_sharing,
                      .price = spec.price,
                      .access = {spec.link.latency, spec.link.bandwidth},
                      .disk = {spec.disk.sync, spec.disk.bandwidth, spec.disk.capacity}};
    if (spec.power.idle > 0 || spec.power.busy > 0)
      node.power = Power{spec.power.idle, spec.power.busy, spec.power.off};
    return node;
  }

  std::uint32_t site_at(VertexId vertex) {
    std::uint32_t& site = result_.site_of_vertex[vertex];
    if (site == Deployment::no_site) {
      site = static_cast<std::uint32_t>(result_.sites.size());
      const NodeId gateway =
          add({.name = "gateway/" + graph_.place(vertex).name, .vertex = vertex});
      result_.sites.push_back({gateway, vertex});
    }
    return site;
  }

  void place_devices(const DevicePopulation& population) {
    std::vector<Deployment::Homes> homes;
    for (const VertexId vertex : select(population.at, graph_, seed_))
      homes.push_back({site_at(vertex), static_cast<std::uint32_t>(population.count)});
    result_.homes.push_back(std::move(homes));
  }

  // Who moves may come by anywhere.
  void place_passing_devices() {
    const bool any_moves = std::ranges::any_of(scenario_.devices, [](const auto& population) {
      return !population.moves.name.empty() && population.moves.name != "none";
    });
    if (!any_moves) return;
    for (VertexId vertex = 0; vertex < graph_.places().size(); ++vertex) site_at(vertex);
  }

  void place_central() {
    for (const VertexId vertex : select(scenario_.balancing.central, graph_, seed_))
      result_.central.push_back(
          add({.name = "balancer/" + graph_.place(vertex).name, .vertex = vertex}));
  }

  const Scenario& scenario_;
  const Graph& graph_;
  std::uint64_t seed_;
  Deployment result_;
};

}  // namespace

std::vector<VertexId> select(const Selector& selector, const Graph& graph, std::uint64_t seed) {
  using How = Selector::How;
  std::vector<VertexId> found;
  switch (selector.how) {
    case How::names:
      for (const Name& name : selector.names) found.push_back(*graph.find(name.text));
      return found;
    case How::tier:
      return of_tier(graph, selector.names.at(0).text);
    case How::every_vertex:
      return all(graph);
    case How::every_site:
      found = of_tier(graph, "site");
      return found.empty() ? all(graph) : found;
    case How::most_central:
      return most_central(graph, static_cast<std::size_t>(selector.count));
    case How::random: {
      Random random = Random::stream(seed, "places");
      sample_distinct(all(graph), static_cast<std::size_t>(selector.count), random, found);
      std::ranges::sort(found);
      return found;
    }
  }
  return found;
}

Deployment deploy(const Scenario& scenario, const Graph& graph) {
  return Deployer{scenario, graph}.run();
}

std::vector<NodeId> nodes_of_kinds(const Scenario& scenario, const Deployment& deployment,
                                   const std::vector<Name>& kinds) {
  std::vector<NodeId> found;
  for (const DeployedNode& node : deployment.of_kinds)
    if (std::ranges::find(kinds, scenario.nodes[node.kind].name, &Name::text) != kinds.end())
      found.push_back(node.node);
  std::ranges::sort(found);
  return found;
}

}  // namespace evenkeel

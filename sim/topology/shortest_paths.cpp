// A flat heap of our own in place of Boost.Graph's was tried: 1.4 times as slow on sparse graphs of
// 10,000 places, 1.5 times as fast on dense ones.
#include "sim/topology/shortest_paths.h"

#include <algorithm>

#include <boost/graph/dijkstra_shortest_paths.hpp>

namespace evenkeel {
namespace {

struct KeepOrder : boost::default_dijkstra_visitor {
  std::vector<VertexId>* order;

  void examine_vertex(VertexId place, const Arcs&) { order->push_back(place); }
};

}  // namespace

Arcs arcs_of(const Graph& graph, std::span<const LinkId> excluded) {
  struct Step {
    VertexId from, to;
    Arc arc;
  };
  std::vector<char> kept(graph.links().size(), 1);
  for (const LinkId link : excluded) kept[link] = 0;
  std::vector<Step> steps;
  for (LinkId id = 0; id < kept.size(); ++id) {
    if (kept[id] == 0) continue;
    const Link& link = graph.link(id);
    const std::int64_t latency = link.latency.count();
    const PathCost cost =
        graph.route_by() == RouteBy::links ? PathCost{1, latency} : PathCost{latency, 1};
    steps.push_back({link.from, link.to, {id, cost}});
    steps.push_back({link.to, link.from, {id, cost}});
  }
  std::ranges::sort(steps, {}, [](const Step& step) { return std::pair{step.from, step.to}; });
  std::vector<std::pair<VertexId, VertexId>> ends;
  std::vector<Arc> arcs;
  for (const Step& step : steps) {
    ends.emplace_back(step.from, step.to);
    arcs.push_back(step.arc);
  }
  return {boost::edges_are_sorted, ends.begin(), ends.end(), arcs.begin(),
          static_cast<VertexId>(graph.places().size())};
}

ShortestPaths::ShortestPaths(const Arcs& arcs) : arcs_(arcs), costs_(boost::num_vertices(arcs)) {}

void ShortestPaths::run(VertexId source) {
  order_.clear();
  KeepOrder visitor;
  visitor.order = &order_;
  const auto index = boost::get(boost::vertex_index, arcs_);
  boost::dijkstra_shortest_paths(
      arcs_, source,
      boost::distance_map(boost::make_iterator_property_map(costs_.begin(), index))
          .weight_map(boost::get(&Arc::cost, arcs_))
          .distance_compare(std::less<PathCost>{})
          .distance_combine(std::plus<PathCost>{})
          .distance_inf(unreachable)
          .distance_zero(PathCost{})
          .visitor(visitor));
}

}  // namespace evenkeel

// A heap with four children a node is shallower, and its children lie side by side.
#include "sim/topology/shortest_paths.h"

#include <algorithm>

namespace evenkeel {

Arcs::Arcs(const Graph& graph, std::span<const LinkId> excluded) {
  const std::vector<Link>& links = graph.links();
  std::vector<char> kept(links.size(), 1);
  for (const LinkId link : excluded) kept[link] = 0;
  starts_.assign(graph.places().size() + 1, 0);
  for (LinkId id = 0; id < links.size(); ++id) {
    starts_[links[id].from + 1] += static_cast<std::size_t>(kept[id]);
    starts_[links[id].to + 1] += static_cast<std::size_t>(kept[id]);
  }
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  arcs_.resize(starts_.back());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  const bool by_links = graph.route_by() == RouteBy::links;
  for (LinkId id = 0; id < links.size(); ++id) {
    if (kept[id] == 0) continue;
    const Link& link = links[id];
    const PathCost cost =
        by_links ? PathCost{1, link.latency.count()} : PathCost{link.latency.count(), 1};
    arcs_[next[link.from]++] = {link.to, id, cost};
    arcs_[next[link.to]++] = {link.from, id, cost};
  }
  for (std::size_t i = 0; i + 1 < starts_.size(); ++i)
    std::ranges::sort(arcs_.begin() + static_cast<std::ptrdiff_t>(starts_[i]),
                      arcs_.begin() + static_cast<std::ptrdiff_t>(starts_[i + 1]), {}, &Arc::to);
}

ShortestPaths::ShortestPaths(const Arcs& arcs) : arcs_(arcs) {
  costs_.resize(arcs.places());
  order_.reserve(arcs.places());
}

void ShortestPaths::push(Reached reached) {
  std::size_t hole = heap_.size();
  heap_.push_back(reached);
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / 4;
    if (heap_[parent] <= reached) break;
    heap_[hole] = heap_[parent];
    hole = parent;
  }
  heap_[hole] = reached;
}

ShortestPaths::Reached ShortestPaths::pop() {
  const Reached top = heap_.front();
  const Reached last = heap_.back();
  heap_.pop_back();
  const std::size_t size = heap_.size();
  if (size == 0) return top;
  std::size_t hole = 0;
  while (true) {
    const std::size_t first = 4 * hole + 1;
    if (first >= size) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + 4, size); ++child)
      if (heap_[child] < heap_[least]) least = child;
    if (last <= heap_[least]) break;
    heap_[hole] = heap_[least];
    hole = least;
  }
  heap_[hole] = last;
  return top;
}

void ShortestPaths::run(VertexId source) {
  std::ranges::fill(costs_, unreachable);
  order_.clear();
  costs_[source] = {};
  push({{}, source});
  while (!heap_.empty()) {
    const auto [cost, vertex] = pop();
    if (cost != costs_[vertex]) continue;  // a cheaper path was found since
    order_.push_back(vertex);
    for (const Arc& arc : arcs_.of(vertex)) {
      const PathCost total = cost + arc.cost;
      if (total < costs_[arc.to]) {
        costs_[arc.to] = total;
        push({total, arc.to});
      }
    }
  }
}

}  // namespace evenkeel

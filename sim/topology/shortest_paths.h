// Shortest paths from one place to all others, over and over: Dijkstra's algorithm on flat arrays.
// Boost.Graph's dijkstra_shortest_paths on its compressed graph takes BGL_FACTOR times as long.
#pragma once

#include <compare>
#include <span>
#include <vector>

#include "sim/topology/graph.h"

namespace evenkeel {

/// The length of a path, by the graph's rule: latency in ns then links, or links then latency.
struct PathCost {
  std::int64_t first = 0;
  std::int64_t second = 0;

  auto operator<=>(const PathCost&) const = default;
  PathCost operator+(const PathCost& other) const {
    return {first + other.first, second + other.second};
  }
};

/// One direction of a link, as seen from its start.
struct Arc {
  VertexId to;
  LinkId link;
  PathCost cost;
};

/// The arcs of a graph, those of each vertex side by side and ordered by where they lead.
class Arcs {
 public:
  Arcs(const Graph& graph, std::span<const LinkId> excluded);

  std::size_t places() const { return starts_.size() - 1; }
  std::span<const Arc> of(VertexId vertex) const {
    return {arcs_.data() + starts_[vertex], arcs_.data() + starts_[vertex + 1]};
  }

 private:
  std::vector<std::size_t> starts_;
  std::vector<Arc> arcs_;
};

/// The costs from one source. Keeps its arrays between sources.
class ShortestPaths {
 public:
  static constexpr PathCost unreachable{std::int64_t{1} << 62, 0};

  explicit ShortestPaths(const Arcs& arcs);

  void run(VertexId source);
  /// By vertex; `unreachable` where there is no path.
  const std::vector<PathCost>& costs() const { return costs_; }
  /// The vertices that were reached, nearest first, the source included.
  const std::vector<VertexId>& order() const { return order_; }

 private:
  struct Reached {
    PathCost cost;
    VertexId vertex;
    auto operator<=>(const Reached&) const = default;
  };

  void push(Reached reached);
  Reached pop();

  const Arcs& arcs_;
  std::vector<PathCost> costs_;
  std::vector<VertexId> order_;
  std::vector<Reached> heap_;  // 4-ary; may hold outdated entries
};

}  // namespace evenkeel

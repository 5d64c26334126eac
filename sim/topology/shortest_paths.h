// Shortest paths from one place to all others, over and over: Boost.Graph's Dijkstra on its
// compressed graph, with the tie-breaking that a deterministic run needs.
#pragma once

#include <compare>
#include <span>
#include <vector>

#include <boost/graph/compressed_sparse_row_graph.hpp>

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

/// One direction of a link.
struct Arc {
  LinkId link = 0;
  PathCost cost = {};
};

/// The arcs of a graph, those of each place ordered by where they lead.
using Arcs = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Arc,
                                                boost::no_property, VertexId, std::uint32_t>;
Arcs arcs_of(const Graph& graph, std::span<const LinkId> excluded = {});

/// The costs from one source. Keeps its arrays between sources. The arcs must outlive it.
class ShortestPaths {
 public:
  static constexpr PathCost unreachable{std::int64_t{1} << 62, 0};

  explicit ShortestPaths(const Arcs& arcs);

  void run(VertexId source);
  /// By place; `unreachable` where there is no path.
  const std::vector<PathCost>& costs() const { return costs_; }
  /// The places that were reached, nearest first, the source included.
  const std::vector<VertexId>& order() const { return order_; }

  /// Visits (place, link) for the last step of each shortest path to a place, lowest place first,
  /// until `visit` returns false.
  template <class Visit>
  void each_before(VertexId place, Visit visit) const {
    const auto [first, last] = boost::out_edges(place, arcs_);
    for (auto arc = first; arc != last; ++arc) {
      const VertexId before = boost::target(*arc, arcs_);
      if (costs_[before] + arcs_[*arc].cost == costs_[place] && !visit(before, arcs_[*arc].link))
        return;
    }
  }

 private:
  const Arcs& arcs_;
  std::vector<PathCost> costs_;
  std::vector<VertexId> order_;
};

}  // namespace evenkeel

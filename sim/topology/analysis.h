// What a topology is like: its parts, how far apart they are, and what it cannot do without.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sim/topology/graph.h"

namespace evenkeel {

/// The parts, numbered by their lowest place.
struct Parts {
  std::vector<std::uint32_t> of_place;
  std::vector<std::uint32_t> sizes;  // by part
};
Parts parts_of(const Graph& graph);

/// A place or a link whose loss splits its part. The largest piece is taken as what stays; the
/// others are cut off: how many places, and for the max_listed worst losses which ones (ascending,
/// at most max_listed of them).
struct CutNode {
  VertexId vertex = 0;
  std::uint32_t pieces = 0;  // after its loss
  std::size_t cut_off_count = 0;
  std::vector<VertexId> cut_off = {};
};
struct Bridge {
  LinkId link = 0;
  std::size_t cut_off_count = 0;
  std::vector<VertexId> cut_off = {};
};
inline constexpr std::size_t max_listed = 100;

/// Both with the worst loss first, then by number. In time n log n (Tarjan 1972).
struct Cuts {
  std::vector<CutNode> nodes;
  std::vector<Bridge> bridges;
};
Cuts cuts_of(const Graph& graph);

/// Places that these failures cut off from the largest piece of their part, themselves not counted.
std::vector<VertexId> cut_off_by(const Graph& graph, std::span<const VertexId> failed_places,
                                 std::span<const LinkId> failed_links);

/// From shortest paths. Exact up to `exact_limit` places; above, from a sample of sources that is
/// the same in every run: betweenness is scaled up, and the farthest pair is a lower bound.
struct Reach {
  static constexpr std::size_t exact_limit = 2'000;

  std::size_t sources = 0;  // how many were looked at
  bool exact = true;
  /// Of the pairs of other places with a route, the share that goes through a place; where there
  /// are several shortest paths each counts for its part (Freeman 1977, Brandes 2001).
  std::vector<double> betweenness;  // by place, 0 .. 1
  Duration diameter{};              // the largest latency of a route
  VertexId farthest[2] = {0, 0};
  std::uint32_t diameter_links = 0;  // the most links that a route has
  Duration mean_latency{};           // over all pairs with a route
};
Reach reach_of(const Graph& graph);

/// The text that `evenkeel topology FILE` prints.
std::string describe_topology(const Graph& graph);
/// The same as one JSON object; latencies in seconds, bandwidths in bit/s.
nlohmann::json topology_json(const Graph& graph);

}  // namespace evenkeel

// A topology as a value: places, the links between them, and what its reader had to assume.
// Connected simple graph or not: it may fall into parts, but has no self-loops or parallel links.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/graph/adjacency_list.hpp>

#include "models/runtime/time.h"
#include "sim/topology/geo.h"

namespace evenkeel {

using VertexId = std::uint32_t;  // 0 .. n-1, in the order of the source
using LinkId = std::uint32_t;    // 0 .. m-1

/// A vertex. `tier` is "site", "cloud", "region", "device", or empty where no node should stand
/// (a router of a SimGrid platform).
struct Location {
  std::string name = {};  // unique in its graph, printable UTF-8
  std::optional<Coordinates> coordinates = {};
  std::string tier = "site";
};

/// An undirected link; both directions have the bandwidth.
struct Link {
  std::string name = {};  // unique in its graph
  VertexId from = 0;
  VertexId to = 0;
  Duration latency{};    // one way
  double bandwidth = 0;  // bit/s

  VertexId other_end(VertexId end) const { return from ^ to ^ end; }
};

/// How routes are chosen: the least latency (then the fewest links), or the fewest links (then the
/// least latency), which keeps to the measured link of a latency matrix where a detour is faster.
enum class RouteBy { latency, links };

/// Made by a GraphBuilder (builder.h).
class Graph {
 public:
  using Network =
      boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                            boost::property<boost::edge_index_t, LinkId>>;

  static constexpr std::size_t max_places = 100'000;
  static constexpr std::size_t max_links = 1'000'000;
  static constexpr Duration max_latency = std::chrono::hours{1};  // of one link
  static constexpr double max_bandwidth = 1e15;                   // bit/s

  const std::vector<Location>& places() const { return places_; }
  const Location& place(VertexId vertex) const { return places_[vertex]; }
  const std::vector<Link>& links() const { return links_; }
  const Link& link(LinkId id) const { return links_[id]; }
  RouteBy route_by() const { return route_by_; }

  std::optional<VertexId> find(std::string_view name) const;
  std::optional<LinkId> find_link(std::string_view name) const;
  std::optional<LinkId> link_between(VertexId a, VertexId b) const;

  /// What the reader assumed or repaired, one sentence each, for the user to judge.
  const std::vector<std::string>& doubts() const { return doubts_; }

  /// The same graph for the algorithms of Boost.Graph; the edge index is the LinkId.
  const Network& network() const { return network_; }

 private:
  friend class GraphBuilder;

  std::vector<Location> places_;
  std::vector<Link> links_;
  std::vector<std::string> doubts_;
  std::unordered_map<std::string, VertexId> place_names_;
  std::unordered_map<std::string, LinkId> link_names_;
  RouteBy route_by_ = RouteBy::latency;
  Network network_;
};

}  // namespace evenkeel

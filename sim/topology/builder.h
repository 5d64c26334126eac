// Makes a graph from whatever a source offers, and keeps count of what had to be assumed.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/topology/defaults.h"
#include "sim/topology/graph.h"

namespace evenkeel {

/// A link as its source has it. What is missing comes from the LinkDefaults.
struct RawLink {
  VertexId from = 0;
  VertexId to = 0;
  std::string name = {};  // empty: "from--to"
  std::optional<Duration> latency = {};
  std::optional<double> bandwidth = {};  // bit/s
  bool directed = false;  // A->B and B->A are two directions of one link, not two links
};

class GraphBuilder {
 public:
  /// `file` is named in messages; empty for what is not read from a file.
  explicit GraphBuilder(const LinkDefaults& defaults, std::string file = {})
      : defaults_(defaults), file_(std::move(file)) {}

  /// Cleans the name (printable UTF-8, at most 200 bytes) and gives it a suffix if it is taken.
  /// UserError beyond Graph::max_places.
  VertexId add(Location place);
  /// Self-loops are dropped and parallel links merged, when the graph is built. UserError beyond
  /// Graph::max_links, or for a latency or bandwidth out of bounds.
  void link(RawLink link);
  void equal_link(VertexId from, VertexId to, const EqualLinks& links);

  /// Joins the parts by the shortest links that do (a minimum spanning tree over them); says in a
  /// doubt how many if `repairs`. All places must have coordinates, at most max_joined.
  void join_parts(bool repairs);
  static constexpr std::size_t max_joined = 20'000;

  void doubt(std::string text) { doubts_.push_back(std::move(text)); }
  void route_by(RouteBy rule) { route_by_ = rule; }
  const std::vector<Location>& places() const { return places_; }

  Graph build() &&;

 private:
  struct Merged;

  std::vector<Merged> merged_links();
  void finish_links(Graph& graph, std::vector<Merged> merged);
  Duration latency_of(const RawLink& link);
  std::string unique_link_name(const Graph& graph, const Merged& link) const;
  std::vector<std::uint32_t> part_of_each() const;
  void state_doubts();

  [[noreturn]] void refuse(const std::string& message) const;

  LinkDefaults defaults_;
  std::string file_;
  std::vector<Location> places_;
  std::vector<RawLink> links_;
  std::vector<std::string> doubts_;
  std::unordered_map<std::string, VertexId> names_;
  std::unordered_map<std::string, unsigned> namesakes_;  // how many share a name so far
  RouteBy route_by_ = RouteBy::latency;

  std::size_t renamed_ = 0;
  std::size_t cleaned_ = 0;
  std::size_t self_loops_ = 0;
  std::size_t parallel_ = 0;
  std::size_t reversed_ = 0;
  std::size_t one_way_ = 0;
  std::size_t without_distance_ = 0;
  std::size_t without_bandwidth_ = 0;
};

}  // namespace evenkeel

// Routes through a graph: the shortest by latency (or by links, Graph::route_by), found when asked
// for. Among equals: the fewest links, then the lowest place before each one, back from the end.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sim/topology/shortest_paths.h"

namespace evenkeel {

struct Route {
  std::vector<LinkId> links;  // in order; empty from a place to itself
  Duration latency{};
  double bandwidth = 0;  // the narrowest link; infinite if there is none
};

/// Keeps one tree for each source asked for, 12 bytes a place, at most about 64 MB of them.
/// Independent of the graph it was made from. Not for many threads at once.
class Routes {
 public:
  explicit Routes(const Graph& graph, std::span<const LinkId> excluded = {});
  ~Routes();
  Routes(Routes&&) noexcept;
  Routes& operator=(Routes&&) noexcept;

  /// Nothing if the places lie in different parts.
  std::optional<Route> route(VertexId from, VertexId to) const;
  std::optional<Duration> latency(VertexId from, VertexId to) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evenkeel

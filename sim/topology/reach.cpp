// Betweenness and distances in one pass over shortest paths. Brandes, "A faster algorithm for
// betweenness centrality", J. Math. Sociology 25(2), 2001. Boost.Graph's version looks at every
// source and wants positive weights; this one can sample, and breaks ties of latency by links.
#include <algorithm>
#include <cmath>

#include "models/runtime/random.h"
#include "sim/topology/analysis.h"
#include "sim/topology/shortest_paths.h"

namespace evenkeel {
namespace {

/// A count of paths. It may grow beyond any double (a chain of diamonds), hence an exponent of its
/// own, in units of 2^500.
class PathCount {
 public:
  explicit PathCount(double value = 0) : value_(value) {}

  void add(const PathCount& other) {
    if (other.scale_ > scale_) {
      value_ = std::ldexp(value_, -unit * std::min(other.scale_ - scale_, 3));
      scale_ = other.scale_;
    }
    value_ += std::ldexp(other.value_, -unit * std::min(scale_ - other.scale_, 3));
    if (value_ >= 0x1p500) {
      value_ = std::ldexp(value_, -unit);
      ++scale_;
    }
  }

  /// This over one that is at least as large.
  double share_of(const PathCount& whole) const {
    const double ratio = value_ / whole.value_;
    return scale_ == whole.scale_ ? ratio
                                  : std::ldexp(ratio, -unit * std::min(whole.scale_ - scale_, 3));
  }

 private:
  static constexpr int unit = 500;
  double value_;
  int scale_ = 0;
};

class ReachFinder {
 public:
  explicit ReachFinder(const Graph& graph)
      : by_links_(graph.route_by() == RouteBy::links),
        arcs_(arcs_of(graph)),
        paths_(arcs_),
        counts_(boost::num_vertices(arcs_)),
        dependency_(boost::num_vertices(arcs_)),
        between_(boost::num_vertices(arcs_), 0) {}

  Reach find(const std::vector<VertexId>& sources) {
    for (const VertexId source : sources) look_from(source);
    // From the far end of what was found the rest may lie farther still.
    if (sources.size() < boost::num_vertices(arcs_)) measure_from(reach_.farthest[1]);
    const double n = static_cast<double>(boost::num_vertices(arcs_));
    reach_.sources = sources.size();
    reach_.exact = sources.size() == boost::num_vertices(arcs_);
    const double pairs = n > 2 ? (n - 1) * (n - 2) : 1;
    const double sampled = n / static_cast<double>(std::max<std::size_t>(1, sources.size()));
    for (double& value : between_) value = std::min(1.0, value * sampled / pairs);
    reach_.betweenness = std::move(between_);
    if (routes_ > 0) reach_.mean_latency = Duration{std::llround(latencies_ns_ / routes_)};
    return std::move(reach_);
  }

 private:
  std::int64_t latency_ns(VertexId vertex) const {
    const PathCost& cost = paths_.costs()[vertex];
    return by_links_ ? cost.second : cost.first;
  }
  std::int64_t links(VertexId vertex) const {
    const PathCost& cost = paths_.costs()[vertex];
    return by_links_ ? cost.first : cost.second;
  }

  void measure_from(VertexId source) {
    paths_.run(source);
    for (const VertexId vertex : paths_.order()) {
      const Duration latency{latency_ns(vertex)};
      if (latency > reach_.diameter) {
        reach_.diameter = latency;
        reach_.farthest[0] = source;
        reach_.farthest[1] = vertex;
      }
      reach_.diameter_links =
          std::max(reach_.diameter_links, static_cast<std::uint32_t>(links(vertex)));
    }
  }

  void look_from(VertexId source) {
    measure_from(source);
    const std::vector<VertexId>& order = paths_.order();
    routes_ += static_cast<double>(order.size() - 1);
    for (const VertexId vertex : order) {
      latencies_ns_ += static_cast<double>(latency_ns(vertex));
      counts_[vertex] = PathCount{vertex == source ? 1.0 : 0.0};
      dependency_[vertex] = 0;
    }
    for (const VertexId vertex : order)
      paths_.each_before(vertex, [&](VertexId before, LinkId) {
        counts_[vertex].add(counts_[before]);
        return true;
      });
    for (auto vertex = order.rbegin(); vertex != order.rend(); ++vertex) {
      paths_.each_before(*vertex, [&](VertexId before, LinkId) {
        dependency_[before] +=
            counts_[before].share_of(counts_[*vertex]) * (1 + dependency_[*vertex]);
        return true;
      });
      if (*vertex != source) between_[*vertex] += dependency_[*vertex];
    }
  }

  bool by_links_;
  Arcs arcs_;
  ShortestPaths paths_;
  std::vector<PathCount> counts_;
  std::vector<double> dependency_;
  std::vector<double> between_;
  double latencies_ns_ = 0;
  double routes_ = 0;
  Reach reach_;
};

/// All places, or a sample whose cost does not grow with the graph.
std::vector<VertexId> sources_for(std::size_t places) {
  std::vector<VertexId> sources(places);
  for (VertexId vertex = 0; vertex < places; ++vertex) sources[vertex] = vertex;
  if (places <= Reach::exact_limit) return sources;
  constexpr std::size_t effort = Reach::exact_limit * Reach::exact_limit;
  const std::size_t count = std::max<std::size_t>(50, effort / places);
  Random random = Random::stream(0, "sources of a topology's analysis");
  for (std::size_t i = 0; i < count; ++i)
    std::swap(sources[i], sources[i + random.below(places - i)]);
  sources.resize(count);
  return sources;
}

}  // namespace

Reach reach_of(const Graph& graph) {
  return ReachFinder(graph).find(sources_for(graph.places().size()));
}

}  // namespace evenkeel

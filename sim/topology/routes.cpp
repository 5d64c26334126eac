// One tree a source: the link by which each place is reached.
#include "sim/topology/routes.h"

#include <algorithm>
#include <limits>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr LinkId none = std::numeric_limits<LinkId>::max();
constexpr std::size_t cache_bytes = 64 << 20;

struct Span {     // what a route needs of a link
  VertexId ends;  // from ^ to: with one end it gives the other
  Duration latency;
  double bandwidth;
};

}  // namespace

struct Routes::State {
  using Tree = std::vector<LinkId>;

  State(const Graph& graph, std::span<const LinkId> excluded)
      : arcs(graph, excluded), paths(arcs), trees(graph.places().size()) {
    for (const Link& link : graph.links())
      links.push_back({link.from ^ link.to, link.latency, link.bandwidth});
  }

  const Tree& tree(VertexId source) {
    if (trees[source].empty()) {
      make_room();
      paths.run(source);
      trees[source] = grown_tree();
      kept.push_back(source);
    }
    return trees[source];
  }

  void make_room() {
    const std::size_t most =
        std::max<std::size_t>(1, cache_bytes / (sizeof(LinkId) * trees.size()));
    if (kept.size() < most) return;
    // The oldest goes; its place in the ring is taken by the newest.
    std::ranges::rotate(kept, kept.begin() + 1);
    Tree{}.swap(trees[kept.back()]);
    kept.pop_back();
  }

  Tree grown_tree() const {
    Tree grown(trees.size(), none);
    const std::vector<PathCost>& costs = paths.costs();
    for (const VertexId vertex : paths.order())
      for (const Arc& arc : arcs.of(vertex))  // ordered: the lowest place before it wins
        if (costs[arc.to] + arc.cost == costs[vertex]) {
          grown[vertex] = arc.link;
          break;
        }
    return grown;
  }

  Arcs arcs;
  ShortestPaths paths;
  std::vector<Span> links;
  std::vector<Tree> trees;     // by source; empty if not known
  std::vector<VertexId> kept;  // the sources whose trees are there, oldest first
};

Routes::Routes(const Graph& graph, std::span<const LinkId> excluded)
    : state_(std::make_unique<State>(graph, excluded)) {}
Routes::~Routes() = default;
Routes::Routes(Routes&&) noexcept = default;
Routes& Routes::operator=(Routes&&) noexcept = default;

std::optional<Route> Routes::route(VertexId from, VertexId to) const {
  EVENKEEL_CHECK(from < state_->trees.size() && to < state_->trees.size(), "no such place");
  Route route{.links = {}, .latency = {}, .bandwidth = std::numeric_limits<double>::infinity()};
  const State::Tree& tree = state_->tree(from);
  for (VertexId at = to; at != from;) {
    if (tree[at] == none) return std::nullopt;
    const Span& link = state_->links[tree[at]];
    route.links.push_back(tree[at]);
    route.latency += link.latency;
    route.bandwidth = std::min(route.bandwidth, link.bandwidth);
    at ^= link.ends;
  }
  std::ranges::reverse(route.links);
  return route;
}

std::optional<Duration> Routes::latency(VertexId from, VertexId to) const {
  EVENKEEL_CHECK(from < state_->trees.size() && to < state_->trees.size(), "no such place");
  const State::Tree& tree = state_->tree(from);
  Duration latency{};
  for (VertexId at = to; at != from;) {
    if (tree[at] == none) return std::nullopt;
    latency += state_->links[tree[at]].latency;
    at ^= state_->links[tree[at]].ends;
  }
  return latency;
}

}  // namespace evenkeel

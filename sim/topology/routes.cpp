// One tree a source: the link by which each place is reached.
#include "sim/topology/routes.h"

#include <algorithm>
#include <limits>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr LinkId none = std::numeric_limits<LinkId>::max();
constexpr std::size_t cache_bytes = 64 << 20;
constexpr std::size_t bytes_a_place = sizeof(LinkId) + sizeof(Duration);

struct Span {     // what a route needs of a link
  VertexId ends;  // from ^ to: with one end it gives the other
  double bandwidth;
};

}  // namespace

struct Routes::State {
  struct Tree {                // by place
    std::vector<LinkId> link;  // the last one on the way there
    std::vector<Duration> latency;
  };

  State(const Graph& graph, std::span<const LinkId> excluded)
      : arcs(arcs_of(graph, excluded)),
        paths(arcs),
        trees(graph.places().size()),
        rule(graph.route_by()) {
    for (const Link& link : graph.links()) links.push_back({link.from ^ link.to, link.bandwidth});
  }

  const Tree& tree(VertexId source) {
    if (trees[source].link.empty()) {
      make_room();
      paths.run(source);
      trees[source] = grown_tree();
      kept.push_back(source);
    }
    return trees[source];
  }

  void make_room() {
    const std::size_t most = std::max<std::size_t>(1, cache_bytes / (bytes_a_place * trees.size()));
    if (kept.size() < most) return;
    // The oldest goes; its place in the ring is taken by the newest.
    std::ranges::rotate(kept, kept.begin() + 1);
    trees[kept.back()] = Tree{};
    kept.pop_back();
  }

  Tree grown_tree() const {
    Tree grown{std::vector<LinkId>(trees.size(), none), std::vector<Duration>(trees.size())};
    const bool by_links = rule == RouteBy::links;
    for (const VertexId place : paths.order()) {
      const PathCost& cost = paths.costs()[place];
      grown.latency[place] = Duration{by_links ? cost.second : cost.first};
      paths.each_before(place, [&](VertexId, LinkId link) {
        grown.link[place] = link;
        return false;
      });
    }
    return grown;
  }

  Arcs arcs;
  ShortestPaths paths;
  std::vector<Span> links;
  std::vector<Tree> trees;  // by source; empty if not known
  RouteBy rule;
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
    if (tree.link[at] == none) return std::nullopt;
    const Span& link = state_->links[tree.link[at]];
    route.links.push_back(tree.link[at]);
    route.bandwidth = std::min(route.bandwidth, link.bandwidth);
    at ^= link.ends;
  }
  route.latency = tree.latency[to];
  std::ranges::reverse(route.links);
  return route;
}

std::optional<Duration> Routes::latency(VertexId from, VertexId to) const {
  EVENKEEL_CHECK(from < state_->trees.size() && to < state_->trees.size(), "no such place");
  const State::Tree& tree = state_->tree(from);
  if (to != from && tree.link[to] == none) return std::nullopt;
  return tree.latency[to];
}

}  // namespace evenkeel

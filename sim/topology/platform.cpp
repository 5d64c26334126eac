// Routes between nodes: the graph's route between their places, with the access links at its ends.
#include "sim/topology/platform.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include <fmt/format.h>

#include "models/runtime/check.h"
#include "sim/topology/pair_map.h"
#include "sim/topology/routes.h"

namespace evenkeel {
namespace {

constexpr PlatformLinkId none = std::numeric_limits<PlatformLinkId>::max();

}  // namespace

struct Platform::Cache {
  explicit Cache(const Graph& graph) : routes(graph) {}

  Routes routes;
  std::deque<PlatformRoute> found;  // keeps its addresses
  PairMap<const PlatformRoute*> by_pair;
  std::unordered_map<std::string, NodeId> node_names;
  std::unordered_map<std::string, PlatformLinkId> link_names;
  std::vector<PlatformLinkId> access;  // by node
  std::vector<char> failed;            // by link
};

Platform::Platform(Graph graph, std::vector<PlatformNode> nodes)
    : Platform(std::make_shared<const Graph>(std::move(graph)), std::move(nodes)) {}

Platform::Platform(std::shared_ptr<const Graph> graph, std::vector<PlatformNode> nodes)
    : graph_(std::move(graph)), nodes_(std::move(nodes)), cache_(std::make_unique<Cache>(*graph_)) {
  for (const Link& link : graph_->links())
    links_.push_back({link.name, link.latency, link.bandwidth});
  for (const PlatformNode& node : nodes_) {
    EVENKEEL_CHECK(node.vertex < graph_->places().size(), "a node at no place: " + node.name);
    const auto id = static_cast<NodeId>(cache_->access.size());
    EVENKEEL_CHECK(cache_->node_names.emplace(node.name, id).second,
                   "two nodes of one name: " + node.name);
    cache_->access.push_back(none);
    if (!node.access.exists()) continue;
    std::string name = node.name + " access";
    while (graph_->find_link(name)) name += " link";
    cache_->access.back() = static_cast<PlatformLinkId>(links_.size());
    links_.push_back({std::move(name), node.access.latency, node.access.bandwidth});
  }
  for (PlatformLinkId id = 0; id < links_.size(); ++id)
    cache_->link_names.emplace(links_[id].name, id);
  cache_->failed.assign(links_.size(), 0);
}

Platform::~Platform() = default;
Platform::Platform(Platform&&) noexcept = default;
Platform& Platform::operator=(Platform&&) noexcept = default;

std::optional<NodeId> Platform::find(std::string_view name) const {
  const auto found = cache_->node_names.find(std::string{name});
  return found == cache_->node_names.end() ? std::nullopt : std::optional{found->second};
}

std::optional<PlatformLinkId> Platform::find_link(std::string_view name) const {
  const auto found = cache_->link_names.find(std::string{name});
  return found == cache_->link_names.end() ? std::nullopt : std::optional{found->second};
}

std::optional<PlatformLinkId> Platform::access_link(NodeId id) const {
  const PlatformLinkId link = cache_->access[index(id)];
  return link == none ? std::nullopt : std::optional{link};
}

const PlatformRoute& Platform::route(NodeId from, NodeId to) const {
  EVENKEEL_CHECK(index(from) < size() && index(to) < size(), "no such node");
  const auto [route, fresh] = cache_->by_pair.get(from, to);
  if (fresh) route = &cache_->found.emplace_back(make_route(from, to));
  return *route;
}

Duration Platform::latency(NodeId from, NodeId to) const {
  EVENKEEL_CHECK(index(from) < size() && index(to) < size(), "no such node");
  if (from == to) return {};
  const std::optional<Duration> between =
      cache_->routes.latency(node(from).vertex, node(to).vertex);
  if (!between || access_failed(from) || access_failed(to)) return never;
  return node(from).access.latency + *between + node(to).access.latency;
}

bool Platform::access_failed(NodeId id) const {
  const PlatformLinkId link = cache_->access[index(id)];
  return link != none && cache_->failed[link] != 0;
}

// False if the access link has failed.
bool Platform::crosses_access(NodeId id, PlatformRoute& route) const {
  const PlatformLinkId link = cache_->access[index(id)];
  if (link == none) return true;
  route.links.push_back(link);
  route.latency += links_[link].latency;
  route.bandwidth = std::min(route.bandwidth, links_[link].bandwidth);
  return cache_->failed[link] == 0;
}

PlatformRoute Platform::make_route(NodeId from, NodeId to) const {
  PlatformRoute route;
  if (from == to) return route;
  const std::optional<Route> between = cache_->routes.route(node(from).vertex, node(to).vertex);
  bool open = between.has_value() && crosses_access(from, route);
  if (open) {
    route.links.insert(route.links.end(), between->links.begin(), between->links.end());
    route.latency += between->latency;
    route.bandwidth = std::min(route.bandwidth, between->bandwidth);
    open = crosses_access(to, route);
  }
  if (!open) return {.latency = never, .bandwidth = 0, .links = {}, .reachable = false};
  route.links.shrink_to_fit();
  return route;
}

std::vector<Hop> Platform::hops(NodeId from, NodeId to) const {
  std::vector<Hop> found;
  VertexId here = node(from).vertex;
  for (const PlatformLinkId id : route(from, to).links) {
    bool forward = found.empty() && access_link(from) == id;
    if (id < graph_->links().size()) {
      const Link& edge = graph_->link(id);
      forward = edge.from == here;
      here = edge.other_end(here);
    }
    found.push_back({id, forward});
  }
  return found;
}

void Platform::reroute(std::span<const PlatformLinkId> failed) {
  std::vector<LinkId> of_graph;
  std::ranges::fill(cache_->failed, 0);
  for (const PlatformLinkId link : failed) {
    EVENKEEL_CHECK(link < links_.size(), "no such link");
    cache_->failed[link] = 1;
    if (link < graph_->links().size()) of_graph.push_back(link);
  }
  cache_->routes = Routes(*graph_, of_graph);
  cache_->by_pair.clear();
  cache_->found.clear();
}

}  // namespace evenkeel

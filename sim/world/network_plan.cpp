// Walks the route of every pair of nodes and notes at each place where it goes on.
//
// A table by destination can follow the platform's routes, since a route's rest is a route itself:
// of the shortest paths from u to v, the platform takes the one with the lowest last place p before
// v, then likewise before p. Let it cross w. The last places of shortest paths from w to v are
// among those from u to v, and p is one of them, hence the lowest; and so on, back to w.
#include "sim/world/network_plan.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t all_places = 10u << 24;
constexpr unsigned place_length = 24;
constexpr std::uint32_t router_number = 254;
static_assert(NetworkPlan::max_nodes < router_number);
static_assert(NetworkPlan::max_links + NetworkPlan::max_nodes < 1u << (place_length - 8));

[[noreturn]] void refuse(const std::string& what) {
  throw UserError(what + "; leave out --netns to emulate the network in user space");
}

class Planner {
 public:
  explicit Planner(const Platform& platform) : platform_(platform) {}

  NetworkPlan plan() &&;

 private:
  using Step = std::pair<VertexId, VertexId>;  // at a place, on the way to another

  void walk_routes();
  void walk(NodeId from, NodeId to);
  void number_routers();
  void join_nodes();
  void join_places();
  void fill_tables();
  void add_wire(Wire wire);

  std::size_t graph_links() const { return platform_.graph().links().size(); }
  Space& router(VertexId place) { return plan_.spaces[routers_.at(place)]; }
  Subnet subnet(VertexId place) { return {router(place).address & ~0xffu, place_length}; }

  const Platform& platform_;
  std::set<LinkId> used_links_;
  std::map<Step, LinkId> steps_;
  std::set<NodeId> reached_;
  std::map<VertexId, SpaceId> routers_;  // by place
  NetworkPlan plan_;
};

void Planner::walk(NodeId from, NodeId to) {
  const PlatformRoute& route = platform_.route(from, to);
  if (!route.reachable) return;
  if (route.links.size() > NetworkPlan::max_hops)
    refuse(
        fmt::format("from '{}' to '{}' there are {} links; network namespaces carry packets "
                    "over at most {}",
                    platform_.node(from).name, platform_.node(to).name, route.links.size(),
                    NetworkPlan::max_hops));
  reached_.insert(to);
  const VertexId end = platform_.node(to).vertex;
  VertexId at = platform_.node(from).vertex;
  for (const PlatformLinkId link : route.links) {
    if (link >= graph_links()) continue;  // an access link
    used_links_.insert(link);
    const auto [step, fresh] = steps_.emplace(Step{at, end}, link);
    EVENKEEL_CHECK(fresh || step->second == link, "two ways on from one place to another");
    at = platform_.graph().link(link).other_end(at);
    routers_.emplace(at, 0);
  }
}

void Planner::walk_routes() {
  for (std::uint32_t from = 0; from < platform_.size(); ++from) {
    routers_.emplace(platform_.node(NodeId{from}).vertex, 0);
    for (std::uint32_t to = 0; to < platform_.size(); ++to)
      if (from != to) walk(NodeId{from}, NodeId{to});
    if (used_links_.size() > NetworkPlan::max_links)
      refuse(
          fmt::format("the nodes' routes use more than {} links, too many for network namespaces",
                      NetworkPlan::max_links));
  }
}

void Planner::number_routers() {
  plan_.spaces.resize(platform_.size());
  for (auto& [place, space] : routers_) {
    const auto number = static_cast<std::uint32_t>(plan_.spaces.size() - platform_.size());
    space = static_cast<SpaceId>(plan_.spaces.size());
    plan_.spaces.push_back({.address = all_places + (number << (32 - place_length)) + router_number,
                            .forwards = true});
  }
}

void Planner::add_wire(Wire wire) {
  if (wire.bandwidth < NetworkPlan::least_bandwidth)
    refuse(fmt::format("the link '{}' has {} bit/s; network namespaces need at least {}",
                       platform_.links()[*wire.link].name, wire.bandwidth,
                       NetworkPlan::least_bandwidth));
  const auto number = static_cast<std::uint32_t>(plan_.wires.size());
  for (const Wire::End& end : {wire.from, wire.to})
    plan_.spaces[end.space].devices.push_back({end.device, number});
  plan_.wires.push_back(std::move(wire));
}

void Planner::join_nodes() {
  std::map<VertexId, std::uint32_t> at_place;
  for (SpaceId id = 0; id < platform_.size(); ++id) {
    const PlatformNode& node = platform_.node(NodeId{id});
    plan_.spaces[id].address = subnet(node.vertex).address + ++at_place[node.vertex];
    add_wire({.from = {id, "uplink"},
              .to = {routers_.at(node.vertex), fmt::format("node{}", id)},
              .link = platform_.access_link(NodeId{id}),
              .latency = node.access.latency,
              .bandwidth = node.access.bandwidth});
  }
}

void Planner::join_places() {
  for (const LinkId id : used_links_) {
    const Link& link = platform_.graph().link(id);
    const std::string device = fmt::format("link{}", id);
    add_wire({.from = {routers_.at(link.from), device},
              .to = {routers_.at(link.to), device},
              .link = id,
              .latency = link.latency,
              .bandwidth = link.bandwidth});
  }
}

// Reachability is mutual: a node that nobody reaches has nobody to send to.
void Planner::fill_tables() {
  for (const NodeId node : reached_) {
    Space& space = plan_.spaces[index(node)];
    space.routes.push_back({{.address = 0, .length = 0}, "uplink"});
    router(platform_.node(node).vertex)
        .routes.push_back({{.address = space.address}, fmt::format("node{}", index(node))});
  }
  for (const auto& [step, link] : steps_)
    router(step.first).routes.push_back({subnet(step.second), fmt::format("link{}", link)});
}

NetworkPlan Planner::plan() && {
  if (platform_.size() > NetworkPlan::max_nodes)
    refuse(fmt::format("the platform has {} nodes; network namespaces are made for at most {}",
                       platform_.size(), NetworkPlan::max_nodes));
  walk_routes();
  number_routers();
  join_nodes();
  join_places();
  fill_tables();
  return std::move(plan_);
}

}  // namespace

NetworkPlan plan_network(const Platform& platform) { return Planner(platform).plan(); }

std::string to_string(const Subnet& subnet) {
  const std::uint32_t a = subnet.address;
  std::string text = fmt::format("{}.{}.{}.{}", a >> 24, a >> 16 & 0xff, a >> 8 & 0xff, a & 0xff);
  return subnet.length == 32 ? text : text + fmt::format("/{}", subnet.length);
}

}  // namespace evenkeel

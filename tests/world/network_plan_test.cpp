// Planned networks: packets walked through the tables, and the words by hand.
#include "sim/world/network_plan.h"

#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "models/runtime/random.h"
#include "models/runtime/user_error.h"
#include "sim/topology/builder.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

const Wire::End& other_end(const Wire& wire, SpaceId space) {
  return wire.from.space == space ? wire.to : wire.from;
}

/// The device for an address: of the entries that cover it, the one with the longest prefix.
std::string device_for(const Space& space, std::uint32_t address) {
  const Space::Entry* best = nullptr;
  for (const Space::Entry& entry : space.routes)
    if (entry.to.covers(address) && (best == nullptr || entry.to.length > best->to.length))
      best = &entry;
  return best == nullptr ? "" : best->device;
}

const Wire& wire_at(const NetworkPlan& plan, const Space& space, const std::string& device) {
  for (const Space::Device& candidate : space.devices)
    if (candidate.name == device) return plan.wires.at(candidate.wire);
  throw std::logic_error("no device " + device);
}

struct Walk {
  bool arrives = false;
  std::vector<PlatformLinkId> links = {};
};

Walk walk(const NetworkPlan& plan, SpaceId from, SpaceId to) {
  Walk walk;
  for (SpaceId at = from; walk.links.size() <= 1000;) {
    if (at == to) return {.arrives = true, .links = walk.links};
    const std::string device = device_for(plan.spaces[at], plan.spaces[to].address);
    if (device.empty() || (at != from && !plan.spaces[at].forwards)) return walk;
    const Wire& wire = wire_at(plan, plan.spaces[at], device);
    if (wire.link) walk.links.push_back(*wire.link);
    at = other_end(wire, at).space;
  }
  return walk;
}

void expect_walks_are_routes(const Platform& platform) {
  const NetworkPlan plan = plan_network(platform);
  for (std::uint32_t from = 0; from < platform.size(); ++from)
    for (std::uint32_t to = 0; to < platform.size(); ++to) {
      const PlatformRoute& route = platform.route(NodeId{from}, NodeId{to});
      const Walk taken = walk(plan, from, to);
      ASSERT_EQ(taken.arrives, route.reachable) << from << " to " << to;
      if (!taken.arrives) continue;
      ASSERT_EQ(taken.links, route.links) << from << " to " << to;
    }
}

/// Nodes at random places, some of them with access links.
Platform random_platform(Graph graph, std::size_t nodes, std::uint64_t seed) {
  Random random(seed);
  std::vector<PlatformNode> all;
  for (std::size_t i = 0; i < nodes; ++i) {
    all.push_back({.name = "node " + std::to_string(i),
                   .vertex = static_cast<VertexId>(random.below(graph.places().size()))});
    if (random.below(2) == 0) all.back().access = {.latency = milliseconds{1}, .bandwidth = 1e6};
  }
  return {std::move(graph), std::move(all)};
}

struct Shape {
  std::size_t places, links;
  std::uint64_t latencies = 10;  // 0 .. n-1 ms; with few of them, most pairs have many best routes
};

Graph random_graph(const Shape& shape, std::uint64_t seed, RouteBy rule = RouteBy::latency) {
  Random random(seed);
  GraphBuilder builder{LinkDefaults{}};
  builder.route_by(rule);
  for (std::size_t i = 0; i < shape.places; ++i) builder.add({.name = "p" + std::to_string(i)});
  for (std::size_t i = 0; i < shape.links; ++i)
    builder.link({.from = static_cast<VertexId>(random.below(shape.places)),
                  .to = static_cast<VertexId>(random.below(shape.places)),
                  .latency = milliseconds{random.below(shape.latencies)},
                  .bandwidth = 1e6});
  return std::move(builder).build();
}

Graph line(std::size_t places, double bandwidth = 1e6) {
  GraphBuilder builder{LinkDefaults{}};
  for (std::size_t i = 0; i < places; ++i) builder.add({.name = "p" + std::to_string(i)});
  for (VertexId i = 1; i < places; ++i)
    builder.link({.from = i - 1, .to = i, .latency = milliseconds{2}, .bandwidth = bandwidth});
  return std::move(builder).build();
}

Graph ring(std::size_t places) {
  GraphBuilder builder{LinkDefaults{}};
  const auto n = static_cast<VertexId>(places);
  for (VertexId i = 0; i < n; ++i) builder.add({.name = "p" + std::to_string(i)});
  for (VertexId i = 0; i < n; ++i)
    builder.link({.from = i, .to = (i + 1) % n, .latency = milliseconds{1}, .bandwidth = 1e6});
  return std::move(builder).build();
}

std::vector<PlatformNode> nodes_at(const std::vector<VertexId>& places) {
  std::vector<PlatformNode> nodes;
  for (const VertexId place : places)
    nodes.push_back({.name = "n" + std::to_string(nodes.size()), .vertex = place});
  return nodes;
}

std::string refusal(const Platform& platform) {
  try {
    plan_network(platform);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(NetworkPlan, LeadsPacketsAlongThePlatformsRoutes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const RouteBy rule : {RouteBy::latency, RouteBy::links}) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      expect_walks_are_routes(random_platform(random_graph({30, 45}, seed, rule), 40, seed));
    }
}

TEST(NetworkPlan, LeadsPacketsAlongThePlatformsRoutesWhereManyAreEqual) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const RouteBy rule : {RouteBy::latency, RouteBy::links}) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      expect_walks_are_routes(random_platform(random_graph({25, 70, 3}, seed, rule), 30, seed));
    }
}

TEST(NetworkPlan, LeadsPacketsAroundFailedLinks) {
  Platform platform = random_platform(random_graph({20, 50}, 1), 20, 1);
  const std::vector<PlatformLinkId> failed{
      platform.route(NodeId{0}, NodeId{1}).links.front(),
      static_cast<PlatformLinkId>(platform.links().size() - 1)};  // an access link
  platform.reroute(failed);
  expect_walks_are_routes(platform);
}

TEST(NetworkPlan, GivesEachSpaceAnAddressOfItsOwn) {
  const NetworkPlan plan = plan_network(random_platform(random_graph({60, 200}, 3), 200, 3));
  std::set<std::uint32_t> addresses;
  for (const Space& space : plan.spaces) addresses.insert(space.address);
  EXPECT_EQ(addresses.size(), plan.spaces.size());
}

TEST(NetworkPlan, JoinsSpacesByDevicesOfDistinctShortNames) {
  const NetworkPlan plan = plan_network(random_platform(random_graph({60, 200}, 3), 200, 3));
  for (SpaceId id = 0; id < plan.spaces.size(); ++id) {
    std::set<std::string> names{"lo"};
    for (const Space::Device& device : plan.spaces[id].devices) {
      const Wire& wire = plan.wires[device.wire];
      EXPECT_TRUE(names.insert(device.name).second) << device.name;
      EXPECT_LE(device.name.size(), 15u);
      EXPECT_EQ((wire.from.space == id ? wire.from : wire.to).device, device.name);
    }
  }
}

TEST(NetworkPlan, MakesRoutersOnlyWhereANodeIsOrARouteCrosses) {
  const NetworkPlan plan = plan_network({line(10), nodes_at({2, 4})});
  ASSERT_EQ(plan.spaces.size(), 2u + 3u);
  EXPECT_FALSE(plan.spaces[1].forwards);
  EXPECT_TRUE(plan.spaces[2].forwards);
  EXPECT_EQ(plan.wires.size(), 2u + 2u);
}

TEST(NetworkPlan, NumbersPlacesAndNodesInOrder) {
  const NetworkPlan plan = plan_network({ring(300), nodes_at({0, 299, 0, 40, 80, 120, 160, 200})});
  const auto address = [&](SpaceId id) { return to_string({.address = plan.spaces[id].address}); };
  EXPECT_EQ(address(0), "10.0.0.1");
  EXPECT_EQ(address(2), "10.0.0.2");
  EXPECT_EQ(address(3), "10.0.40.1");
  EXPECT_EQ(address(8), "10.0.0.254");  // the first router
  EXPECT_EQ(address(1), "10.1.43.1");   // 299 = 256 + 43
}

TEST(NetworkPlan, RefusesTooManyNodes) {
  const std::vector<VertexId> places(NetworkPlan::max_nodes + 1, 0);
  EXPECT_EQ(refusal({line(2), nodes_at(places)}),
            "the platform has 201 nodes; network namespaces are made for at most 200; leave out "
            "--netns to emulate the network in user space");
}

TEST(NetworkPlan, TakesAsManyNodesAsItSaysEvenAtOnePlace) {
  const std::vector<VertexId> places(NetworkPlan::max_nodes, 0);
  expect_walks_are_routes({line(2), nodes_at(places)});
}

TEST(NetworkPlan, RefusesTooManyLinksInUse) {
  GraphBuilder builder{LinkDefaults{}};
  std::vector<VertexId> places;
  for (VertexId i = 0; i < 50; ++i) places.push_back(builder.add({.name = std::to_string(i)}));
  for (VertexId from = 0; from < 50; ++from)
    for (VertexId to = 0; to < from; ++to)
      builder.link({.from = from, .to = to, .latency = milliseconds{1}, .bandwidth = 1e6});
  EXPECT_THAT(refusal({std::move(builder).build(), nodes_at(places)}),
              HasSubstr("the nodes' routes use more than 1000 links"));  // of 1,225
}

TEST(NetworkPlan, LeavesOutLinksThatNoRouteUses) {
  EXPECT_EQ(plan_network({line(5000), nodes_at({0, 1, 2})}).wires.size(), 3u + 2u);
}

TEST(NetworkPlan, RefusesRoutesThatPacketsDoNotOutlive) {
  expect_walks_are_routes({line(251), nodes_at({0, 250})});
  EXPECT_THAT(refusal({line(252), nodes_at({0, 251})}),
              HasSubstr("from 'n0' to 'n1' there are 251 links"));
}

TEST(NetworkPlan, RefusesALinkTooSlowToShape) {
  EXPECT_THAT(refusal({line(2, 999), nodes_at({0, 1})}),
              HasSubstr("the link 'p0--p1' has 999 bit/s"));
  EXPECT_EQ(refusal({line(2, 1000), nodes_at({0, 1})}), "");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// p0 --2 ms, 8 Mbit/s-- p1, node n0 at p0 with 4 ms of access, n1 at p1 with none.
NetworkPlan small_plan(double bandwidth = 8e6) {
  std::vector<PlatformNode> nodes = nodes_at({0, 1});
  nodes[0].access.latency = milliseconds{4};
  return plan_network({line(2, bandwidth), std::move(nodes)});
}

TEST(NetworkBatch, MakesOneLineAWire) {
  const std::vector<std::string> files{"/n0", "/n1", "/r0", "/r1"};
  const std::string how = "address 02:00:00:00:00:01 arp off mtu 1500";
  const auto wire = [&](const std::string& from, const std::string& to) {
    return "link add name " + from + " " + how + " type veth peer name " + to + " " + how;
  };
  EXPECT_THAT(lines_of(wires_batch(small_plan(), files)),
              ElementsAre(wire("uplink netns /n0", "node0 netns /r0"),
                          wire("uplink netns /n1", "node1 netns /r1"),
                          wire("link0 netns /r0", "link0 netns /r1")));
}

TEST(NetworkBatch, GivesANodeItsAddressAndOneWayOut) {
  EXPECT_THAT(lines_of(routes_batch(small_plan().spaces[0])),
              ElementsAre("link set dev lo up", "link set dev uplink up",
                          "address add 10.0.0.1/32 dev uplink", "route add 0.0.0.0/0 dev uplink"));
}

TEST(NetworkBatch, GivesARouterItsTable) {
  EXPECT_THAT(lines_of(routes_batch(small_plan().spaces[2])),
              ElementsAre("link set dev lo up", "link set dev node0 up", "link set dev link0 up",
                          "address add 10.0.0.254/32 dev lo", "route add 10.0.0.1 dev node0",
                          "route add 10.0.1.0/24 dev link0"));
}

// 8 Mbit/s are 1,000 bytes a ms: bursts of a frame and 1 ms, a queue of 1 s beyond.
TEST(NetworkBatch, ShapesByRateAlone) {
  const NetworkPlan plan = small_plan();
  EXPECT_THAT(lines_of(shaping_batch(plan, plan.spaces[2], {.rates = true})),
              ElementsAre("qdisc add dev link0 root handle 2: tbf rate 8000000bit burst 2600 "
                          "limit 1002600"));
  EXPECT_EQ(shaping_batch(plan, plan.spaces[0], {.rates = true}), "");
}

TEST(NetworkBatch, ShapesByDelayAlone) {
  const NetworkPlan plan = small_plan();
  EXPECT_THAT(lines_of(shaping_batch(plan, plan.spaces[2], {.delays = true})),
              ElementsAre("qdisc add dev node0 root handle 1: netem delay 4000.000us limit 100000",
                          "qdisc add dev link0 root handle 1: netem delay 2000.000us limit "
                          "100000"));
}

TEST(NetworkBatch, PutsTheRateBehindTheDelay) {
  const NetworkPlan plan = small_plan();
  EXPECT_THAT(lines_of(shaping_batch(plan, plan.spaces[3], {.rates = true, .delays = true})),
              ElementsAre("qdisc add dev link0 root handle 1: netem delay 2000.000us limit 100000",
                          "qdisc add dev link0 parent 1:1 handle 2: tbf rate 8000000bit burst "
                          "2600 limit 1002600"));
}

TEST(NetworkBatch, BoundsQueuesOfSlowAndFastLinks) {
  const NetworkPlan slow = small_plan(8e3), fast = small_plan(1e11), beyond = small_plan(1e12);
  const KernelShaping rates{.rates = true};
  EXPECT_THAT(shaping_batch(slow, slow.spaces[2], rates), HasSubstr("burst 1601 limit 65601\n"));
  EXPECT_THAT(shaping_batch(fast, fast.spaces[2], rates),
              HasSubstr("rate 100000000000bit burst 12501600 limit 28501600\n"));
  EXPECT_EQ(shaping_batch(beyond, beyond.spaces[2], rates), "");
}

TEST(NetworkBatch, ShapesNothingWhereTheKernelCannot) {
  const NetworkPlan plan = small_plan();
  for (const Space& space : plan.spaces) EXPECT_EQ(shaping_batch(plan, space, {}), "");
}

}  // namespace
}  // namespace evenkeel
